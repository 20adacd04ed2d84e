import { describe, expect, test } from 'vitest'
import { isAllowed, judgeAddress } from '../../../src/transport/webhooks/judge-address.ts'

const kinds = {
  public: ['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808', '::8.8.8.8'],
  private: ['10.1.2.3', '172.16.0.1', '192.168.1.1', '100.64.0.1', 'fd12:3456::1', '::ffff:10.0.0.1', '64:ff9b::a00:1'],
  loopback: ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'],
  forbidden: [
    // Link-local, as it is, mapped, compatible and translated.
    '169.254.169.254',
    '169.254.0.1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::169.254.169.254',
    '::ffff:0:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::169.254.1.1',
    '64:ff9b:1::a9fe:a9fe',
    '64:ff9b:1:a9fe:a9:fe00::8.8.8.8',
    '2002:a9fe:a9fe::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
    // Metadata that is not link-local.
    'fd00:ec2::254',
    'fd00:0ec2:0:0:0:0:0:254',
    '100.100.100.200',
    '::ffff:100.100.100.200',
    '64:ff9b::6464:64c8',
    // Nobody's.
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    'ff02::1',
    '192.0.2.1',
    '198.18.0.1',
    '240.0.0.1',
    '2001:db8::1',
    '::',
    'localhost',
    '',
  ],
} as const

describe('An address', () => {
  test.each(Object.entries(kinds).flatMap(([kind, all]) => all.map((address) => [kind, address] as const)))(
    'is %s: %s',
    (kind, address) => expect(judgeAddress(address)).toBe(kind),
  )

  test('may be private, or of this machine, where that is allowed; a forbidden one never', () => {
    const everything = { allowPrivate: true, allowLoopback: true }
    const nothing = { allowPrivate: false, allowLoopback: false }
    for (const address of kinds.public) expect(isAllowed(address, nothing)).toBe(true)
    for (const address of kinds.private) {
      expect(isAllowed(address, { ...everything, allowPrivate: false })).toBe(false)
      expect(isAllowed(address, { ...nothing, allowPrivate: true })).toBe(true)
    }
    for (const address of kinds.loopback) {
      expect(isAllowed(address, { ...everything, allowLoopback: false })).toBe(false)
      expect(isAllowed(address, { ...nothing, allowLoopback: true })).toBe(true)
    }
    for (const address of kinds.forbidden) expect(isAllowed(address, everything)).toBe(false)
  })
})

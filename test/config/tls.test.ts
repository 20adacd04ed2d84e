import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkConfig } from '../../src/config/check-config.ts'
import { readTextFile } from '../../src/config/reading.ts'
import { certificates } from '../support/certificates.ts'
import { adapters, changed, configOf, mistakesOf, planted } from './documents.ts'

const { authority, gateway, renewed, expired } = certificates
/** The key of `gateway`, with a passphrase. */
const encrypted = `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${'A'.repeat(64)}\n-----END ENCRYPTED PRIVATE KEY-----\n`
const files = {
  cert: gateway.cert,
  key: gateway.key,
  ca: authority.cert,
  'other-key': renewed.key,
  'expired-cert': expired.cert,
  'encrypted-key': encrypted,
  nonsense: 'planted-nonsense',
}
const folder = mkdtempSync(join(tmpdir(), 'config-tls-'))
beforeAll(() => {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode: 0o600 })
})
afterAll(() => rmSync(folder, { recursive: true }))

const at = (name: string) => join(folder, name)
const withTls = (tls: Record<string, unknown>) => changed((d) => (d.server.tls = tls))
const pair = { cert: at('cert'), key: at('key') }

test('a certificate, its key and an authority are read from their files, which are watched', () => {
  const document = withTls({ ...pair, clientCa: at('ca') })
  const { tls } = configOf(document, planted, readTextFile).server
  expect(tls).toMatchObject({ cert: gateway.cert, clientCa: authority.cert })
  expect(tls?.key.reveal()).toBe(gateway.key)
  expect(JSON.stringify(tls)).not.toContain('PRIVATE KEY')
  const { files: watched } = checkConfig(document, planted, { adapters })
  expect(watched).toEqual([at('cert'), at('key'), at('ca')])
})

test.each([
  ['no key', { cert: at('cert') }, 'server.tls.key is missing'],
  [
    'a file that is not there',
    { ...pair, key: at('nothing') },
    'server.tls.key names a file that cannot be read (ENOENT)',
  ],
  [
    'what is no certificate',
    { ...pair, cert: at('nonsense') },
    'server.tls.cert names a file without a certificate in PEM',
  ],
  ['what is no key', { ...pair, key: at('nonsense') }, 'server.tls.key names a file without a private key in PEM'],
  [
    'a key with a passphrase',
    { ...pair, key: at('encrypted-key') },
    'server.tls.key names a file without a private key',
  ],
  [
    'the key of another certificate',
    { ...pair, key: at('other-key') },
    'server.tls.key is not the key of the certificate',
  ],
  [
    'what is no authority',
    { ...pair, clientCa: at('nonsense') },
    'server.tls.clientCa names a file without a certificate',
  ],
  ['an unknown member', { ...pair, passphrase: 'planted' }, 'server.tls.passphrase is not known'],
])('%s is a mistake, and no word of a file is shown', (_what, tls, says) => {
  const mistakes = mistakesOf(withTls(tls), planted, readTextFile)
  expect(mistakes).toEqual([expect.stringContaining(says)])
  expect(mistakes.join()).not.toContain('planted-')
})

test('one is warned of a certificate that has expired, and of a key that every user can read', () => {
  const warningsOf = (tls: Record<string, unknown>) => {
    const result = checkConfig(withTls(tls), planted, { adapters })
    return 'config' in result ? result.config.warnings : result.mistakes
  }
  expect(warningsOf(pair)).toEqual([])
  expect(warningsOf({ ...pair, cert: at('expired-cert') })).toEqual(['server.tls.cert has expired: callers refuse it'])
  chmodSync(at('key'), 0o644)
  expect(warningsOf(pair)).toEqual(['server.tls.key names a file that every user of this machine can read: chmod o-r'])
})

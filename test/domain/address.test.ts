import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressMatcher, callerAddress, canonicalAddress, parseAddressBlock } from '../../src/domain/ip-address.ts'

describe('addressMatcher', () => {
  const matches = addressMatcher(['10.0.0.0/8', '192.168.7.9/32', '2001:db8::/32', '::1/128'])

  test.each([
    '10.0.0.0',
    '10.255.255.255',
    '192.168.7.9',
    '::ffff:10.1.2.3',
    '::FFFF:10.1.2.3',
    '::ffff:0a01:0203',
    '0:0:0:0:0:ffff:a01:203',
    '2001:db8::1',
    '2001:0DB8:0000:0000:0000:0000:0000:0001',
    '::1',
  ])('holds %s', (address) => {
    expect(matches(address)).toBe(true)
  })

  test.each([
    '11.0.0.0',
    '9.255.255.255',
    '192.168.7.8',
    '::10.1.2.3',
    '64:ff9b::10.1.2.3',
    '64:ff9b::a01:203',
    '2002:a01:203::',
    '::ffff:11.1.2.3',
    '2001:db9::1',
    '::2',
    '::',
    '0.0.0.1',
  ])('does not hold %s', (address) => {
    expect(matches(address)).toBe(false)
  })

  test.each([
    '',
    ' ',
    '10.1.2',
    '10.1.2.3.4',
    '010.1.2.3',
    '0x0a.1.2.3',
    '167838211',
    '10.1.2.3 ',
    '10.1.2.3:80',
    '[::1]',
    '::ffff:10.1.2',
    '::ffff:',
    'localhost',
    'unknown',
    '10.1.2.3\0',
    '10.1.2.3/8',
    '1'.repeat(10_240),
    '::ffff:'.repeat(2_000),
  ])('takes %j for no address', (text) => {
    expect(matches(text)).toBe(false)
    expect(canonicalAddress(text)).toBeUndefined()
  })

  test('ignores the zone of a link-local address', () => {
    expect(addressMatcher(['fe80::/10'])('fe80::1%eth0')).toBe(true)
  })

  test('keeps the families apart: all of IPv6 holds no IPv4, mapped or not, and the other way round', () => {
    const [v4, v6] = [addressMatcher(['0.0.0.0/0']), addressMatcher(['::/0'])]
    for (const address of ['1.2.3.4', '::ffff:1.2.3.4']) {
      expect([v4(address), v6(address)]).toEqual([true, false])
    }
    expect([v4('2001:db8::1'), v6('2001:db8::1')]).toEqual([false, true])
  })

  test('takes a mapped block for the IPv4 block that it is', () => {
    const inTen = addressMatcher(['::ffff:10.0.0.0/104'])
    expect([inTen('10.9.9.9'), inTen('::ffff:10.9.9.9'), inTen('11.0.0.1')]).toEqual([true, true, false])
  })

  test('holds nothing without blocks, and refuses what is no block', () => {
    expect(addressMatcher([])('10.1.2.3')).toBe(false)
    expect(() => addressMatcher(['10.0.0.0'])).toThrow(RangeError)
  })

  test('agrees with arithmetic for any IPv4 block and address', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff })
    const dotted = (n: number) => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.')
    fc.assert(
      fc.property(
        word,
        fc.integer({ min: 0, max: 32 }),
        word,
        fc.integer({ min: 0, max: 32 }),
        (base, prefix, other, kept) => {
          // Addresses near the block are as frequent as others.
          const flip = kept === 32 ? 0 : other >>> kept
          const address = (base ^ flip) >>> 0
          const inside = prefix === 0 || base >>> (32 - prefix) === address >>> (32 - prefix)
          const block = addressMatcher([`${dotted(base)}/${prefix}`])
          expect(block(dotted(address))).toBe(inside)
          expect(block(`::ffff:${dotted(address)}`)).toBe(inside)
        },
      ),
    )
  })

  test('answers the same when asked again, however many others were asked between', () => {
    const inTen = addressMatcher(['10.0.0.0/8'])
    for (let round = 0; round < 2; round++) {
      for (let n = 0; n < 3_000; n++) expect(inTen(`${n % 2 === 0 ? 10 : 11}.0.${n >> 8}.${n & 255}`)).toBe(n % 2 === 0)
    }
  })

  test('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.ipV6(), fc.ipV4Extended()), (text) => void matches(text)))
  })
})

describe('parseAddressBlock', () => {
  test.each([
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '::1/129',
    '::1',
    'fe80::%1/64',
    '::ffff:10.0.0.0/95',
    '/8',
    '*',
    '',
    '10.0.0.0/255.0.0.0',
  ])('refuses %j', (text) => {
    expect(parseAddressBlock(text)).toBeUndefined()
  })
})

describe('callerAddress', () => {
  const isTrusted = addressMatcher(['10.0.0.0/8', 'fd00::/8'])
  const proxy = '10.0.0.1'

  test.each([
    ['a direct caller', '203.0.113.9', undefined, '203.0.113.9'],
    ['a direct caller that forges the header', '203.0.113.9', '192.0.2.1', '203.0.113.9'],
    ['a mapped socket', '::ffff:203.0.113.9', '192.0.2.1', '203.0.113.9'],
    ['a proxy without a header', proxy, undefined, proxy],
    ['a proxy with an empty header', proxy, ' ', proxy],
    ['one proxy', proxy, '203.0.113.9', '203.0.113.9'],
    ['a mapped proxy', '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['an IPv6 proxy and caller', 'fd00::1', '2001:DB8:0::9', '2001:db8::9'],
    ['a forged left-most entry', proxy, '192.0.2.1, 203.0.113.9', '203.0.113.9'],
    ['two proxies', proxy, '192.0.2.1, 203.0.113.9, 10.0.0.7', '203.0.113.9'],
    ['nothing but proxies', proxy, '10.0.0.9,10.0.0.7', '10.0.0.9'],
    ['two headers', proxy, ['192.0.2.1', '203.0.113.9, 10.0.0.7'], '203.0.113.9'],
    ['garbage left of the deciding entry', proxy, 'garbage, unknown, 203.0.113.9', '203.0.113.9'],
    ['a port, as Azure writes it', proxy, '192.0.2.1, 203.0.113.9:4711', '203.0.113.9'],
    ['a proxy with a port', proxy, '203.0.113.9:4711, 10.0.0.7:80', '203.0.113.9'],
    ['IPv6 in brackets', proxy, '[2001:db8::9]', '2001:db8::9'],
    ['IPv6 in brackets with a port', proxy, '[2001:DB8::9]:4711', '2001:db8::9'],
    ['tabs and spaces', proxy, '\t203.0.113.9 \t, 10.0.0.7 ', '203.0.113.9'],
  ])('%s', (_name, socket, header, caller) => {
    expect(callerAddress(socket, header, isTrusted)).toBe(caller)
  })

  test.each([
    ['unknown', 'unknown'],
    ['a hidden name', '_hidden'],
    ['something behind the port', '203.0.113.9:4711x'],
    ['a port of six digits', '203.0.113.9:471100'],
    ['a bracket that is open', '[2001:db8::9'],
    ['quotes', '"203.0.113.9"'],
    ['an empty entry', '203.0.113.9,'],
    ['only commas', ',,,'],
    ['garbage right of an address', '203.0.113.9, garbage'],
    ['garbage left of proxies', 'garbage, 10.0.0.7'],
    ['10 KB of one entry', 'a'.repeat(10_240)],
    ['10 KB of commas', ','.repeat(10_240)],
    ['more proxies than are read', Array(40).fill('10.0.0.7').join(',')],
    ['10 KB of proxies', '10.0.0.7,'.repeat(1_138)],
  ])('knows no caller behind a proxy that sends %s', (_name, header) => {
    expect(callerAddress(proxy, header, isTrusted)).toBeUndefined()
  })

  test('knows no caller without a socket address', () => {
    expect(callerAddress(undefined, '203.0.113.9', isTrusted)).toBeUndefined()
    expect(callerAddress('garbage', '203.0.113.9', () => true)).toBeUndefined()
  })

  test('what a caller writes into the header never matters: the proxy puts the real address behind it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (forged) => {
        expect(callerAddress(proxy, `${forged}, 203.0.113.9`, isTrusted)).toBe('203.0.113.9')
        expect(callerAddress(proxy, [forged, '203.0.113.9, 10.0.0.7'], isTrusted)).toBe('203.0.113.9')
      }),
    )
  })
})

import { BlockList, isIPv4, isIPv6, SocketAddress } from 'node:net'

/** A CIDR block. Bits of `address` behind the prefix have no meaning. */
export type AddressBlock = {
  readonly address: string
  readonly prefix: number
  readonly family: 'ipv4' | 'ipv6'
}

/** More entries than this in one `X-Forwarded-For` are not read: the caller is then unknown. */
const maxHops = 32
const maxAnswers = 1_000
const longestAddress = 45
const mappedPrefix = '::ffff:'
/** The bits of an IPv4-mapped IPv6 address before the IPv4 address. */
const mappedBits = 96

/**
 * An address in its one canonical form: IPv4-mapped IPv6 as IPv4, IPv6 lower-case and shortened, no zone. `undefined`
 * for anything else than an address. Other ways of embedding IPv4 (`::10.1.2.3`, `64:ff9b::/96`) stay IPv6.
 */
export function canonicalAddress(text: string): string | undefined {
  if (isIPv4(text)) return text
  // The form that sockets of a listener for both families give; no need to parse it.
  const mapped = mappedAddress(text)
  if (mapped !== undefined) return mapped
  if (!isIPv6(text)) return undefined
  const { address } = new SocketAddress({ address: text, family: 'ipv6' })
  return mappedAddress(address) ?? address
}

function mappedAddress(text: string): string | undefined {
  const tail = text.startsWith(mappedPrefix) ? text.slice(mappedPrefix.length) : ''
  return isIPv4(tail) ? tail : undefined
}

/** Reads a CIDR block (`10.0.0.0/8`, `::1/128`); an address without a prefix is none. */
export function parseAddressBlock(text: string): AddressBlock | undefined {
  const [, base, digits] = /^([0-9A-Fa-f.:]{2,45})\/(0|[1-9]\d{0,2})$/.exec(text) ?? []
  const address = canonicalAddress(base ?? '')
  if (base === undefined || address === undefined) return undefined
  const family = isIPv4(address) ? 'ipv4' : 'ipv6'
  const prefix = family === 'ipv4' && isIPv6(base) ? Number(digits) - mappedBits : Number(digits)
  return prefix >= 0 && prefix <= (family === 'ipv4' ? 32 : 128) ? { address, prefix, family } : undefined
}

/**
 * Makes a test for addresses inside any of the blocks. What is no address is inside none. Throws a RangeError when a
 * block is none: the configuration has checked them.
 */
export function addressMatcher(cidrs: readonly string[]): (address: string) => boolean {
  // One list per family: a single one would let `::/0` match IPv4 too.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const cidr of cidrs) {
    const block = parseAddressBlock(cidr)
    if (block === undefined) throw new RangeError('not a CIDR block')
    lists[block.family].addSubnet(block.address, block.prefix, block.family)
  }
  return remembering((text) => {
    const address = canonicalAddress(text)
    if (address === undefined) return false
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    return lists[family].check(address, family)
  })
}

/** A gateway has few callers, and each request asks twice: answers are kept, of short texts only and not many. */
function remembering(matches: (address: string) => boolean): (address: string) => boolean {
  const answers = new Map<string, boolean>()
  return (address) => {
    const known = answers.get(address)
    if (known !== undefined) return known
    const answer = matches(address)
    if (answers.size >= maxAnswers) answers.clear()
    if (address.length <= longestAddress) answers.set(address, answer)
    return answer
  }
}

/**
 * Who calls: the socket's address or, when that is a trusted proxy's, the right-most untrusted entry of
 * `X-Forwarded-For`, with or without a port; the left-most one when all are trusted. Entries left of it are the caller's own
 * claim and are not looked at. `undefined`, so that nothing can be allowed, when the deciding entry is no address (`unknown`,
 * garbage) or lies behind more than 32 proxies.
 */
export function callerAddress(
  socketAddress: string | undefined,
  forwardedFor: string | readonly string[] | undefined,
  isTrustedProxy: (address: string) => boolean,
): string | undefined {
  let caller = canonicalAddress(socketAddress ?? '')
  if (caller === undefined || !isTrustedProxy(caller)) return caller
  const header = typeof forwardedFor === 'string' ? forwardedFor : (forwardedFor ?? []).join(',')
  if (header.trim() === '') return caller
  let end = header.length
  for (let hop = 0; end >= 0; hop++) {
    const start = header.lastIndexOf(',', end - 1)
    caller = hop < maxHops ? forwardedAddress(header.slice(start + 1, end).trim()) : undefined
    if (caller === undefined || !isTrustedProxy(caller)) return caller
    end = start
  }
  return caller
}

/** `203.0.113.9:4711` and `[2001:db8::9]:4711`: some proxies write the port behind the address. */
const withPort = /^(?:\[([0-9A-Fa-f:.]+)\]|(\d[\d.]*))(?::\d{1,5})?$/

function forwardedAddress(entry: string): string | undefined {
  const bare = canonicalAddress(entry)
  if (bare !== undefined) return bare
  const [, ipv6, ipv4 = ''] = withPort.exec(entry) ?? []
  return canonicalAddress(ipv6 ?? ipv4)
}

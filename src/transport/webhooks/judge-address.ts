import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js'

/** Where an address leads. `forbidden`: nobody may be sent there, whatever is configured. */
export type AddressKind = 'public' | 'private' | 'loopback' | 'forbidden'

/** Clouds tell machines their credentials there; the usual `169.254.169.254` is link-local anyway. */
const metadata: ReadonlySet<string> = new Set(['100.100.100.200', 'fd00:ec2::254'])
/** The last 32 bits of these are an IPv4 address, to which a network may lead. */
const withIPv4: ReadonlySet<string> = new Set(['ipv4Mapped', 'rfc6145', 'rfc6052'])
const ofNetworks: ReadonlySet<string> = new Set(['private', 'uniqueLocal', 'carrierGradeNat', 'deprecatedSiteLocal'])

/** Judges an address by the registries of IANA; mapped and translated forms by the address that is in them. */
export function judgeAddress(text: string): AddressKind {
  if (!ipaddr.isValid(text)) return 'forbidden'
  const address = ipaddr.parse(text)
  if (address.kind() === 'ipv6' && withIPv4.has(address.range())) return judgeIPv4In(address as IPv6)
  return judge(address)
}

function judge(address: IPv4 | IPv6): AddressKind {
  const range = address.range()
  if (metadata.has(address.toString())) return 'forbidden'
  if (range === 'unicast') return 'public'
  if (range === 'loopback') return 'loopback'
  return ofNetworks.has(range) ? 'private' : 'forbidden'
}

function judgeIPv4In(address: IPv6): AddressKind {
  // A prefix that a network uses as it likes: where in it the other address is cannot be told.
  if (address.match(ipaddr.IPv6.parse('64:ff9b:1::'), localPrefixBits)) return 'forbidden'
  return judge(new ipaddr.IPv4(address.toByteArray().slice(-ipv4Bytes)))
}

const localPrefixBits = 48
const ipv4Bytes = 4

export type Allowed = { readonly allowPrivate: boolean; readonly allowLoopback: boolean }

export function isAllowed(address: string, { allowPrivate, allowLoopback }: Allowed): boolean {
  const kind = judgeAddress(address)
  return kind === 'public' || (kind === 'private' && allowPrivate) || (kind === 'loopback' && allowLoopback)
}

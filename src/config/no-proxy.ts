import { isIP } from 'node:net'
import { addressMatcher, parseAddressBlock } from '../domain/ip-address.ts'

/**
 * Whether `NO_PROXY` names where a URL leads: `*`, a name (which stands for all below it too), an address or a CIDR block,
 * each with a port or without; separated by commas or spaces.
 */
export function isExempt(to: URL, noProxy: string): boolean {
  const host = withoutBrackets(to.hostname).toLowerCase()
  const port = to.port || (to.protocol === 'https:' ? '443' : '80')
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry === '*' || names(entry, host, port))
}

/** A port stands behind a name or an IPv4 address, or behind an IPv6 address in brackets. */
const withPort = /^([^:]+|\[.*\]):(\d+)$/

function names(entry: string, host: string, port: string): boolean {
  const [, before = entry, entryPort = port] = withPort.exec(entry) ?? []
  const name = withoutBrackets(before)
  if (name === '' || entryPort !== port) return false
  if (isIP(host) === 0) {
    const domain = name.replace(/^\*?\./, '')
    return host === domain || host.endsWith(`.${domain}`)
  }
  const block = isIP(name) === 0 ? name : `${name}/${isIP(name) === 4 ? 32 : 128}`
  return parseAddressBlock(block) !== undefined && addressMatcher([block])(host)
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}

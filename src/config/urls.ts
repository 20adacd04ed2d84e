import { addressMatcher } from '../domain/ip-address.ts'

const isLoopbackAddress = addressMatcher(['127.0.0.0/8', '::1/128'])

/** Reads an `http:` or `https:` URL without user name, password, query and fragment. */
export function parseHttpUrl(text: string): URL | undefined {
  const url = URL.parse(text)
  if (url === null || !/^https?:\/\//i.test(text) || !['http:', 'https:'].includes(url.protocol)) return undefined
  // The text is asked too: a URL object forgets an empty query, fragment or user name.
  return /[?#@\s\\]/.test(text) || url.username !== '' || url.password !== '' ? undefined : url
}

/** Whether a URL or a host stays on this machine: 127.0.0.0/8, ::1 or localhost. */
export function isLoopback({ hostname }: Pick<URL, 'hostname'>): boolean {
  return hostname === 'localhost' || isLoopbackAddress(hostname.replace(/^\[(.*)\]$/, '$1'))
}

/** The URL as the gateway puts paths behind it. */
export function withoutTrailingSlash({ origin, pathname }: URL): string {
  // eslint-disable-next-line regexp/no-super-linear-move -- the operator's own text
  return origin + pathname.replace(/\/+$/, '')
}

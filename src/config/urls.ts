import { addressMatcher } from '../domain/ip-address.ts'

const isLoopbackAddress = addressMatcher(['127.0.0.0/8', '::1/128'])

/** Reads an `http:` or `https:` URL without user name, password, query and fragment. */
export function parseHttpUrl(text: string): URL | undefined {
  const url = URL.parse(text)
  if (url === null || !/^https?:\/\//i.test(text) || !['http:', 'https:'].includes(url.protocol)) return undefined
  // The text is asked too: a URL object forgets an empty query, fragment or user name.
  return /[?#@\s\\]/.test(text) || url.username !== '' || url.password !== '' ? undefined : url
}

/** Whether a URL stays on this machine: 127.0.0.0/8, ::1 or localhost. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || isLoopbackAddress(hostname.replace(/^\[(.*)\]$/, '$1'))
}

/** The URL as the gateway puts paths behind it. */
export function withoutTrailingSlash({ origin, pathname }: URL): string {
  return origin + pathname.replace(/\/+$/, '')
}

const node = '(?:[^,/?]*@)?(?:\\[[0-9A-Fa-f:.]+\\]|[^\\s:@,/?[\\]]+)(?::\\d{1,5})?'
const nodesOf = (scheme: string) => `${scheme}${node}(?:,+(?:${scheme})?${node})*`
const database = '(?:/\\d{0,4})?'
const options = '(?:\\?.*)?'
const forms = ['redis://', 'rediss://'].flatMap((scheme) => {
  const sentinels = scheme.replace(':', '\\+sentinel:')
  return [
    new RegExp(`^${nodesOf(scheme)}${database},*${options}$`),
    new RegExp(`^${nodesOf(sentinels)}/[^\\s,/?]+${database}${options}$`),
  ]
})

/**
 * Whether a text has one of the forms of `REDIS_URL`: a server, a cluster's nodes, sentinels and their master. What the
 * store can read has one; the store may still find a mistake that the form does not show.
 */
export function isRedisUrl(text: string): boolean {
  return forms.some((form) => form.test(text.trim()))
}

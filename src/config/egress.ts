import { isIP } from 'node:net'
import { type Static, Type } from 'typebox'
import type { Environment } from './environment.ts'
import type { Path } from './mistakes.ts'
import { isExempt } from './no-proxy.ts'
import type { Sound } from './read-shape.ts'
import type { Reading } from './reading.ts'
import { Secret } from './secret.ts'

/** The way out of this network: at the top for all accounts, and at an account for that one. */
export const EgressSchema = Type.Object(
  {
    proxy: Type.Optional(
      Type.String({
        description:
          'http://host:port (or https://), with user name and password where the proxy wants them; none: straight.',
      }),
    ),
    localAddress: Type.Optional(
      Type.String({ description: 'The address of this machine that connections are made from.' }),
    ),
  },
  { default: {} },
)

/** How connections to a provider leave. `proxy`: a URL, which may hold a password; what is sent goes through it by CONNECT. */
export type Egress = { readonly proxy: Secret | undefined; readonly localAddress: string | undefined }

type Given = Sound<Static<typeof EgressSchema>>

/** Notes what is wrong with `egress`, at the top or at an account. */
export function checkEgress({ proxy, localAddress }: Given, path: Path, { mistakes }: Reading): void {
  if (proxy !== undefined && proxy !== straight && parseProxy(proxy) === undefined)
    mistakes.add([...path, 'proxy'], badProxy)
  if (localAddress !== undefined && isIP(localAddress) === 0)
    mistakes.add([...path, 'localAddress'], 'must be an IP address of this machine, such as 10.1.0.7')
}

/** For an account beside which a proxy stands at the top, or in the environment. */
const straight = 'none'
const badProxy =
  'must be a URL such as http://proxy.example.com:3128 (or https://…) without path and query, or none; SOCKS is not spoken here'

/** What the ways of all accounts are made of: `egress` at the top, and the environment. */
export type Ways = { readonly top: Given; readonly environment: Partial<Environment> }

/** The way to one account's provider: what stands at the account, else at the top, else in the environment. */
export function egressOf(account: Given, { top, environment }: Ways, baseUrl: string, reading: Reading): Egress {
  const proxy = account.proxy ?? top.proxy ?? proxyOfEnvironment(environment, new URL(baseUrl), reading)
  const url = proxy === undefined || proxy === straight ? undefined : parseProxy(proxy)
  return { proxy: url && new Secret(url.href), localAddress: account.localAddress ?? top.localAddress }
}

/** `HTTPS_PROXY` is for https:// addresses. */
function proxyOfEnvironment(
  { HTTPS_PROXY, NO_PROXY = '' }: Ways['environment'],
  to: URL,
  { mistakes }: Reading,
): string | undefined {
  if (HTTPS_PROXY === undefined || to.protocol !== 'https:' || isExempt(to, NO_PROXY)) return undefined
  // Other programs take it without its scheme too.
  const text = HTTPS_PROXY.includes('://') ? HTTPS_PROXY : `http://${HTTPS_PROXY}`
  if (parseProxy(text) === undefined) mistakes.add(['HTTPS_PROXY'], badProxy)
  return text
}

function parseProxy(text: string): URL | undefined {
  const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null
  return url === null || url.pathname !== '/' || /[?#\s\\]/.test(text) || !isDecodable(url) ? undefined : url
}

/** User name and password are sent as they are meant, not as a URL spells them. */
function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password)
    return true
  } catch {
    return false
  }
}

import type { FailureCause } from '../domain/failure.ts'

/** What the codes of errors say of a provider that is out of reach: those of the system, of TLS, and of proxies on the way. */

/** What is wrong with a certificate does not mend itself. */
const ofCertificates = /CERT|SIGNATURE|ISSUER|ALTNAME|SELF_SIGNED|SSL|TLS/
const ofProxies = 'PROXY_'

/** For an operator. `proxy`: `host:port`, where there is one on the way. */
export function adviceOnReach(cause: string, proxy: string | undefined): string {
  if (cause.startsWith(ofProxies)) return `The proxy ${proxy} opens no way there: check egress.proxy, or HTTPS_PROXY.`
  if (ofCertificates.test(cause))
    return 'Its certificate, or that of a proxy on the way, was not accepted: a person has to see to it.'
  if (cause === 'EADDRNOTAVAIL') return 'egress.localAddress is no address of this machine.'
  return 'Check its base URL, the name service, and the way out of this network.'
}

/** For the caller: what the code says of the proxy on the way; nothing where it is not the proxy's. */
export function atProxy(cause = ''): { readonly because?: FailureCause } {
  if (!cause.startsWith(ofProxies)) return {}
  const status = /^PROXY_HTTP_(\d{3})$/.exec(cause)?.[1]
  if (status === undefined) return { because: 'proxyAway' }
  // Tinyproxy answers 401 to wrong credentials, and 407 where there are none.
  if (status === '407' || status === '401') return { because: 'proxyCredentials' }
  return { because: status.startsWith('5') ? 'proxyCannotReach' : 'proxyRefuses' }
}

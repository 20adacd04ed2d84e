import { describe, expect, test } from 'vitest'
import { adviceOnReach, atProxy } from '../../src/providers/reach-advice.ts'

describe('what the code of an error says of the proxy on the way', () => {
  test.each([
    ['PROXY_HTTP_407', 'proxyCredentials'],
    ['PROXY_HTTP_401', 'proxyCredentials'],
    ['PROXY_HTTP_403', 'proxyRefuses'],
    ['PROXY_HTTP_302', 'proxyRefuses'],
    ['PROXY_HTTP_500', 'proxyCannotReach'],
    ['PROXY_HTTP_502', 'proxyCannotReach'],
    ['PROXY_HTTP_504', 'proxyCannotReach'],
    ['PROXY_ECONNREFUSED', 'proxyAway'],
    ['PROXY_CERT_HAS_EXPIRED', 'proxyAway'],
    ['PROXY_TIMEOUT', 'proxyAway'],
  ])('%s: %s', (cause, because) => {
    expect(atProxy(cause)).toEqual({ because })
  })

  test.each(['ECONNREFUSED', 'CERT_HAS_EXPIRED', undefined])('%s: nothing', (cause) => {
    expect(atProxy(cause)).toEqual({})
  })
})

test.each([
  ['PROXY_HTTP_407', 'proxy.example.com:3128', /proxy\.example\.com:3128 .*egress\.proxy, or HTTPS_PROXY/],
  ['PROXY_CERT_HAS_EXPIRED', 'proxy.example.com:3128', /proxy\.example\.com:3128/],
  ['CERT_HAS_EXPIRED', undefined, /a person has to see to it/],
  ['EADDRNOTAVAIL', undefined, /egress\.localAddress/],
  ['ENOTFOUND', undefined, /name service/],
])('an operator is told where to look: %s', (cause, proxy, advice) => {
  expect(adviceOnReach(cause, proxy)).toMatch(advice)
})

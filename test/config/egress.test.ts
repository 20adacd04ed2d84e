import { describe, expect, test } from 'vitest'
import { isExempt } from '../../src/config/no-proxy.ts'
import { type Change, changed, configOf, mistakesOf, planted } from './documents.ts'

const password = 'planted-proxy-password'
const ofFile = `http://gateway:${password}@proxy.example.com:3128`
const ofEnvironment = 'http://10.0.0.9:8080'

function wayOf(change: Change, env: Record<string, string> = {}) {
  const { proxy, localAddress } =
    configOf(changed(change), { ...planted, ...env }).accounts.get('apple-main')?.egress ?? {}
  return { proxy: proxy?.reveal(), localAddress }
}

describe('the way to a provider', () => {
  const cases: [string, Change, Record<string, string>, { proxy?: string; localAddress?: string }][] = [
    ['straight, where nothing is said', () => {}, {}, {}],
    ['by the proxy at the top', (d) => (d.egress = { proxy: ofFile }), {}, { proxy: `${ofFile}/` }],
    [
      'by the proxy at the account before that at the top',
      (d) => {
        d.egress = { proxy: ofFile, localAddress: '10.1.0.7' }
        d.accounts['apple-main'].egress = { proxy: 'http://other:1' }
      },
      {},
      { proxy: 'http://other:1/', localAddress: '10.1.0.7' },
    ],
    [
      'straight where the account says none',
      (d) => {
        d.egress = { proxy: ofFile }
        d.accounts['apple-main'].egress = { proxy: 'none', localAddress: '::1' }
      },
      { HTTPS_PROXY: ofEnvironment },
      { localAddress: '::1' },
    ],
    ['by HTTPS_PROXY', () => {}, { HTTPS_PROXY: ofEnvironment }, { proxy: `${ofEnvironment}/` }],
    ['by https_proxy', () => {}, { https_proxy: ofEnvironment }, { proxy: `${ofEnvironment}/` }],
    ['by HTTPS_PROXY without its scheme', () => {}, { HTTPS_PROXY: 'proxy:3128' }, { proxy: 'http://proxy:3128/' }],
    [
      'by the file before the environment',
      (d) => (d.egress = { proxy: ofFile }),
      { HTTPS_PROXY: ofEnvironment },
      { proxy: `${ofFile}/` },
    ],
    ['straight where NO_PROXY names it', () => {}, { HTTPS_PROXY: ofEnvironment, NO_PROXY: 'apple.example' }, {}],
    ['straight where no_proxy names it', () => {}, { HTTPS_PROXY: ofEnvironment, no_proxy: '*' }, {}],
    [
      'straight over http, which HTTPS_PROXY is not for',
      (d) => (d.accounts['apple-main'].baseUrl = 'http://127.0.0.1:9103'),
      { HTTPS_PROXY: 'http://proxy:1' },
      {},
    ],
    ['by a variable', (d) => (d.egress = { proxy: `\${PROXY}` }), { PROXY: ofFile }, { proxy: `${ofFile}/` }],
  ]
  test.each(cases)('%s', (_name, change, env, way) => {
    expect(wayOf(change, env)).toEqual({ proxy: undefined, localAddress: undefined, ...way })
  })
})

test.each<[name: string, change: Change, env: Record<string, string>, place: string]>([
  ['a SOCKS proxy', (d) => (d.egress = { proxy: `socks5://u:${password}@p:1080` }), {}, 'egress.proxy must be a URL'],
  ['no URL', (d) => (d.egress = { proxy: `p:1080:${password}` }), {}, 'egress.proxy must be a URL'],
  ['a path', (d) => (d.egress = { proxy: `${ofFile}/way` }), {}, 'egress.proxy must be a URL'],
  ['a broken escape', (d) => (d.egress = { proxy: `http://u:%zz${password}@p:1` }), {}, 'egress.proxy must be a URL'],
  [
    'at an account',
    (d) => (d.accounts['apple-main'].egress = { proxy: password }),
    {},
    'accounts.apple-main.egress.proxy must be a URL',
  ],
  ['a local name', (d) => (d.egress = { localAddress: 'eth0' }), {}, 'egress.localAddress must be an IP address'],
  ['another member', (d) => (d.egress = { proxies: [] }), {}, 'egress.proxies is not known; the keys here are proxy'],
  ['the environment', () => {}, { HTTPS_PROXY: `socks5://u:${password}@p` }, 'HTTPS_PROXY must be a URL'],
])('a way that cannot be gone is refused at its place, and shown to nobody: %s', (_name, change, env, place) => {
  const mistakes = mistakesOf(changed(change), { ...planted, ...env })
  expect(mistakes).toHaveLength(1)
  expect(mistakes[0]).toContain(place)
  expect(mistakes[0]).not.toContain(password)
})

test('a proxy and its password are in no text of the configuration', () => {
  const config = configOf(changed((d) => (d.egress = { proxy: ofFile })))
  expect(JSON.stringify([...config.accounts])).not.toContain(password)
  expect(`${config.accounts.get('apple-main')?.egress.proxy}`).not.toContain(password)
})

describe('NO_PROXY', () => {
  test.each<[entries: string, url: string, exempt: boolean]>([
    ['', 'https://api.example.com', false],
    [' , ', 'https://api.example.com', false],
    ['*', 'https://api.example.com', true],
    ['api.example.com', 'https://api.example.com', true],
    ['example.com', 'https://api.example.com', true],
    ['.example.com', 'https://api.example.com', true],
    ['*.example.com', 'https://api.example.com', true],
    ['.example.com', 'https://example.com', true],
    ['ample.com', 'https://example.com', false],
    ['API.Example.COM', 'https://api.example.com', true],
    ['other.com, example.com', 'https://api.example.com', true],
    ['other.com example.com', 'https://api.example.com', true],
    ['example.com:443', 'https://api.example.com', true],
    ['example.com:443', 'https://api.example.com:8443', false],
    ['example.com:8443', 'https://api.example.com:8443', true],
    ['10.0.0.0/8', 'https://10.2.3.4', true],
    ['10.0.0.0/8', 'https://11.2.3.4', false],
    ['10.2.3.4', 'https://10.2.3.4', true],
    ['10.2.3.4:443', 'https://10.2.3.4:444', false],
    ['fd00::/8', 'https://[fd12::1]', true],
    ['[fd12::1]:443', 'https://[fd12::1]', true],
    ['fd12::1', 'https://[fd12:0::1]', true],
    ['fd12::1', 'https://[fd12::2]', false],
    ['10.0.0.0/99', 'https://10.2.3.4', false],
    ['4', 'https://10.2.3.4', false],
  ])('"%s" for %s: %s', (entries, url, exempt) => {
    expect(isExempt(new URL(url), entries)).toBe(exempt)
  })
})

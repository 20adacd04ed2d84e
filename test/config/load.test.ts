import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { environmentExample } from '../../src/config/environment.ts'
import { formatMistakes, loadConfig } from '../../src/config/load.ts'
import { registry } from '../../src/providers/registry.ts'
import { adapters, noFile, planted, validDocument } from './documents.ts'

const folder = mkdtempSync(join(tmpdir(), 'gateway-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

function mistakesIn(text: string, env: Record<string, string> = planted) {
  const result = loadConfig({ env: { ...env, GATEWAY_CONFIG: 'gateway.yaml' }, readFile: () => text, adapters })
  return 'mistakes' in result ? result.mistakes : []
}

describe('the file', () => {
  test('is read as JSON', () => {
    expect(mistakesIn(JSON.stringify(validDocument(), null, '\t'))).toEqual([])
  })

  test('is read from the disk, with the secrets beside it', () => {
    const [path, secret] = [join(folder, 'gateway.json'), join(folder, 'apple-key')]
    writeFileSync(path, JSON.stringify(validDocument()))
    writeFileSync(secret, `${planted.APPLE_KEY}\n`)
    const { APPLE_KEY: _, ...others } = planted
    const result = loadConfig({ env: { ...others, GATEWAY_CONFIG: path, APPLE_KEY_FILE: secret }, adapters })
    expect(result).toMatchObject({ files: [path, secret] })
    expect('config' in result && result.config.accounts.get('apple-main')?.credentials.key?.reveal()).toBe(
      planted.APPLE_KEY,
    )
  })

  test('that cannot be read is a mistake, and the environment is checked all the same', () => {
    const env = { GATEWAY_CONFIG: '/nowhere/gateway.yaml', PORT: 'x' }
    expect(loadConfig({ env, readFile: noFile })).toEqual({
      mistakes: [
        { place: 'GATEWAY_CONFIG', message: 'names a file that cannot be read (ENOENT)' },
        { place: 'PORT', message: 'must be a whole number from 0 to 65535' },
      ],
      files: ['/nowhere/gateway.yaml'],
    })
  })

  test.each(['', '# nothing but this', 'null'])('that holds nothing is one mistake: %j', (text) => {
    expect(mistakesIn(text)).toEqual([{ place: '(file)', message: 'must be a mapping of keys to values; it is empty' }])
  })

  test('with a syntax error is told by line, without a word of it', () => {
    const mistakes = mistakesIn('accounts:\n  a: { provider: apple, credentials: { key: *planted-in-file } }\n')
    expect(mistakes).toEqual([
      { place: 'line 2, column 45', message: expect.stringContaining('alias without an anchor') },
    ])
    expect(formatMistakes(mistakes)).not.toContain('planted')
  })
})

test('a file with five mistakes reports these five, each with its place', () => {
  const text = `
server: { trustedProxies: 1 }
accounts:
  apple-main: { provider: apple, credentials: { key: "\${APPLE_KEY}" }, baseUrl: http://apple.example }
  pear-in: { provider: pear, credentials: { login: "\${PEAR_LOGIN}", key: "\${NOT_SET}" } }
lists:
  newsletter:
    targets:
      - { account: apple-main, list: "4321" }
      - { account: plum, tag: newsletter }
clients:
  crm: { keys: [], networks: [], scopes: [imports], lists: ["*"], accounts: ["*"] }
`
  expect(formatMistakes(mistakesIn(text))).toBe(`The configuration has 5 problems:
  server.trustedProxies must be a list of CIDR blocks, never a number of hops
  accounts.apple-main.baseUrl must be https:// (or set allowInsecure: true): http:// is for this machine alone
  accounts.pear-in.credentials.key needs the variable NOT_SET (or NOT_SET_FILE), which is not set
  lists.newsletter.targets[1].account is no account of this file; there are: apple-main, pear-in
  clients.crm.networks must be a list of one or more CIDR blocks`)
})

describe('without a file', () => {
  test.each([{}, { GATEWAY_CONFIG: '' }, { NODE_ENV: 'development' }])('it is the sandbox: %j', (env) => {
    expect(loadConfig({ env, readFile: noFile })).toEqual({ sandbox: true })
  })

  test('it is an error in production', () => {
    expect(loadConfig({ env: { NODE_ENV: 'production' }, readFile: noFile })).toMatchObject({
      mistakes: [{ place: 'GATEWAY_CONFIG', message: expect.stringContaining('no sandbox in production') }],
    })
  })

  test('the environment is checked all the same', () => {
    expect(loadConfig({ env: { PORT: 'x' }, readFile: noFile })).toMatchObject({ mistakes: [{ place: 'PORT' }] })
  })
})

describe('docker/gateway.example.yaml, with the adapters that there are', () => {
  const path = fileURLToPath(new URL('../../docker/gateway.example.yaml', import.meta.url))
  const names = [...environmentExample().matchAll(/^# ([A-Z_]+)=$/gm)].map(([, name]) => String(name))
  const credentials = names.filter((name) => [...registry.keys()].some((id) => name.startsWith(`${id.toUpperCase()}_`)))
  const env = { ...Object.fromEntries(credentials.map((name) => [name, `value-of-${name}`])), GATEWAY_CONFIG: path }

  test('loads without a mistake or a warning, given the variables of .env.example', () => {
    const own = join(folder, 'example.yaml')
    copyFileSync(path, own)
    chmodSync(own, 0o600)
    const result = loadConfig({ env: { ...env, GATEWAY_CONFIG: own } })
    expect('mistakes' in result && formatMistakes(result.mistakes)).toBe(false)
    expect('config' in result && result.config.warnings).toEqual([])
  })

  test('has an account of every provider, and a list at all of them', () => {
    const result = loadConfig({ env })
    const config = 'config' in result ? result.config : undefined
    expect([...(config?.accounts.values() ?? [])].map(({ adapter }) => adapter.id)).toEqual([...registry.keys()])
    expect(config?.lists.get('newsletter')?.targets).toHaveLength(registry.size)
  })

  test('names every missing variable', () => {
    const result = loadConfig({ env: { GATEWAY_CONFIG: path } })
    const messages = 'mistakes' in result ? result.mistakes.map(({ message }) => message) : []
    expect(messages).toEqual(credentials.map((name) => expect.stringContaining(`needs the variable ${name} `)))
  })
})

test('no provider is named by the configuration: every adapter that there is can be configured', () => {
  for (const { settings, target } of registry.values()) {
    expect(Object.keys(target.properties)).not.toContain('account')
    expect(Object.keys(settings.properties)).not.toContain('provider')
  }
})

import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { checkConfig } from '../../src/config/load.ts'
import { defaultOctopushCredentials } from '../../src/simulators/octopush.ts'

const token = 'q7Zr0vX3mK9tB5yN'
const other = '8c1f0a3d5e7b9246'

function check(callbacks: unknown, { provider = 'octopush', env = {} }: { provider?: string; env?: object } = {}) {
  const credentials = provider === 'octopush' ? defaultOctopushCredentials : { authId: 'MA_1', authToken: 'some-token' }
  const clients = { crm: { keys: [], networks: ['::1/128'], scopes: ['imports'], lists: ['*'], accounts: ['*'] } }
  const document = { accounts: { sms: { provider, credentials, callbacks } }, clients }
  return checkConfig(document, { DATA_DIR: ':memory:', ...env })
}
const mistakesOf = (callbacks: unknown, options?: Parameters<typeof check>[1]) => {
  const checked = check(callbacks, options)
  return 'mistakes' in checked ? checked.mistakes.map(({ place, message }) => `${place} ${message}`) : []
}

describe('The callbacks of an account', () => {
  test.each([
    ['one token', token, [token]],
    ['a list of one', [token], [token]],
    ['a list of two, while one is exchanged for the other', [token, other], [token, other]],
  ])('take %s, and print none', (_name, given, tokens) => {
    const checked = check({ token: given, networks: ['203.0.113.0/24'] })
    if ('mistakes' in checked) throw new Error(JSON.stringify(checked.mistakes))
    const { callbacks } = checked.config.accounts.get('sms') ?? {}
    expect(callbacks?.tokens.map((secret) => secret?.reveal())).toEqual(tokens)
    expect(callbacks?.networks).toEqual(['203.0.113.0/24'])
    for (const text of [JSON.stringify(callbacks), inspect(callbacks, { depth: 9 })]) expect(text).not.toContain(token)
  })

  test('take a token out of a variable, of which nothing need be known; one that stands in the file is worth knowing', () => {
    const variable = `\${STOP_TOKEN}`
    const warnings = (given: unknown) => {
      const credentials = { apiLogin: 'someone', apiKey: variable }
      const clients = { crm: { keys: [], networks: ['::1/128'], scopes: ['imports'], lists: ['*'], accounts: ['*'] } }
      const document = {
        accounts: { sms: { provider: 'octopush', credentials, callbacks: { token: given } } },
        clients,
      }
      const checked = checkConfig(document, { DATA_DIR: ':memory:', STOP_TOKEN: token }, { file: import.meta.filename })
      return 'config' in checked ? checked.config.warnings.filter((one) => one.includes('callbacks')) : undefined
    }
    expect(warnings(variable)).toEqual([])
    expect(warnings([variable])).toEqual([])
    for (const literal of [token, [other, variable], [variable, other]])
      expect(warnings(literal)).toEqual([
        expect.stringMatching(/^accounts\.sms\.callbacks\.token\S* is written into the file/),
      ])
  })

  test.each([
    ['no token', {}, 'accounts.sms.callbacks.token is missing'],
    [
      'a token of 15 characters',
      { token: token.slice(1) },
      'accounts.sms.callbacks.token must be a token of 16 to 200',
    ],
    ['a token that a URL would change', { token: `${token}/+` }, 'accounts.sms.callbacks.token must be a token'],
    ['three tokens', { token: [token, other, `${other}3`] }, 'accounts.sms.callbacks.token must be a token'],
    ['an empty list', { token: [] }, 'accounts.sms.callbacks.token must be a token'],
    ['the same token twice', { token: [token, token] }, 'accounts.sms.callbacks.token has the same token twice'],
    ['one character again and again', { token: 'a'.repeat(32) }, 'accounts.sms.callbacks.token is a placeholder'],
    ['what is no network', { token, networks: ['203.0.113.7'] }, 'accounts.sms.callbacks.networks[0] must be a CIDR'],
    ['no network at all', { token, networks: [] }, 'accounts.sms.callbacks.networks must be a list of one or more'],
    ['another key', { token, url: 'https://x.example' }, 'accounts.sms.callbacks has a key that is not known'],
  ])('refuse %s, without showing a token', (_name, callbacks, mistake) => {
    const mistakes = mistakesOf(callbacks)
    expect(mistakes).toHaveLength(1)
    expect(mistakes[0]).toContain(mistake)
    expect(mistakes[0]).not.toContain(token.slice(1))
  })

  test('are refused on an account whose provider calls nobody', () => {
    const [mistake] = mistakesOf({ token }, { provider: 'vobiz' })
    expect(mistake).toContain('accounts.sms.callbacks is not known')
  })
})

import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { checkConfig } from '../../src/config/check-config.ts'
import { createStoreKey, parseStoreKeys, storeKeys } from '../../src/config/store-key.ts'
import { adapters, configOf, mistakesOf, planted, validDocument } from './documents.ts'

const key = randomBytes(32)
const forms = [
  key.toString('base64url'),
  `${key.toString('base64url')}=`,
  key.toString('hex'),
  key.toString('hex').toUpperCase(),
]

test.each(forms)('a key is read in each of its forms: %#', (text) => {
  expect(storeKeys(configOf(validDocument(), { ...planted, STORE_KEY: text }).storeKey)).toEqual([key])
})

test('a new key is one, and another each time', () => {
  const [one, other] = [createStoreKey(), createStoreKey()]
  expect(parseStoreKeys(`${one}, ${other}\n`)).toEqual({
    keys: [Buffer.from(one, 'base64url'), Buffer.from(other, 'base64url')],
  })
  expect(one).not.toBe(other)
})

const good = key.toString('hex')
const bad: [name: string, text: string, says: RegExp][] = [
  ['31 bytes', randomBytes(31).toString('hex'), /32 random bytes.*keys create-store-key.*openssl rand/],
  ['33 bytes', randomBytes(33).toString('base64url'), /32 random bytes/],
  ['a password', 'correct horse battery staple', /32 random bytes/],
  ['standard base64 with its own characters', `${'+/'.repeat(21)}A=`, /32 random bytes/],
  ['a repeated digit', '0'.repeat(64), /not ones that somebody made up/],
  ['a repeated word', Buffer.from('secret12'.repeat(4)).toString('hex'), /not ones that somebody made up/],
  ['an empty place in the list', `${good},`, /key 2 of 2/],
  ['the same key twice, in two forms', `${good},${key.toString('base64url')}`, /twice/],
]
test.each(bad)('%s is refused, with how to make one and without its value', (_name, text, says) => {
  const mistakes = mistakesOf(validDocument(), { ...planted, STORE_KEY: text }).join('\n')
  expect(mistakes).toMatch(/STORE_KEY/)
  expect(mistakes).toMatch(says)
  expect(mistakes).not.toContain(text.slice(0, 20))
})

test('it may come from a file, which is watched for a change', () => {
  const readFile = (path: string) => `${path === '/run/secrets/store-key' ? good : ''}\n`
  const env = { ...planted, STORE_KEY_FILE: '/run/secrets/store-key' }
  const checked = checkConfig(validDocument(), env, { readFile, adapters })
  if ('mistakes' in checked) throw new Error(JSON.stringify(checked.mistakes))
  expect(storeKeys(checked.config.storeKey)).toEqual([key])
  expect(checked.files).toContain('/run/secrets/store-key')
  expect(JSON.stringify(checked.config) + inspect(checked.config, { depth: 9 })).not.toContain(good)
})

test('that nothing is encrypted is said in production alone, where something is kept', () => {
  const warnings = (env: Record<string, string>) =>
    configOf(validDocument(), { ...planted, ...env }).warnings.filter((warning) => warning.startsWith('STORE_KEY'))
  expect(warnings({ NODE_ENV: 'production' })).toEqual([expect.stringContaining('stored unencrypted')])
  expect(warnings({ NODE_ENV: 'production', DATA_DIR: ':memory:', REDIS_URL: 'redis://redis' })).toHaveLength(1)
  expect(warnings({ NODE_ENV: 'production', DATA_DIR: ':memory:' })).toEqual([])
  expect(warnings({ NODE_ENV: 'production', STORE_KEY: good })).toEqual([])
  expect(warnings({})).toEqual([])
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lookAround } from '../../src/cli/check-online.ts'
import { createKey } from '../../src/config/client-directory.ts'
import { checkConfig } from '../../src/config/load.ts'
import type { GatewayConfig } from '../../src/config/schema.ts'
import { Secret } from '../../src/config/secret.ts'
import { createStoreKey, storeKeys } from '../../src/config/store-key.ts'
import type { Adapter } from '../../src/providers/adapter-port.ts'
import { registry } from '../../src/providers/registry.ts'
import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'
import { openStore } from '../../src/store/open-store.ts'
import { pigeon } from '../made-up/pigeon/index.ts'
import { createPigeonSimulator, pigeonCredentials } from '../made-up/pigeon-simulator.ts'
import { htmlPage } from '../providers/adapter-cases.ts'
import { type OddProvider, type Said, startOddProvider } from '../support/odd-provider.ts'
import { startRedis } from '../support/redis.ts'

/** What stands where a provider should be is asked whether it takes the credentials. */
let simulators: RunningSimulators
let provider: OddProvider
let said: Said
let config: GatewayConfig
beforeAll(async () => {
  simulators = await startSimulators()
  provider = await startOddProvider(() => said)
  const document = gatewayDocument(simulators)
  const accounts = Object.fromEntries(
    Object.entries(document.accounts).map(([id, account]) => [id, { ...(account as object), baseUrl: provider.url }]),
  )
  config = configOf({ ...document, accounts })
})
afterAll(async () => {
  await provider.close()
  await simulators.close()
})

function configOf(document: object, adapters: ReadonlyMap<string, Adapter> = registry): GatewayConfig {
  const client = {
    keys: [{ hash: createKey('crm').hash }],
    networks: ['127.0.0.0/8'],
    scopes: ['contacts:write'],
    lists: ['*'],
    accounts: ['*'],
  }
  const checked = checkConfig({ ...document, clients: { crm: client } }, { DATA_DIR: ':memory:' }, { adapters })
  if (!('config' in checked) || checked.config === undefined) throw new Error(JSON.stringify(checked))
  return checked.config
}

async function findings(answer: Said) {
  said = answer
  const all = await lookAround(config)
  return all.filter(({ what }) => what === 'octopush-fr' || what === 'vobiz-in')
}

test.each<[name: string, said: Said, says: RegExp]>([
  ['a page', { body: htmlPage }, /Check baseUrl/],
  ['a text', { body: 'OK' }, /Check baseUrl/],
  ['nothing', {}, /Check baseUrl/],
  ['204', { status: 204 }, /Check baseUrl/],
  ['null', { body: 'null' }, /Check baseUrl/],
  ['a text in JSON', { body: '"welcome"' }, /Check baseUrl/],
  ['another service', { body: { hello: 'world' } }, /Check baseUrl/],
  ['a service that is well', { body: { status: 'ok' } }, /Check baseUrl/],
  ['a page with 201', { status: 201, body: htmlPage }, /Check baseUrl/],
  ['a page with 404', { status: 404, body: htmlPage }, /Check baseUrl/],
  ['a success that is none', { body: { success: false, items: [], amount: 1 } }, /refuses the check/],
  ['an error', { body: { status: 'error', error: { code: 'INVALID_CREDENTIALS' }, items: [], amount: 1 } }, /refuses/],
  ['an error in an envelope', { body: { data: { status: 'error' }, items: [], amount: 1 } }, /refuses the check/],
  ['a refusal', { status: 401 }, /refuses the credentials/],
])('%s takes no credentials', async (_name, answer, says) => {
  for (const finding of await findings(answer)) {
    expect(finding).toMatchObject({ good: false })
    expect(finding.says).toMatch(says)
  }
})

test.each<[name: string, said: Said]>([
  ['as documented', { body: { items: [], amount: 1, unit: 'EUR' } }],
  ['with another code of the class', { status: 203, body: { items: [], amount: 1 } }],
  ['with a byte order mark', { body: `\ufeff${JSON.stringify({ items: [], amount: 1 })}` }],
])('the provider does: %s', async (_name, answer) => {
  for (const finding of await findings(answer)) expect(finding).toMatchObject({ good: true })
})

describe('a provider that gives tokens for credentials', () => {
  async function look(baseUrl: string, clientSecret = pigeonCredentials.clientSecret) {
    const account = { provider: 'pigeon', credentials: { ...pigeonCredentials, clientSecret }, baseUrl }
    const lists = { birds: { targets: [{ account: 'pigeon', list: 'birds' }] } }
    const all = await lookAround(configOf({ accounts: { pigeon: account }, lists }, new Map([[pigeon.id, pigeon]])))
    const found = all.find(({ what }) => what === 'pigeon')
    expect(JSON.stringify(all)).not.toMatch(new RegExp(`${clientSecret}|${pigeonCredentials.clientId}|a-token`))
    return found
  }
  const token = { body: { access_token: 'a-token', expires_in: 900 } }
  /** What it says to the question for a token, and then to the check. */
  async function lookAt(ofToken: Said, ofCheck: Said = {}) {
    const odd = await startOddProvider(({ path }) => (path === '/oauth/token' ? ofToken : ofCheck))
    try {
      return { found: await look(odd.url), asked: odd.asked().map(({ path }) => path) }
    } finally {
      await odd.close()
    }
  }

  test('takes them: it gives a token, and takes that', async () => {
    const simulator = createPigeonSimulator()
    await simulator.listen()
    expect(await look(simulator.baseUrl)).toMatchObject({ good: true, says: expect.stringContaining('takes the cred') })
    expect(simulator.requests().map(({ operation }) => operation)).toEqual(['token', 'list'])
    const refused = await look(simulator.baseUrl, 'another-secret')
    expect(refused).toMatchObject({ good: false, says: expect.stringMatching(/gives no token\. .*credentials/) })
    expect(simulator.contacts()).toEqual([])
    await simulator.close()
  })

  test.each<[name: string, ofToken: Said, says: RegExp]>([
    ['a refusal', { status: 401, body: { error: { code: 'invalid_client' } } }, /gives no token\. .*credentials/],
    ['a page', { body: htmlPage }, /gives no token/],
    ['no token', { body: { expires_in: 900 } }, /gives no token/],
    ['a token that is over', { body: { access_token: 'a-token', expires_in: 0 } }, /gives no token/],
    ['nothing there', { status: 404, body: htmlPage }, /gives no token/],
    ['a failure', { status: 503 }, /gives no token/],
  ])('%s instead of a token is said, and nothing else is asked', async (_name, ofToken, says) => {
    const { found, asked } = await lookAt(ofToken)
    expect(found).toMatchObject({ good: false, says: expect.stringMatching(says) })
    expect(asked).toEqual(['/oauth/token'])
  })

  test.each<[name: string, ofCheck: Said, says: RegExp]>([
    ['refused', { status: 401, body: { error: { code: 'token_expired' } } }, /refuses the credentials \(HTTP 401\)/],
    ['answered with a page', { body: htmlPage }, /Check baseUrl/],
    ['not there', { status: 404, body: htmlPage }, /Check baseUrl/],
  ])('a token that is given, and then %s, is no good', async (_name, ofCheck, says) => {
    const { found, asked } = await lookAt(token, ofCheck)
    expect(found).toMatchObject({ good: false, says: expect.stringMatching(says) })
    expect(asked).toEqual(['/oauth/token', '/members'])
  })
})

test('a Redis that was encrypted with another key is told, and one without a seal gets none', async () => {
  const redis = await startRedis()
  const [ours, theirs] = [createStoreKey(), createStoreKey()]
  const look = async (storeKey: string) => {
    const [store] = await lookAround({ ...config, redisUrl: new Secret(redis.url), storeKey: new Secret(storeKey) })
    return store
  }
  const isOk = { what: 'store', good: true }
  expect(await look(theirs)).toMatchObject(isOk)
  const store = await openStore({ redisUrl: redis.url, dataDir: '', keys: storeKeys(new Secret(ours)) })
  expect(await look(ours)).toMatchObject(isOk)
  const refused = await look(theirs)
  expect(refused).toMatchObject({ good: false, says: expect.stringMatching(/^STORE_KEY opens nothing in this store/) })
  await store.close()
  await redis.stop()
})

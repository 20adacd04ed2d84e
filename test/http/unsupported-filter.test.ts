import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { composeGateway, type Gateway } from '../../src/compose.ts'
import { createKey } from '../../src/config/client-directory.ts'
import { checkConfig } from '../../src/config/load.ts'
import type { Adapter } from '../../src/providers/adapter-port.ts'
import { vobiz } from '../../src/providers/vobiz/index.ts'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'
import type { Problem, ProviderAccounts } from '../support/answer-bodies.ts'

/** A provider that lists contacts and cannot search among them: no real one is known yet. */
const { listContacts } = vobiz.operations
if (listContacts === undefined) throw new Error('this provider lists no contacts')
const searchless: Adapter = {
  ...vobiz,
  operations: { ...vobiz.operations, listContacts: { ...listContacts, filters: ['tag'] } },
}

let simulators: RunningSimulators
let gateway: Gateway
let authorization: string
beforeAll(async () => {
  simulators = await startSimulators()
  const { key, hash } = createKey('crm')
  authorization = `Bearer ${key}`
  const { authId, authToken } = simulators.credentials.vobiz
  const document = {
    accounts: { a: { provider: 'vobiz', credentials: { authId, authToken }, baseUrl: simulators.vobiz.baseUrl } },
    lists: { l: { targets: [{ account: 'a', tag: 'l' }] } },
    clients: {
      crm: { keys: [{ hash }], networks: ['127.0.0.0/8'], scopes: ['contacts:read'], lists: ['*'], accounts: ['*'] },
    },
  }
  const checked = checkConfig(document, { DATA_DIR: ':memory:' }, { adapters: new Map([['vobiz', searchless]]) })
  if ('mistakes' in checked) throw new Error(JSON.stringify(checked.mistakes))
  gateway = await composeGateway(checked.config, pino({ level: 'silent' }), { version: '0.0.0-test', revision: 'none' })
  await gateway.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await gateway.close()
  await simulators.close()
})

const get = async <Body>(path: string) => {
  const response = await fetch(gateway.app.listeningOrigin + path, { headers: { authorization } })
  return { status: response.status, body: (await response.json()) as Body }
}

describe('a filter that the provider lacks', () => {
  test('is refused, never ignored, and the provider is not asked', async () => {
    const { status, body } = await get<Problem>('/contacts?search=jane&tag=vip')
    expect([status, body.code]).toEqual([422, 'unsupported-filter'])
    expect(body.errors).toEqual([
      { pointer: '#/query/search', code: 'unsupported_filter', detail: expect.stringContaining('search') },
    ])
    expect(simulators.vobiz.requests()).toEqual([])
  })

  test('is not needed for the others', async () => {
    expect((await get('/contacts?tag=vip')).status).toBe(200)
    const { body } = await get<ProviderAccounts>('/providers')
    expect(body.items[0]?.filters).toEqual(['tag'])
  })

  test('for lists means that the contacts of a list cannot be read', async () => {
    const { status, body } = await get<Problem>('/lists/l/contacts')
    expect([status, body.code]).toEqual([501, 'operation-not-supported'])
  })
})

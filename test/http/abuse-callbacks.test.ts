import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkConfig } from '../../src/config/load.ts'
import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'

/** No account, client or list can name a callback. That no request can is in abuse-input.test.ts. */
let simulators: RunningSimulators
beforeAll(async () => {
  simulators = await startSimulators()
})
afterAll(() => simulators?.close())

const hooks = { url: 'http://[::ffff:7f00:1]/', callbackUrl: 'http://169.254.169.254/latest/meta-data' }

test.each(['callbacks', 'webhooks', 'callbackUrl', 'webhookUrl', 'notify'])(
  '%s can be registered nowhere: the gateway connects to its accounts alone',
  (name) => {
    const { accounts, lists } = gatewayDocument(simulators)
    const key = `sha256:${'0'.repeat(64)}`
    const client = {
      keys: [{ hash: key }],
      networks: ['::1/128'],
      scopes: ['imports'],
      lists: ['*'],
      accounts: ['*'],
    }
    const document = { accounts, lists, clients: { crm: client } }
    const env = { DATA_DIR: ':memory:' }
    expect('config' in checkConfig(document, env)).toBe(true)
    const [list, account] = ['newsletter', 'vobiz-in'] as const
    const places: [place: string, document: unknown][] = [
      [name, { ...document, [name]: hooks }],
      [`server.${name}`, { ...document, server: { [name]: hooks } }],
      [`limits.${name}`, { ...document, limits: { [name]: hooks } }],
      [`clients.crm.${name}`, { ...document, clients: { crm: { ...client, [name]: hooks } } }],
      [`lists.newsletter.${name}`, { ...document, lists: { ...lists, [list]: { ...lists[list], [name]: hooks } } }],
      [
        `accounts.vobiz-in.${name}`,
        { ...document, accounts: { ...accounts, [account]: { ...accounts[account], [name]: hooks } } },
      ],
    ]
    for (const [place, bad] of places) {
      const checked = checkConfig(bad, env)
      expect('mistakes' in checked ? checked.mistakes.map(({ place }) => place) : []).toEqual([place])
    }
  },
)

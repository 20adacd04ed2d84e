import { afterAll, beforeAll, expect, test } from 'vitest'
import { lookAround } from '../../src/cli/check-online.ts'
import { createKey } from '../../src/config/client-directory.ts'
import { checkConfig } from '../../src/config/load.ts'
import type { GatewayConfig } from '../../src/config/schema.ts'
import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'
import { htmlPage } from '../providers/adapter-cases.ts'
import { type OddProvider, type Said, startOddProvider } from '../support/odd-provider.ts'

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
  const client = {
    keys: [{ hash: createKey('crm').hash }],
    networks: ['127.0.0.0/8'],
    scopes: ['contacts:write'],
    lists: ['*'],
    accounts: ['*'],
  }
  const checked = checkConfig({ ...document, accounts, clients: { crm: client } }, { DATA_DIR: ':memory:' })
  if (!('config' in checked) || checked.config === undefined) throw new Error(JSON.stringify(checked))
  config = checked.config
})
afterAll(async () => {
  await provider.close()
  await simulators.close()
})

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

import { expect, test } from 'vitest'
import { untilDone, upload } from '../support/import-calls.ts'
import { withImportStores } from '../support/with-import-stores.ts'

const rows = 40
const csv = [
  'name,email,phone',
  ...Array.from({ length: rows }, (_, row) => `P${row},p${row}@example.com,+9198200${70_000 + row}`),
].join('\n')

const changes = {
  accounts: { 'octopush-fr': { batchSize: 10, requestsPerSecond: 4, maxConcurrency: 2 } },
  clients: { shop: { scopes: ['imports', 'contacts:write'] }, boss: { scopes: ['imports', 'admin'] } },
}

withImportStores('an import in %s', { changes }, (gateway) => {
  const explained = (id: string, client = 'crm') =>
    gateway.call('GET', `/imports/${id}/explanation`, { key: gateway.key(client) })

  test('tells its calls by result, as many as came to the provider, and what held it back', async () => {
    const { octopush } = gateway.simulators
    octopush.setBehaviour({ status: 503, times: 2, match: { path: '/contact/create' } })
    const { id } = (await upload(gateway, { list: 'sms', csv })).body
    const queued = await explained(id)
    expect(queued.body).toMatchObject({ id, client: 'crm', list: 'sms', accounts: [{ account: 'octopush-fr' }] })
    const done = await untilDone(gateway, id)
    const { body } = await explained(id)
    expect(body.status).toBe(done.status)
    const [account] = body.accounts
    expect(account).toMatchObject({ account: 'octopush-fr', contacts: rows })
    const count = (result: string) =>
      account.calls
        .filter(
          (calls: { operation: string; result: string }) =>
            calls.operation === 'addContacts' && calls.result === result,
        )
        .reduce((sum: number, { attempts }: { attempts: number }) => sum + attempts, 0)
    expect([count('unavailable'), count('ok')]).toEqual([2, rows / 10])
    expect(count('unavailable') + count('ok')).toBe(
      octopush.requests().filter(({ path }) => path.includes('/contact/create')).length,
    )
    expect(Object.keys(account.waitedMs)).toEqual(['place', 'pace', 'breaker', 'priority', 'again', 'provider'])
    expect(account.waitedMs.pace + account.waitedMs.place).toBeGreaterThan(300)
    expect(account.waitedMs.again).toBeGreaterThan(0)
    expect(body.explanation.join('\n')).toContain('2 of its calls to octopush-fr (addContacts) ended with unavailable.')
    expect(JSON.stringify(body)).not.toMatch(/@example|98200/)
  })

  test('is explained to its own client and to admins, and to nobody else', async () => {
    const { id } = (await upload(gateway, { list: 'sms', csv: `${csv.split('\n').slice(0, 3).join('\n')}` })).body
    await untilDone(gateway, id)
    expect((await explained(id, 'shop')).status).toBe(404)
    expect((await explained(id, 'boss')).body.id).toBe(id)
    expect((await explained('8a7d2c1e-5b64-4c0f-9f5e-2f1d3a4b5c6d')).status).toBe(404)
  })
})

import { expect, test } from 'vitest'
import { upload } from '../support/import-calls.ts'
import { withImportStores } from '../support/with-import-stores.ts'

const people = Array.from(
  { length: 1_000 },
  (_, at) => `p${at}@example.com,P${at},+91982${String(at).padStart(7, '0')}`,
)
const csv = `email,name,phone\n${people.join('\n')}\n`

const changes = {
  accounts: { 'oblic-main': { maxConcurrency: 2 } },
  lists: { mail: { targets: [{ account: 'oblic-main', list: 'a459be9e-e6e5-11f0-967f-0af3f8fe5ae7' }] } },
  clients: { leaver: {}, stayer: {}, operator: {} },
}

withImportStores('with %s, a client that is taken out of the configuration', { per: 'test', changes }, (gateway) => {
  const begin = async (client: string) => {
    const { body } = await upload(gateway, { list: 'mail', csv, client })
    return body.id as string
  }
  const without =
    (client: string) =>
    ({ [client]: _, ...others }: Record<string, Record<string, unknown>>) =>
      others

  test('has its imports canceled, its streams ended, and nobody else is touched', async () => {
    const { oblic } = gateway.simulators
    oblic.setBehaviour({ latencyMs: 300 })
    const [id, other] = [await begin('leaver'), await begin('stayer')]
    const stream = await fetch(`${gateway.url}/imports/${id}/events`, {
      headers: { authorization: `Bearer ${gateway.key('leaver')}` },
    })
    await expect.poll(() => oblic.requestTotal()).toBeGreaterThan(0)
    gateway.changeClients(without('leaver'))
    const events = await stream.text()
    expect(events).not.toContain('event: done')
    await expect.poll(() => gateway.logged()).toContain('its import is canceled')
    const line =
      gateway
        .logged()
        .split('\n')
        .find((one) => one.includes('its import is canceled')) ?? '{}'
    expect(JSON.parse(line)).toMatchObject({ level: 40, event: 'import', importId: id, client: 'leaver', list: 'mail' })
    gateway.changeClients((clients) => clients)
    const canceled = (await gateway.call('GET', `/imports/${id}`, { key: gateway.key('leaver') })).body
    expect(canceled.status).toBe('canceled')
    expect(canceled.progress['oblic-main'].pending).toBeGreaterThan(0)
    const sent = oblic.requestTotal()
    const ended = async () =>
      (await gateway.call('GET', `/imports/${other}`, { key: gateway.key('stayer') })).body.status
    await expect.poll(ended).toBe('completed')
    expect(oblic.requestTotal()).toBeGreaterThan(sent)
    expect(oblic.contacts().length).toBeLessThanOrEqual(1_000)
  })

  test('or that loses its list alone, has its imports to that list canceled', async () => {
    gateway.simulators.oblic.setBehaviour({ latencyMs: 300 })
    const id = await begin('leaver')
    gateway.changeClients(({ leaver, ...others }) => ({ ...others, leaver: { ...leaver, lists: ['newsletter'] } }))
    const status = async () => (await gateway.call('GET', `/imports/${id}`, { key: gateway.key('leaver') })).body.status
    await expect.poll(status).toBe('canceled')
  })
})

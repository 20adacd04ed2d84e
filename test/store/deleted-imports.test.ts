import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { presentEvent } from '../../src/http/webhooks/present-event.ts'
import type { EventEndpoint } from '../../src/services/events/endpoints.ts'
import { startRelay } from '../../src/services/events/relay.ts'
import type { Store } from '../../src/services/store-port.ts'
import { openStore } from '../../src/store/open-store.ts'
import { importStores } from '../support/import-stores.ts'
import { testKeys } from '../support/sealed.ts'

const endpoint: EventEndpoint = {
  id: '0123456789abcdef',
  client: 'crm',
  url: 'https://crm.example/',
  place: 'clients.crm.webhooks[0]',
  entry: 'an entry',
  events: new Set(['import.finished']),
  addresses: false,
  mayUseAccount: () => true,
  send: async () => ({ status: 204 }),
}

async function endedImport({ imports }: Store): Promise<string> {
  const id = randomUUID()
  const draft = await imports.begin({
    id,
    client: 'crm',
    listId: 'newsletter',
    accounts: ['somewhere'],
    validateOnly: false,
    options: { onConflict: 'update', mapping: { Prénom: 'name' } },
    format: { header: ['Prénom'], warnings: [] },
    createdAt: new Date().toISOString(),
    request: 'request-of-import',
  })
  await draft.appendBlock(Buffer.from('rows'), 3)
  await draft.publish()
  await imports.cancel(id)
  return id
}

test.each(importStores)(
  'an import that is deleted before anybody carries its event is told all the same, once, with %s',
  async (_name, openFor) => {
    const under = await openFor()
    onTestFinished(under.close)
    const { REDIS_URL: redisUrl, DATA_DIR: dataDir = '' } = under.env
    const open = () => openStore({ dataDir, keys: testKeys, ...(redisUrl !== undefined && { redisUrl }) })
    const [store, other] = [await open(), await open()]
    onTestFinished(() => Promise.all([store.close(), other.close()]).then(() => undefined))

    const id = await endedImport(store)
    expect(await store.imports.remove(id)).toBe(true)

    const lines: string[] = []
    const log = (_fields: object, message: string) => void lines.push(message)
    const start = ({ events, imports }: Store) =>
      startRelay({
        store: events,
        endpoints: new Map([[endpoint.id, endpoint]]),
        log: { info: log, warn: log, error: log },
        observer: { tried: () => {}, ended: () => {}, turnedOff: () => {} },
        now: Date.now,
        everyMs: 10,
        describe: (event) => presentEvent(event, { imports, heldUntil: async () => 0 }),
      })
    const relays = [start(store), start(other)]
    const deliveries = async () => (await store.events.page('crm', { limit: 10 })).items
    await expect.poll(deliveries).toHaveLength(1)
    await expect.poll(() => store.events.waiting()).toEqual([])
    await Promise.all(relays.map((relay) => relay.close()))

    const [stored] = await deliveries()
    expect(JSON.parse(stored?.payload.body ?? '')).toMatchObject({
      type: 'import.finished',
      request: 'request-of-import',
      data: { id, status: 'canceled', rows: 3, options: { onConflict: 'update' } },
    })
    expect(stored?.payload.body).not.toContain('Prénom')
    expect(await store.imports.getUntold(id)).toBeUndefined()
    expect(lines).toEqual([])
  },
)

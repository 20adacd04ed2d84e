import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { isLongRun } from '../support/long-run.ts'
import { testStoreKey } from '../support/sealed.ts'
import { sharedStores } from '../support/shared-stores.ts'
import { type Fleet, type Replica, startFleet } from '../support/start-fleet.ts'
import { type ReceivedEvent, type Receiver, startReceiver } from '../support/start-receiver.ts'

const events = ['import.finished', 'suppressions.changed']
const scopes = ['contacts:read', 'contacts:write', 'imports', 'suppressions:read', 'suppressions:write', 'admin']
/** One of each moment, or many. */
const rounds = isLongRun ? 24 : 3

/** Where in the life of an event its process is killed. */
const moments = ['as soon as its cause is answered', 'while the endpoint thinks', 'a moment later'] as const

describe.concurrent.each(sharedStores)(
  'Processes that are killed between a cause and its delivery, with %s,',
  (_name, openStore) => {
    const closing: (() => Promise<unknown>)[] = []
    let receiver: Receiver
    let fleet: Fleet
    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close()
    })
    const start = async () => {
      receiver = await startReceiver()
      closing.push(() => receiver.close())
      const webhooks = [receiver.entry(events, { addresses: true })]
      fleet = await startFleet({
        ...(await openStore((close) => closing.push(close))),
        replicas: 2,
        env: { STORE_KEY: testStoreKey },
        clients: { crm: { scopes, webhooks } },
      })
      closing.push(() => fleet.close())
    }
    const suppress = async (replica: Replica, round: number): Promise<string[]> => {
      const suppressions = [0, 1, 2].map((one) => ({ email: `person-${round}-${one}@example.com`, reason: 'opt_out' }))
      const answer = await replica.call('POST', '/suppressions', { body: { suppressions } })
      expect(answer.status).toBe(207)
      return answer.body.results.map(({ id }: { id: string }) => id)
    }
    const upload = async (replica: Replica, round: number): Promise<string> => {
      const csv = `name,email\nJane,import-${round}@example.com\nJohn,other-${round}@example.com\n`
      const form = new FormData()
      form.append('file', new Blob([csv], { type: 'text/csv' }), 'people.csv')
      const response = await fetch(`${replica.url}/lists/mail/imports`, {
        method: 'POST',
        body: form,
        headers: { authorization: replica.authorization },
      })
      expect(response.status).toBe(202)
      return ((await response.json()) as { id: string }).id
    }
    const of = (type: string) => receiver.events.filter(({ body }) => body.type === type)

    test('lose no event, and repeat one under the same id with the same body', async ({ expect }) => {
      await start()
      let replicas = [...fleet.replicas]
      const ids: string[] = []
      const imports: string[] = []
      // Of some events the first try is never answered.
      let thinking = Promise.withResolvers<void>()
      const unanswered = new Set<ServerResponse>()
      receiver.answer((response, event) => {
        const isFirst = receiver.events.filter(({ id }) => id === event.id).length === 1
        if (!isFirst || receiver.events.length % 3 !== 0) return void response.writeHead(204).end()
        unanswered.add(response)
        thinking.resolve()
      })
      for (let round = 0; round < rounds; round++) {
        const [victim, other] = replicas as [Replica, Replica]
        imports.push(await upload(round % 2 === 0 ? victim : other, round))
        ids.push(...(await suppress(victim, round)))
        const moment = moments[round % moments.length]
        if (moment === 'while the endpoint thinks') await Promise.race([thinking.promise, pause(3_000)])
        else if (moment === 'a moment later') await pause(40 * round)
        await victim.kill()
        // Who lives need not wait for a late answer to know that there is none.
        for (const response of unanswered) response.destroy()
        unanswered.clear()
        thinking = Promise.withResolvers<void>()
        replicas = [other, await fleet.start()]
      }
      receiver.answer((response) => response.writeHead(204).end())
      const told = () => new Set(of('suppressions.changed').flatMap(({ body }) => body.data.ids as string[]))
      await expect.poll(() => ids.filter((id) => !told().has(id)), { timeout: 60_000, interval: 250 }).toEqual([])
      const finished = () => new Set(of('import.finished').map(({ body }) => body.data.id as string))
      await expect
        .poll(() => imports.filter((id) => !finished().has(id)), { timeout: 60_000, interval: 250 })
        .toEqual([])

      expect(receiver.refused).toEqual([])
      const byId = Map.groupBy(receiver.events, ({ id }: ReceivedEvent) => id)
      for (const repeats of byId.values()) expect(new Set(repeats.map(({ text }) => text)).size).toBe(1)
      // One import is one event, whoever told it.
      expect([...byId.values()].filter(([one]) => one?.body.type === 'import.finished')).toHaveLength(imports.length)
      // Nothing waits any more, and the addresses are gone.
      const [survivor] = replicas as [Replica]
      const pending = async () => {
        const { status, body } = await survivor.call('GET', '/webhooks/deliveries?state=pending')
        return status === 200 ? body.items : body
      }
      await expect.poll(pending, { timeout: 60_000, interval: 250 }).toEqual([])
      const kept = await survivor.call('GET', '/webhooks/deliveries?payload=true&limit=100')
      expect(kept.body.items.length).toBeGreaterThan(0)
      expect(kept.text).not.toContain('@example.com')
      for (const replica of replicas) expect(replica.output()).not.toContain('@example.com')
    }, 240_000)
  },
)

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

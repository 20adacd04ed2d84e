import { randomBytes, randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dueOf, type Erasure } from '../../src/domain/erasure.ts'
import type { Suppression } from '../../src/domain/suppression.ts'
import type {
  Delivery,
  DeliveryHandler,
  EventStore,
  ListChangeNote,
  NewDelivery,
  OutboxEvent,
} from '../../src/services/event-store-port.ts'
import { mostDeliveries } from '../../src/services/event-store-port.ts'
import type { ImportRecord } from '../../src/services/import-store-port.ts'
import type { SuppressionStoreUnderTest as StoreUnderTest } from './suppression-store.ts'

const event: OutboxEvent = {
  type: 'account.changed',
  cause: 'somewhere something 2026-11-30',
  at: Date.now(),
  data: { account: 'somewhere', shape: '{id: number}' },
}

const hex = (bytes: number) => randomBytes(bytes).toString('hex')
const endpoint = { id: hex(8), client: 'crm' }

function newDelivery(more: Partial<Delivery> = {}, body = '{"type":"test"}'): NewDelivery {
  const now = Date.now()
  const delivery: Delivery = {
    id: hex(16),
    eventId: hex(16),
    client: 'crm',
    endpoint: endpoint.id,
    type: 'test',
    createdAt: now,
    state: 'pending',
    tries: 0,
    nextTryAt: now,
    ...more,
  }
  return { delivery, payload: { body } }
}

const said: Suppression = {
  kind: 'phone',
  hint: '+33••••78',
  channels: 1,
  reason: 'opt_out',
  source: 'api',
  note: undefined,
  saidAt: 1_000,
  createdBy: 'crm',
}

const delivered = (delivery: Delivery): Delivery => {
  const { nextTryAt: _, ...rest } = delivery
  return { ...rest, state: 'delivered', tries: delivery.tries + 1, lastStatus: 204, endedAt: Date.now() }
}

/** What every store of events guarantees. */
export function describeEventStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`event store: ${name}`, () => {
    let opened: StoreUnderTest
    beforeEach(async () => {
      opened = await open()
    })
    afterEach(() => opened.close())
    const events = () => opened.store.events
    const waiting = async () => (await events().waiting()).map((one) => one.event)
    const work = (handler: DeliveryHandler, store: EventStore = events(), of = endpoint) => {
      const errors: Error[] = []
      const options = { concurrency: 4, leaseMs: 1_000, onError: (error: Error) => void errors.push(error) }
      return { ...store.work(of, handler, options), errors }
    }

    test('an event waits until it is carried, for every process', async () => {
      await events().put(event)
      const another = (await opened.another()).events
      const found = await another.waiting()
      expect(found.map((one) => one.event)).toEqual([event])
      await another.carried(found)
      await events().carried(found)
      expect(await waiting()).toEqual([])
    })

    test('who has found an event that another carried meanwhile takes away none that came since', async () => {
      await events().put(event)
      const another = (await opened.another()).events
      const found = await another.waiting()
      await events().carried(await events().waiting())
      const later = { ...event, cause: 'later' }
      await events().put(later)
      await another.carried(found)
      expect(await waiting()).toEqual([later])
    })

    test('an erasure leaves its event with the change that it is of, and none where it was not changed', async () => {
      const erasure: Erasure = {
        id: randomUUID(),
        createdBy: 'crm',
        createdAt: 1,
        receivedAt: 1,
        dueAt: dueOf(1),
        hints: [],
        suppressionIds: [],
        isSuppressed: true,
        reference: undefined,
        addresses: undefined,
        accounts: [],
        gateway: { status: 'done', passes: 2, seen: [], rowsErased: 0, importsUntil: 0, openImports: [] },
        finishedAt: 2,
      }
      const { erasures } = opened.store
      const stored = await erasures.begin(erasure, [erasure.id])
      const told = (cause: string): OutboxEvent => ({ ...event, type: 'erasure.finished', cause, client: 'crm' })
      expect(await erasures.replace(stored, erasure, 60_000, told('first'))).toBeDefined()
      expect(await erasures.replace(stored, erasure, 60_000, told('second'))).toBeUndefined()
      expect(await waiting()).toEqual([told('first')])
    })

    test('the suppression list leaves what was created, updated and removed, and nothing of what stayed as it was', async () => {
      const list = opened.store.suppressions
      const ids = Array.from({ length: 3 }, () => `A${randomBytes(16).toString('base64url').slice(0, 21)}`)
      const [kept = '', changed = '', added = ''] = ids
      await list.replace([kept, changed].map((id) => ({ id, before: undefined, after: said })))
      expect(await waiting()).toEqual([])
      const [entry, other] = await list.find([kept, changed])
      const note: ListChangeNote = {
        cause: 'a-write',
        at: 5,
        request: 'req-1',
        addresses: { [added]: '+33612345678', [changed]: 'jane@example.com' },
      }
      const done = await list.replace(
        [
          { id: kept, before: entry, after: said },
          { id: changed, before: other, after: { ...said, channels: 3 } },
          { id: added, before: undefined, after: said },
        ],
        note,
      )
      expect(done).toEqual([true, true, true])
      const refused = [{ id: added, before: undefined, after: said }]
      expect(await list.replace(refused, { ...note, cause: 'a-refused-write' })).toEqual([false])
      expect(await list.remove(kept, { cause: 'a-removal', at: 6 })).toBe(true)
      expect(await list.remove(kept, { cause: 'no-removal', at: 6 })).toBe(false)
      const since = expect.closeTo(Date.now(), -5)
      const type = 'suppressions.changed'
      expect(await waiting()).toEqual([
        {
          type,
          cause: 'a-write',
          at: 5,
          request: 'req-1',
          data: { created: [added], updated: [changed], removed: [], since, addresses: note.addresses },
        },
        { type, cause: 'a-removal', at: 6, data: { created: [], updated: [], removed: [kept], since } },
      ])
    })

    const record = (client = 'crm'): ImportRecord => ({
      id: randomUUID(),
      client,
      listId: 'newsletter',
      accounts: ['somewhere'],
      validateOnly: false,
      options: {},
      format: {},
      createdAt: new Date().toISOString(),
      request: 'request-of-import',
    })
    const published = async (rows: number) => {
      const made = record()
      const draft = await opened.store.imports.begin(made)
      if (rows > 0) await draft.appendBlock(Buffer.from('rows'), rows)
      await draft.publish()
      return made.id
    }
    const endOf = (id: string) => ({
      type: 'import.finished',
      cause: id,
      at: expect.closeTo(Date.now(), -5),
      request: 'request-of-import',
      client: 'crm',
      data: { id },
    })

    test('an import leaves its end: with its last row, when it is canceled, and when it has no row', async () => {
      const empty = await published(0)
      const canceled = await published(1)
      expect(await opened.store.imports.cancel(canceled)).toBe(true)
      expect(await opened.store.imports.cancel(canceled)).toBe(false)
      expect(await waiting()).toHaveLength(2)
      expect(await waiting()).toEqual(expect.arrayContaining([endOf(empty), endOf(canceled)]))
      await events().carried(await events().waiting())
      const sent = await published(2)
      expect(await waiting()).toEqual([])
      const nothing = { losses: {}, skippedBecause: {}, calls: {}, waitedMs: {}, report: Buffer.alloc(0) }
      const committed = Promise.withResolvers<void>()
      const worker = opened.store.imports.work(
        'somewhere',
        async (_job, _payload, lease) => {
          await lease.commit({ upTo: 1, counts: { created: 1 }, ...nothing })
          expect(await waiting()).toEqual([])
          await lease.commit({ upTo: 2, counts: { created: 1 }, ...nothing })
          committed.resolve()
        },
        { concurrency: 1, leaseMs: 1_000, onError: committed.reject },
      )
      await committed.promise
      await worker.close()
      expect(await waiting()).toEqual([endOf(sent)])
      await events().carried(await events().waiting())
      expect(await waiting()).toEqual([])
    })

    test('what an import was at its end is there until that is carried, though it is deleted, for nobody else', async () => {
      const { imports } = opened.store
      const deleted = await published(1)
      await imports.cancel(deleted)
      const atItsEnd = await imports.get(deleted)
      expect(await imports.remove(deleted)).toBe(true)
      expect(await imports.remove(deleted)).toBe(false)
      expect(await imports.get(deleted)).toBeUndefined()
      expect(await imports.list('crm', 10, undefined)).toEqual([])
      const another = await opened.another()
      expect(await waiting()).toEqual([endOf(deleted)])
      expect(await another.imports.getUntold(deleted)).toEqual(atItsEnd)
      await another.events.carried(await another.events.waiting())
      expect(await waiting()).toEqual([])
      expect(await imports.getUntold(deleted)).toBeUndefined()
    })

    test('an import that is taken back leaves no end', async () => {
      const draft = await opened.store.imports.begin(record())
      await draft.publish()
      await draft.discard()
      expect(await waiting()).toEqual([])
    })

    test('what is deleted to make room is told first, too', async () => {
      const { imports } = opened.store
      const ended = await published(0)
      const bytes = 1_000_000
      const place = await imports.takePlace('crm', { most: 9, bytes, mostBytes: bytes })
      expect(place).toMatchObject({ deleted: [ended] })
      expect(await imports.get(ended)).toBeUndefined()
      expect(await waiting()).toEqual([endOf(ended)])
      expect(await imports.getUntold(ended)).toMatchObject({ id: ended, status: 'completed' })
    })

    test('deliveries are kept once, and shown from the newest to the oldest, to their client alone', async () => {
      const now = Date.now()
      const made = [0, 1, 2].map((age) => newDelivery({ createdAt: now - age }, `{"age":${age}}`))
      const ended = newDelivery({ createdAt: now - 3, state: 'given_up', nextTryAt: undefined, endedAt: now })
      await events().add('crm', [...made, ended], now)
      await events().add(
        'crm',
        [{ delivery: { ...made[0]?.delivery, tries: 7 } as Delivery, payload: { body: '{}' } }],
        now,
      )
      const first = await events().page('crm', { limit: 3 })
      expect(first.items.map(({ delivery, payload }) => [delivery.id, delivery.tries, payload.body])).toEqual(
        made.map(({ delivery }, age) => [delivery.id, 0, `{"age":${age}}`]),
      )
      const second = await (await opened.another()).events.page('crm', { limit: 3, from: first.next })
      expect(second.items.map(({ delivery }) => delivery)).toEqual([JSON.parse(JSON.stringify(ended.delivery))])
      expect(second.next).toBeUndefined()
      const givenUp = await events().page('crm', { limit: 3, state: 'given_up' })
      expect(givenUp.items).toHaveLength(1)
      expect((await events().page('erp', { limit: 3 })).items).toEqual([])
      expect(await events().get('erp', ended.delivery.id)).toBeUndefined()
      expect(await events().countPending()).toBe(3)
    })

    test(`of more than ${mostDeliveries} the oldest go, and those that were pending are counted; those that ended long ago go too`, async () => {
      const now = Date.now()
      const of = (from: number, count: number) =>
        Array.from({ length: count }, (_, index) =>
          newDelivery({ createdAt: now - 20_000 + from + index, nextTryAt: now + 60_000 }),
        )
      const old = newDelivery({ state: 'delivered', nextTryAt: undefined, endedAt: now - 8 * 86_400_000 })
      expect(await events().add('crm', [old], now)).toBe(0)
      for (let from = 0; from < mostDeliveries; from += 500)
        expect(await events().add('crm', of(from, 500), now)).toBe(0)
      expect(await events().get('crm', old.delivery.id)).toBeUndefined()
      expect(await events().add('crm', of(mostDeliveries, 2), now)).toBe(2)
      expect(await events().countPending()).toBe(mostDeliveries)
    })

    test('a delivery is tried until it has ended, and what is kept of it then is less', async () => {
      const tried: string[] = []
      const over = Promise.withResolvers<void>()
      const made = newDelivery({}, '{"phone":"+33612345678"}')
      await events().add('crm', [{ ...made, payload: { ...made.payload, afterwards: '{}' } }], Date.now())
      const worker = work(async (delivery, body) => {
        tried.push(body)
        const after = { ...delivery, tries: delivery.tries + 1, nextTryAt: Date.now() + 50 }
        if (after.tries < 3) return after
        over.resolve()
        return delivered(delivery)
      })
      await over.promise
      await worker.close()
      expect(worker.errors).toEqual([])
      expect(tried).toEqual(Array(3).fill('{"phone":"+33612345678"}'))
      const stored = await events().get('crm', made.delivery.id)
      expect(stored?.delivery).toMatchObject({ state: 'delivered', tries: 3, lastStatus: 204 })
      expect(stored?.payload).toEqual({ body: '{}' })
      expect(await events().countPending()).toBe(0)
    })

    test('what waits loses what is not kept afterwards where that is asked for, and stays what it was else', async () => {
      const later = Date.now() + 3_600_000
      const [one, other, plain] = ['{"of":"jane"}', '{"of":"john"}', '{"of":"jane","all":true}'].map((body) =>
        newDelivery({ nextTryAt: later }, body),
      ) as [NewDelivery, NewDelivery, NewDelivery]
      const less = (made: NewDelivery) => ({ ...made, payload: { ...made.payload, afterwards: '{}' } })
      await events().add('crm', [less(one), less(other), plain], Date.now())
      await events().lessen((body) => body.includes('jane'))
      const bodyOf = async ({ delivery }: NewDelivery) => (await events().get('crm', delivery.id))?.payload
      expect(await bodyOf(one)).toEqual({ body: '{}' })
      expect(await bodyOf(other)).toEqual(less(other).payload)
      expect(await bodyOf(plain)).toEqual(plain.payload)
      expect((await events().get('crm', one.delivery.id))?.delivery).toEqual(one.delivery)
    })

    test('a try that throws counts for nothing, and is made again', async () => {
      const over = Promise.withResolvers<void>()
      let tries = 0
      await events().add('crm', [newDelivery()], Date.now())
      const worker = work(async (delivery) => {
        if (++tries === 1) throw new Error('a defect')
        expect(delivery.tries).toBe(0)
        over.resolve()
        return delivered(delivery)
      })
      await over.promise
      await worker.close()
      expect(worker.errors.map(({ message }) => message)).toEqual(['a defect'])
    })

    test('an endpoint gets as many at a time as it may, over all processes, and another one does not wait for it', async () => {
      const [mine, theirs] = [endpoint, { id: hex(8), client: 'crm' }]
      const now = Date.now()
      const many = Array.from({ length: 12 }, () => newDelivery())
      await events().add('crm', [...many, newDelivery({ endpoint: theirs.id })], now)
      let [running, most, done] = [0, 0, 0]
      const open = Promise.withResolvers<void>()
      const over = Promise.withResolvers<void>()
      const handler: DeliveryHandler = async (delivery) => {
        most = Math.max(most, ++running)
        await open.promise
        running -= 1
        if (++done === many.length) over.resolve()
        return delivered(delivery)
      }
      const passed = Promise.withResolvers<void>()
      const others = work(
        async (delivery) => {
          passed.resolve()
          return delivered(delivery)
        },
        events(),
        theirs,
      )
      const workers = [work(handler, events(), mine), work(handler, (await opened.another()).events, mine)]
      await passed.promise
      await expect.poll(() => running).toBe(4)
      open.resolve()
      await over.promise
      await Promise.all([others, ...workers].map((worker) => worker.close()))
      expect(most).toBe(4)
    })

    test('one that has ended, or waits for long, is tried once more when somebody asks for it', async () => {
      const now = Date.now()
      const ended = newDelivery({ state: 'given_up', nextTryAt: undefined, endedAt: now, tries: 10 })
      const later = newDelivery({ nextTryAt: now + 3_600_000, tries: 4 })
      await events().add('crm', [ended, later], now)
      const tried = new Map<string, Delivery>()
      const worker = work(async (delivery) => {
        tried.set(delivery.id, delivery)
        return delivered(delivery)
      })
      expect(await events().retry('crm', hex(16), now)).toBe(false)
      expect(await events().retry('erp', ended.delivery.id, now)).toBe(false)
      expect(await events().retry('crm', ended.delivery.id, now)).toBe(true)
      expect(await events().retry('crm', later.delivery.id, now)).toBe(true)
      await expect.poll(() => tried.size).toBe(2)
      await worker.close()
      expect(tried.get(ended.delivery.id)?.isLastTry).toBe(true)
      expect(tried.get(later.delivery.id)?.isLastTry).toBeUndefined()
    })

    test('what waits for an endpoint that nobody has configured any more is given up', async () => {
      const now = Date.now()
      const gone = { id: hex(8), client: 'crm' }
      await events().add('crm', [newDelivery({ endpoint: gone.id }), newDelivery()], now)
      expect(await events().noteConfigured([endpoint, gone], now, 1_000)).toEqual([])
      expect(await events().noteConfigured([endpoint], now + 1_000, 1_000)).toEqual([gone])
      await events().turnOff(gone.id, 'an entry')
      expect(await events().drop(gone, now + 1_000)).toBe(1)
      expect(await events().noteConfigured([endpoint], now + 2_000, 1_000)).toEqual([])
      const { items } = await events().page('crm', { limit: 10, state: 'given_up' })
      expect(items.map(({ delivery }) => delivery)).toMatchObject([{ endpoint: gone.id, lastFailure: 'endpoint_gone' }])
      expect(await events().countPending()).toBe(1)
      expect(await events().turnedOff(gone.id)).toBeUndefined()
    })

    test('an endpoint that nobody ever said to be configured is told as gone, too, once something waits for it', async () => {
      const now = Date.now()
      const stray = { id: hex(8), client: 'crm' }
      await events().add('crm', [newDelivery({ endpoint: stray.id })], now)
      expect(await events().noteConfigured([endpoint], now + 1_000, 2_000)).toEqual([])
      expect(await events().noteConfigured([endpoint], now + 2_000, 2_000)).toEqual([stray])
    })

    test('an endpoint is off with its entry, for every process', async () => {
      expect(await events().turnedOff(endpoint.id)).toBeUndefined()
      await events().turnOff(endpoint.id, 'entry')
      expect(await (await opened.another()).events.turnedOff(endpoint.id)).toBe('entry')
    })

    test('one process alone changes what all agree on about an account, and leaves the event', async () => {
      const another = (await opened.another()).events
      expect(await events().reach('somewhere')).toBeUndefined()
      expect(await events().replaceReach('somewhere', undefined, 'one', event)).toBe(true)
      expect(await another.replaceReach('somewhere', undefined, 'other', event)).toBe(false)
      expect(await another.replaceReach('somewhere', 'one', 'two')).toBe(true)
      expect(await events().reach('somewhere')).toBe('two')
      expect(await waiting()).toEqual([event])
    })
  })
}

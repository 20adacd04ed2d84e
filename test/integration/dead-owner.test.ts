import { beforeAll, describe, expect, test } from 'vitest'
import { contactSource, freshKey } from '../support/contact-source.ts'
import { leaveHanging } from '../support/leave-hanging.ts'
import { isLongRun } from '../support/long-run.ts'
import { outcomesAt, statesAt } from '../support/outcomes-of.ts'
import { untilFree } from '../support/repeat.ts'
import { testStoreKey } from '../support/sealed.ts'
import { sharedStores } from '../support/shared-stores.ts'
import { type Fleet, type Replica, type Reply, startFleet } from '../support/start-fleet.ts'

/**
 * The process that works on a request dies, or stalls for longer than its lease, after it has sent.
 * Another process takes the request over: it asks or repeats where that does no harm, and never sends to Oblic again.
 */
const leaseMs = 1500
const contacts = contactSource()
/** Whether a request that hangs was applied; the gateway cannot know, so that an everyday run need not have both. */
const meanings: ['after' | 'before', string][] = isLongRun
  ? [
      ['after', 'had applied it'],
      ['before', 'has not applied it'],
    ]
  : [['after', 'had applied it']]

describe.each(sharedStores)('two processes on %s', (name, open) => {
  /** Above the store's port both stores are the same: an everyday run has these on one of them. */
  const testOnce = test.runIf(isLongRun || name === 'Redis')

  let fleet: Fleet
  beforeAll(async () => {
    const closing: (() => Promise<void>)[] = []
    const store = await open((close) => closing.push(close))
    fleet = await startFleet({
      ...store,
      replicas: 0,
      accounts: { 'oblic-main': { maxConcurrency: 1 } },
      store: { leaseMs },
      // What the dead one left is opened by the other.
      env: { STORE_KEY: testStoreKey },
    })
    closing.unshift(fleet.close)
    return async () => {
      for (const close of closing) await close()
    }
  })

  /** Those that live: a start takes longer than most of the tests, and who was not killed serves the next one too. */
  const living = new Set<Replica>()
  const launch = async () => {
    const replica = await fleet.start()
    living.add(replica)
    replica.ended.then(() => living.delete(replica))
    return replica
  }
  const start = async () => {
    const { oblic, octopush, vobiz } = fleet.simulators
    for (const simulator of [oblic, octopush, vobiz]) simulator.reset()
    await Promise.all(Array.from({ length: 2 - living.size }, launch))
    const [owner, other] = [...living] as [Replica, Replica]
    return { owner, other, oblic, octopush, vobiz }
  }

  test.each(meanings)(
    'the owner is killed while all providers have the request (hang %s: which %s): 409 within its lease, then settled',
    async (hang) => {
      const { owner, other, oblic, octopush, vobiz } = await start()
      oblic.setBehaviour({ hang })
      octopush.setBehaviour({ hang, match: { path: '/contact/create' } })
      // Where its turn was long in coming a contact is read first.
      vobiz.setBehaviour({ hang, match: { method: 'POST' } })
      const [key, batch] = [freshKey(), contacts(1)]
      const { ended } = await leaveHanging(
        () => owner.add(batch, { key }),
        [
          oblic.waitForRequest(({ applied }) => applied || hang === 'before'),
          octopush.waitForRequest(
            ({ path, applied }) => path.endsWith('/contact/create') && (applied || hang === 'before'),
          ),
          vobiz.waitForRequest(({ applied }) => applied || hang === 'before'),
        ],
      )
      await owner.kill()
      const killedAt = performance.now()
      expect(await ended).toBeInstanceOf(Error)
      for (const simulator of [oblic, octopush, vobiz]) simulator.setBehaviour({})

      const tooEarly = await other.add(batch, { key })
      expectInProgress(tooEarly)
      expect(Number(tooEarly.headers['retry-after'])).toBeLessThanOrEqual(Math.ceil(leaseMs / 1000))
      const taken = await untilFree(() => other.add(batch, { key }))
      // The lease was renewed a third of its length before the kill at the earliest.
      expect(performance.now() - killedAt).toBeGreaterThan((leaseMs * 2) / 3 - 300)

      expect(taken.headers['idempotency-replayed']).toBe('resumed')
      expect(outcomesAt('oblic-main', taken)).toMatchObject([{ status: 'unknown', error: { retriable: false } }])
      expect(statesAt('octopush-fr', taken)).toEqual([hang === 'after' ? 'updated' : 'created'])
      expect(['created', 'updated']).toContain(statesAt('vobiz-in', taken)[0])
      expect(oblic.contacts().map(({ sends }) => sends)).toEqual(hang === 'after' ? [1] : [])
      expect(oblic.requestTotal()).toBe(1)
      expect(octopush.contacts()).toHaveLength(1)
      expect(vobiz.contacts()).toHaveLength(1)

      const before = [oblic, octopush, vobiz].map((simulator) => simulator.requestTotal())
      const replay = await other.add(batch, { key })
      expect([replay.headers['idempotency-replayed'], replay.text]).toEqual(['true', taken.text])
      expect([oblic, octopush, vobiz].map((simulator) => simulator.requestTotal())).toEqual(before)
    },
    120_000,
  )

  testOnce.each(meanings)(
    'of three chunks to Oblic the owner is killed during the second (hang %s: which %s): the third alone is sent by the next',
    async (hang) => {
      const { owner, other, oblic } = await start()
      const [key, batch] = [freshKey(), contacts(300)]
      const second = batch[100]?.email as string
      oblic.setBehaviour({ hang, match: { body: second } })
      const { ended } = await leaveHanging(
        () => owner.add(batch, { key, list: 'mail' }),
        [oblic.waitForRequest(({ body, applied }) => holds(body, second) && (applied || hang === 'before'))],
      )
      await owner.kill()
      expect(await ended).toBeInstanceOf(Error)
      oblic.setBehaviour({})

      const taken = await untilFree(() => other.add(batch, { key, list: 'mail' }))
      const states = statesAt('oblic-main', taken)
      expect(new Set(states.slice(0, 200))).toEqual(new Set(['unknown']))
      expect(new Set(states.slice(200))).toEqual(new Set(['accepted']))
      expect(oblic.requestTotal()).toBe(3)
      expect(oblic.counts()).toMatchObject({ total: hang === 'after' ? 300 : 200, sends: hang === 'after' ? 300 : 200 })
      const replay = await other.add(batch, { key, list: 'mail' })
      expect([replay.headers['idempotency-replayed'], replay.text]).toEqual(['true', taken.text])
    },
    120_000,
  )

  testOnce(
    'a taker that dies as well leaves its own marks to the third',
    async () => {
      const { owner, other, oblic } = await start()
      const [key, batch, startedAt] = [freshKey(), contacts(300), Date.now()]
      for (const [replica, place] of [
        [owner, 0],
        [other, 100],
      ] as const) {
        const hanging = batch[place]?.email as string
        oblic.setBehaviour({ hang: 'after', match: { body: hanging } })
        const { ended } = await leaveHanging(
          () => replica.add(batch, { key, list: 'mail' }),
          [oblic.waitForRequest(({ body, applied }) => applied && holds(body, hanging))],
        )
        await replica.kill()
        expect(await ended).toBeInstanceOf(Error)
      }
      oblic.setBehaviour({})
      const third = await launch()
      const diedBy = Date.now()
      const taken = await untilFree(() => third.add(batch, { key, list: 'mail' }))
      const states = statesAt('oblic-main', taken)
      expect(new Set(states.slice(0, 200))).toEqual(new Set(['unknown']))
      expect(new Set(states.slice(200))).toEqual(new Set(['accepted']))
      expect(oblic.counts()).toMatchObject({ total: 300, sends: 300 })
      // Nobody who died can explain what it sent: who has taken over says that it was sent, and when.
      const explained = await third.call('GET', `/requests/${taken.headers['x-request-id']}`)
      const sent = (explained.body.explanation as string[]).find((sentence) => sentence.startsWith('Before that')) ?? ''
      const [from = '', to = ''] = sent.match(/\d{4}-\S+Z/g) ?? []
      expect(sent).toBe(
        `Before that 200 contacts were sent to oblic-main, or may have been, from ${from} to ${to}: what came of it is not known, and it is not sent again.`,
      )
      for (const [at, since] of [
        [from, startedAt],
        [to, Date.parse(from)],
      ] as const) {
        expect(Date.parse(at)).toBeGreaterThanOrEqual(since)
        expect(Date.parse(at)).toBeLessThanOrEqual(diedBy)
      }
    },
    120_000,
  )

  test('an owner that stalls after sending and wakes after its lease gets the true answer and overwrites nothing', async () => {
    const { owner, other, oblic } = await start()
    oblic.setBehaviour({ latencyMs: 300 })
    const [key, batch] = [freshKey(), contacts(1)]
    const late = await leaveHanging(() => owner.add(batch, { key }), [oblic.waitForRequest(() => true)])
    owner.freeze()
    const taken = await untilFree(() => other.add(batch, { key }), { busy: ['overloaded', 'idempotency-unavailable'] })
    expect(statesAt('oblic-main', taken)).toEqual(['unknown'])
    await oblic.waitForRequest(({ applied }) => applied)
    owner.thaw()

    const answer = (await late.ended) as Reply
    expect(statesAt('oblic-main', answer)).toEqual(['accepted'])
    expect(answer.headers['idempotency-stored']).toBe('false')
    for (const replica of [owner, other]) {
      const replay = await untilFree(() => replica.add(batch, { key }))
      expect([replay.headers['idempotency-replayed'], replay.text]).toEqual(['true', taken.text])
    }
    expect(oblic.contacts()).toMatchObject([{ sends: 1 }])
  }, 120_000)

  testOnce(
    'an owner that stalls between two chunks and wakes after its lease sends no more, and its caller hears what it sent',
    async () => {
      const { owner, other, oblic } = await start()
      const [key, batch] = [freshKey(), contacts(300)]
      oblic.setBehaviour({ latencyMs: 300, match: { body: batch[0]?.email as string } })
      const late = await leaveHanging(() => owner.add(batch, { key, list: 'mail' }), [oblic.waitForRequest(() => true)])
      owner.freeze()
      const taken = await untilFree(() => other.add(batch, { key, list: 'mail' }))
      const states = statesAt('oblic-main', taken)
      expect(new Set(states.slice(0, 100))).toEqual(new Set(['unknown']))
      expect(new Set(states.slice(100))).toEqual(new Set(['accepted']))
      owner.thaw()

      const answer = (await late.ended) as Reply
      expect(answer.body.summary.outcomes).toEqual({ accepted: 100, unknown: 200 })
      const reasons = outcomesAt('oblic-main', answer).map(({ error }) => error?.code)
      expect(new Set(reasons.slice(100))).toEqual(new Set(['taken_over']))
      expect(answer.headers['idempotency-stored']).toBe('false')
      expect(oblic.counts()).toMatchObject({ total: 300, sends: 300 })
      const replay = await untilFree(() => owner.add(batch, { key, list: 'mail' }))
      expect([replay.headers['idempotency-replayed'], replay.text]).toEqual(['true', taken.text])
    },
    120_000,
  )
})

function expectInProgress(reply: Reply): void {
  expect([reply.status, reply.body.code]).toEqual([409, 'idempotency-in-progress'])
  expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0)
}

function holds(body: unknown, email: string): boolean {
  return JSON.stringify(body).includes(email)
}

import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { addsUp, boundary, lastBoundary, part } from '../support/import-calls.ts'
import { isLongRun } from '../support/long-run.ts'
import { createRandom, type Random } from '../support/random.ts'
import { testStoreKey } from '../support/sealed.ts'
import { sharedStores } from '../support/shared-stores.ts'
import { type Fleet, type Replica, type Reply, startFleet } from '../support/start-fleet.ts'
import { defectsOf } from './import-kills/check-import.ts'
import { makeRows, toCsv } from './import-kills/rows.ts'

/**
 * Imports whose workers are killed at a random moment and started again; with Redis a second worker goes on meanwhile.
 * Whatever the moment: every row is in exactly one state at each account in the end, none is lost, the counts add up
 * whenever they are looked at, nothing is claimed that a provider lacks or denied that it has, and nothing is sent to
 * Oblic twice.
 *
 * `SEED=… npx vitest run test/integration/import-kills.test.ts` repeats one run; `LONG_RUN=1` does 50 of 20,000 rows on
 * each store.
 */
const rowCount = Number(process.env.ROWS ?? (isLongRun ? 20_000 : 1_000))
const runs = Number(process.env.RUNS ?? (isLongRun ? 50 : 1))
const seeds = process.env.SEED
  ? [Number(process.env.SEED)]
  : Array.from({ length: runs }, () => Math.floor(Math.random() * 2 ** 31))

const leaseMs = 1500
/** An everyday run has a kill while Oblic, slow there, is being sent to: one run has to find what a long one does in many. */
const earlyUntil = 0.25
const chunkAtOblic = 100
/** Half of the places of an account. */
const jobsAtOnce = 4

describe.each(sharedStores)('on %s', (storeName, open) => {
  test.each(seeds)(
    'an import outlives the death of its workers, seed %i',
    async (seed) => {
      const random = createRandom(seed)
      const env = random.chance(0.5) ? { STORE_KEY: testStoreKey } : {}
      const fleet = await startFleet({ ...(await open()), replicas: 0, store: { leaseMs }, env })
      onTestFinished(fleet.close)
      if (!isLongRun) fleet.simulators.oblic.setBehaviour({ latencyMs: 100 })
      const crew = await hire(fleet, storeName === 'Redis' && random.chance(0.7), random)
      const rows = makeRows(random, rowCount)
      const accepted = await uploadRows(crew.door, toCsv(rows))

      const kills = 1 + random.int(3)
      const moments = Array.from({ length: kills }, () => random.int(1000) / 1000)
      if (!isLongRun) moments[0] = random.int(earlyUntil * 1000) / 1000
      moments.sort((one, other) => one - other)
      let killed = 0
      for (const moment of moments) {
        await until(crew.door, accepted.id, (state) => isPast(state, moment))
        await wait(random.int(30))
        killed += await crew.killSome(random)
      }
      const ended = await until(crew.door, accepted.id, ({ finishedAt }) => finishedAt !== undefined)
      const defects = await defectsOf(fleet, crew.door, ended, rows, killed * jobsAtOnce * chunkAtOblic)
      const summary = `seed ${seed}: ${Object.keys(env).join()} ${crew.describe()}, ${killed} killed at ${moments.join(', ')}: ${JSON.stringify(ended.progress)}`
      console.log(summary)
      expect(defects, `${summary}\nrepeat it with SEED=${seed}`).toEqual([])
      expect(ended.status).toBe('completed_with_errors')
    },
    isLongRun ? 300_000 : 90_000,
  )
})

/** The processes of a run. */
type Crew = {
  /** Who is asked. */
  readonly door: Replica
  /** Kills at least one worker and starts as many. @returns how many were killed */
  killSome(random: Random): Promise<number>
  describe(): string
}

/** One process for everything; or, apart, one for the API and two workers; or two for everything. */
async function hire(fleet: Fleet, isShared: boolean, random: Random): Promise<Crew> {
  const isApart = isShared && random.chance(0.5)
  const start = () => fleet.start(isApart ? { ROLE: 'worker' } : {})
  const workers = await Promise.all(Array.from({ length: isShared ? 2 : 1 }, start))
  let door = isApart ? await fleet.start({ ROLE: 'api' }) : (workers[0] as Replica)
  return {
    get door() {
      return door
    },
    async killSome(random) {
      const chosen = isShared && random.chance(0.3) ? [...workers.keys()] : [random.int(workers.length)]
      await Promise.all(chosen.map((place) => (workers[place] as Replica).kill()))
      for (const place of chosen) workers[place] = await start()
      if (!isApart) door = workers[0] as Replica
      return chosen.length
    },
    describe: () => `${workers.length} workers${isApart ? ' and an API' : ''}`,
  }
}

async function uploadRows(replica: Replica, csv: string): Promise<Reply['body']> {
  const raw = part(csv) + lastBoundary
  for (;;) {
    const reply = await replica.call('POST', '/lists/newsletter/imports', {
      raw,
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    })
    if (reply.status === 202) return reply.body
    if (!isOverloaded(reply)) throw new Error(`${reply.status} ${reply.text}`)
    await wait(500)
  }
}

/** On a machine that is busy with other things. */
function isOverloaded({ status, body }: Reply): boolean {
  return status === 503 && (body.code === 'overloaded' || body.code === 'store-unavailable')
}

/** Looks at an import until it is as wanted; its counts have to add up at every look. */
async function until(
  replica: Replica,
  id: string,
  isWanted: (state: Reply['body']) => boolean,
): Promise<Reply['body']> {
  const deadline = performance.now() + (isLongRun ? 200_000 : 60_000)
  for (;;) {
    const reply = await replica.call('GET', `/imports/${id}`)
    if (isOverloaded(reply)) await wait(500)
    else if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`)
    else {
      addsUp(reply.body)
      if (isWanted(reply.body)) return reply.body
    }
    if (performance.now() > deadline) throw new Error(`it does not go on: ${reply.text}`)
    await wait(isLongRun ? 10 : 25)
  }
}

/** True when this share of all that has to be sent is settled, or everything is. */
function isPast({ rows, progress, finishedAt }: Reply['body'], share: number): boolean {
  const accounts = Object.values(progress as Record<string, { pending: number }>)
  const settled = accounts.reduce((sum, { pending }) => sum + rows - pending, 0)
  return finishedAt !== undefined || settled >= share * rows * accounts.length
}

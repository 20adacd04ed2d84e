import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { takeStock } from '../support/held-contacts.ts'
import { isLongRun } from '../support/long-run.ts'
import { createRandom, type Random } from '../support/random.ts'
import { startRedis } from '../support/redis.ts'
import { type Fleet, type Replica, startFleet } from '../support/start-fleet.ts'
import { falseDenials, violations } from './history/check-history.ts'
import { describeEntry, type Entry, entrySource, type Heard, heard, isBinding, isDefinite } from './history/entry.ts'
import { createMisfortunes, longestLatencyMs, type Places } from './history/misfortunes.ts'

/**
 * Callers repeat requests under their keys while processes are killed and stalled, Redis is killed, stalled and
 * restarted, and providers time out after applying, reset, throttle and fail. When all has healed, every request is
 * repeated until it is definite, and what was answered is compared with what the providers hold (`check-history.ts`).
 *
 * `SEED=<seed> npx vitest run test/integration/history.test.ts` makes the same choices again; when they take effect is up
 * to the machine. `LONG_RUN=1`: 2,000 operations in place of 100, and SQLite as well.
 */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32))
const operations = isLongRun ? 2_000 : 100
const strikes = isLongRun ? 60 : 8
const callers = 12
const leaseMs = 1500

test.each(isLongRun ? ['Redis', 'SQLite'] : ['Redis'])(
  `a history of ${operations} operations over three processes on %s (SEED=${seed})`,
  async (store) => {
    const redis = store === 'Redis' ? await startRedis({ appendOnly: true }) : undefined
    if (redis !== undefined) onTestFinished(() => redis.stop())
    const account = { timeoutMs: 300, breaker: { openMs: 200 } }
    const fleet = await startFleet({
      redisUrl: redis?.url,
      replicas: 3,
      doors: true,
      store: { leaseMs },
      limits: { deadlineMs: 2000 },
      accounts: {
        'oblic-main': { ...account, batchSize: 2 },
        'octopush-fr': { ...account, batchSize: 3 },
        'vobiz-in': account,
      },
    })
    onTestFinished(fleet.close)
    console.log(`SEED=${seed} on ${store}`)
    const history = new History(fleet, createRandom(seed))
    const misfortunes = createMisfortunes(fleet, history.places, redis, leaseMs, history.random.fork())

    const struck: string[] = []
    const hurting = (async () => {
      const random = history.random.fork()
      while (!history.isLongEnough() || struck.length < strikes) {
        const isOver = AbortSignal.timeout(60_000)
        const isStuck = once(isOver, 'abort').then(() => {
          throw new Error(`a misfortune does not end; before it:\n${struck.join('\n')}`)
        })
        struck.push(`${history.now()} ms ${await Promise.race([misfortunes.strike(), isStuck])}`)
        await wait(random.int(250))
      }
    })()
    let over = false
    const calling = Array.from({ length: callers }, async () => {
      const random = history.random.fork()
      while (!over) await history.callUnderOneKey(random)
    })
    await hurting.finally(() => {
      over = true
    })
    await Promise.all(calling)

    await misfortunes.heal()
    // Requests that a provider has in hand are applied, or not, by then.
    await wait(longestLatencyMs + 200)
    await history.repeatAll()

    const stock = takeStock(fleet.simulators)
    const found = history.entries.flatMap((entry) => {
      const wrong = violations(entry, stock)
      return wrong.length === 0 ? [] : [`${wrong.join('\n')}\n${describeEntry(entry)}`]
    })
    console.log(history.summary())
    const all = [...history.denials, ...found]
    expect(all.length, `${all.slice(0, 10).join('\n\n')}\n\n${struck.join('\n')}`).toBe(0)
    await history.expectReplays()
  },
  600_000,
)

class History {
  readonly places: Places
  readonly entries: Entry[] = []
  /** `failed` or `rejected` of what was held. */
  readonly denials: string[] = []
  readonly random: Random
  readonly #fleet: Fleet
  readonly #makeEntry: () => Entry
  readonly #startedAt = performance.now()
  #operations = 0

  constructor(fleet: Fleet, random: Random) {
    this.#fleet = fleet
    this.random = random
    this.places = [...fleet.replicas]
    this.#makeEntry = entrySource(random.fork())
  }

  now(): number {
    return Math.round(performance.now() - this.#startedAt)
  }

  isLongEnough(): boolean {
    return this.#operations >= operations
  }

  /** A caller's life with one key: it repeats its request until it is definite or patience ends. */
  async callUnderOneKey(random: Random): Promise<void> {
    const open = this.entries.slice(-40).filter(({ events }) => !events.some(isDefinite))
    const joins = open.length > 0 && random.chance(0.25)
    const entry = joins ? random.pick(open) : this.#makeEntry()
    if (joins) entry.overlapped = true
    else this.entries.push(entry)
    for (let patience = 1 + random.int(5); patience > 0; patience--) {
      const twice = random.chance(0.1)
      if (twice) entry.overlapped = true
      await Promise.all(Array.from({ length: twice ? 2 : 1 }, () => this.#call(entry, random)))
      if (entry.events.some(isDefinite)) return
      await wait(random.int(400))
    }
  }

  async #call(entry: Entry, random: Random): Promise<void> {
    const place = random.int(this.places.length)
    const hangsUp = random.chance(0.06)
    if (hangsUp) entry.overlapped = true
    const replica = this.places[place]
    if (replica === undefined) return
    this.#operations++
    const signal = hangsUp ? AbortSignal.timeout(random.int(300)) : undefined
    const wasOverlapped = entry.overlapped
    const answer = await this.#send(entry, replica, `process ${place}`, signal)
    if (wasOverlapped || entry.overlapped) return
    const wrong = falseDenials(entry, answer, takeStock(this.#fleet.simulators))
    if (wrong.length > 0) this.denials.push(`${wrong.join('\n')}\n${describeEntry(entry)}`)
  }

  async #send({ key, list, contacts, events }: Entry, replica: Replica, from: string, signal?: AbortSignal) {
    const reply = await replica
      .add(contacts, { key, list, ...(signal !== undefined && { signal }) })
      .catch((error: Error) => error)
    const answer = heard(from, this.#startedAt, reply, replica.output)
    events.push(answer)
    return answer
  }

  /** Repeats every request until it is definite: within a bound, since all works now. */
  async repeatAll(): Promise<void> {
    const queue = this.entries.values()
    const deadline = performance.now() + 90_000
    const work = async () => {
      for (const entry of queue) {
        for (let round = 0; ; round++) {
          const answer = await this.#send(entry, this.#anybody(round), 'in the end')
          if (isDefinite(answer) || performance.now() > deadline) break
          await wait(100)
        }
      }
    }
    await Promise.all(Array.from({ length: 8 }, work))
  }

  /** What is stored is the same bytes everywhere. (Where nothing was applied, nothing is stored.) */
  async expectReplays(): Promise<void> {
    const stored = this.entries.filter(({ events }) => events.at(-1) !== undefined && isBinding(events.at(-1) as Heard))
    for (const entry of stored.slice(0, 50)) {
      const { key, list, contacts } = entry
      const replies = await Promise.all(this.places.map((replica) => replica?.add(contacts, { key, list })))
      expect(new Set(replies.map((reply) => reply?.headers['idempotency-replayed']))).toEqual(new Set(['true']))
      expect(new Set(replies.map((reply) => reply?.text)).size).toBe(1)
    }
  }

  summary(): string {
    const answers: Record<string, number> = {}
    const ends: Record<string, number> = {}
    for (const { events } of this.entries) {
      for (const { lost, status, replayed, stored } of events) {
        const name = lost !== undefined ? 'lost' : `${status}${replayed ?? ''}${stored === false ? ' not stored' : ''}`
        answers[name] = (answers[name] ?? 0) + 1
      }
      for (const { account, status } of events.at(-1)?.outcomes?.flat() ?? []) {
        const name = `${account} ${status}`
        ends[name] = (ends[name] ?? 0) + 1
      }
    }
    return `${this.#operations} operations, ${this.entries.length} keys\nanswers ${JSON.stringify(answers)}\nends ${JSON.stringify(ends)}`
  }

  #anybody(number: number): Replica {
    const replica = this.places[number % this.places.length]
    if (replica === undefined) throw new Error('a process is missing')
    return replica
  }
}

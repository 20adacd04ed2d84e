import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { isLongRun } from '../support/long-run.ts'
import { createRandom, type Random } from '../support/random.ts'
import { startRedis } from '../support/redis.ts'
import { providers, type Replica, startFleet } from '../support/start-fleet.ts'
import { createMisfortunes, longestLatencyMs, type Places } from './history/misfortunes.ts'
import { broken, type Sent, type Subject } from './suppressions/said.ts'

/**
 * Callers add people, one by one, in batches and by imports, under keys that they repeat, while others suppress those people
 * and take that back, processes are killed and stalled, Redis is killed and stalled, and providers are slow or fail. Nothing
 * that began after a suppression was answered reaches a provider with that address on that channel.
 *
 * `SEED=<seed> npx vitest run test/integration/suppressed-history.test.ts` makes the same choices again; when they take
 * effect is up to the machine. `LONG_RUN=1`: 2,000 operations in place of 100, and SQLite as well.
 */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32))
const operations = isLongRun ? 2_000 : 100
const callers = 10
const leaseMs = 1500
const channelsOf: Readonly<Record<Subject['kind'], readonly (readonly string[])[]>> = {
  phone: [['*'], ['sms'], ['whatsapp']],
  email: [['*'], ['email']],
}

test.each(isLongRun ? ['Redis', 'SQLite'] : ['Redis'])(
  `nobody is reached in a history of ${operations} operations over three processes on %s (SEED=${seed})`,
  async (store) => {
    const redis = store === 'Redis' ? await startRedis({ appendOnly: true }) : undefined
    if (redis !== undefined) onTestFinished(() => redis.stop())
    const account = { timeoutMs: 300, breaker: { openMs: 200 } }
    const scopes = ['contacts:read', 'contacts:write', 'imports', 'admin', 'suppressions:read', 'suppressions:write']
    const fleet = await startFleet({
      redisUrl: redis?.url,
      replicas: 3,
      doors: true,
      store: { leaseMs },
      limits: { deadlineMs: 4000, importsPerClient: 10_000 },
      clients: { crm: { scopes } },
      accounts: {
        'oblic-main': { ...account, batchSize: 2 },
        'octopush-fr': { ...account, batchSize: 3 },
        'vobiz-in': account,
      },
    })
    onTestFinished(fleet.close)
    console.log(`SEED=${seed} on ${store}`)
    const random = createRandom(seed)
    const places: Places = [...fleet.replicas]
    const misfortunes = createMisfortunes(fleet, places, redis, leaseMs, random.fork())
    const subjects: Subject[] = Array.from({ length: 24 }, (_, n) => ({
      kind: n % 3 === 0 ? 'email' : 'phone',
      address: n % 3 === 0 ? `someone-${n}@example.com` : `+336${51_000_000 + n}`,
      promised: new Map(),
      isBusy: false,
    }))
    const sent = new Map<string, Sent>()
    const counts: Record<string, number> = {}
    let done = 0
    const count = (what: string) => {
      counts[what] = (counts[what] ?? 0) + 1
    }
    const anybody = (choices: Random) => choices.pick(places) as Replica | undefined

    const send = async (choices: Random) => {
      const batch = Array.from({ length: choices.chance(0.5) ? 1 : 1 + choices.int(6) }, (_, place) => {
        const subject = choices.pick(subjects)
        const name = `op-${done}-${place}`
        sent.set(name, { name, subject, barred: [...subject.promised.keys()] })
        const other = {
          email: `${name}-${seed}@example.com`,
          phone: `+3367${String(done * 10 + place).padStart(7, '0')}`,
        }
        return { name, ...other, [subject.kind]: subject.address }
      })
      const key = choices.chance(0.7) ? `key-${seed}-${done}-0123456789` : undefined
      const headers = {
        ...(key && { 'idempotency-key': key }),
        ...(choices.chance(0.3) && { prefer: 'respond-async' }),
      }
      for (let tries = 0; tries < (key === undefined ? 1 : 3); tries++) {
        const reply = await anybody(choices)
          ?.call('POST', '/lists/newsletter/contacts', { body: { contacts: batch }, headers })
          .catch(() => undefined)
        count(`added ${reply?.status ?? 'lost'}`)
        if (reply?.status === 202 || (reply?.status === 207 && reply.headers['x-items-failed'] === '0')) return
        await wait(choices.int(200))
      }
    }
    const suppress = async (choices: Random) => {
      const subject = choices.pick(subjects)
      const channels = choices.pick(channelsOf[subject.kind])
      if (subject.isBusy) return
      subject.isBusy = true
      const entry = { [subject.kind]: subject.address, channels, reason: 'opt_out' }
      const reply = await anybody(choices)
        ?.call('POST', '/suppressions', { body: { suppressions: [entry] } })
        .catch(() => undefined)
      count(`suppressed ${reply?.status ?? 'lost'}`)
      if (reply?.status === 207 && reply.body.results[0].status !== 'rejected')
        for (const channel of channels) subject.promised.set(channel, performance.now())
      subject.isBusy = false
    }
    const takeBack = async (choices: Random) => {
      const subject = choices.pick(subjects)
      const replica = anybody(choices)
      if (subject.isBusy || replica === undefined) return
      subject.isBusy = true
      const found = await replica
        .call('POST', '/suppressions/search', { body: { [subject.kind]: subject.address } })
        .catch(() => undefined)
      const id: string | undefined = found?.status === 200 ? found.body.items[0]?.id : undefined
      if (id !== undefined) {
        // From here on it may be gone; what began before is still bound by the promise, as it was told.
        subject.promised.clear()
        for (const one of sent.values()) if (one.subject === subject) sent.set(one.name, { ...one, barred: [] })
        const reply = await replica.call('DELETE', `/suppressions/${id}?reason=history`).catch(() => undefined)
        count(`taken back ${reply?.status ?? 'lost'}`)
      }
      subject.isBusy = false
    }

    const violations: string[] = []
    const seen = { oblic: 0, octopush: 0, vobiz: 0 }
    const check = () => {
      for (const provider of providers) {
        const fresh = fleet.simulators[provider].requestTotal() - seen[provider]
        seen[provider] += fresh
        violations.push(...broken(provider, fleet.simulators[provider].requests(fresh), sent))
      }
    }
    let over = false
    const struck: string[] = []
    const hurting = (async () => {
      const choices = random.fork()
      while (!over) {
        struck.push(await misfortunes.strike())
        await wait(choices.int(400))
      }
    })()
    const calling = Array.from({ length: callers }, async () => {
      const choices = random.fork()
      while (done < operations) {
        done++
        const what = choices.int(10)
        if (what < 6) await send(choices)
        else if (what < 9) await suppress(choices)
        else {
          check()
          await takeBack(choices)
        }
      }
    })
    await Promise.all(calling)
    over = true
    await hurting
    await misfortunes.heal()
    const state = async () => (await (places[0] as Replica).call('GET', '/imports?limit=100')).text
    await expect.poll(state, { timeout: 120_000, interval: 500 }).not.toMatch(/"status":"(queued|running)"/)
    await wait(longestLatencyMs + 200)
    check()
    const barred = [...sent.values()].filter(({ barred }) => barred.length > 0).length
    console.log(`${done} operations, ${sent.size} contacts, ${barred} of them barred\n${JSON.stringify(counts)}`)
    expect(violations, `${violations.join('\n')}\n\n${struck.join('\n')}`).toEqual([])
    expect(barred).toBeGreaterThan(0)
  },
  600_000,
)

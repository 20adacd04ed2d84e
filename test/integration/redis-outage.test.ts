import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, onTestFailed, onTestFinished, test, vi } from 'vitest'
import { contactSource, freshKey } from '../support/contact-source.ts'
import { outcomesAt, statesAt } from '../support/outcomes-of.ts'
import { startRedis } from '../support/redis.ts'
import { untilFree } from '../support/repeat.ts'
import { type FleetOptions, type Replica, startFleet } from '../support/start-fleet.ts'

/**
 * Redis goes away before, or while, a keyed request is worked on, or may forget keys; and what a keyed request costs at
 * Redis.
 */
const contacts = contactSource()

async function launch(options: FleetOptions = {}) {
  const redis = await startRedis({ appendOnly: true })
  try {
    return { redis, fleet: await startFleet({ redisUrl: redis.url, ...options }) }
  } catch (error) {
    await redis.stop()
    throw error
  }
}

async function end({ redis, fleet }: Awaited<ReturnType<typeof launch>>): Promise<void> {
  await fleet.close()
  await redis.stop()
}

/** One that outages leave as it was is used by the next test too, as long as none fails. */
let shared: Awaited<ReturnType<typeof launch>> | undefined
async function endShared(): Promise<void> {
  const ended = shared
  shared = undefined
  if (ended !== undefined) await end(ended)
}
afterAll(endShared)

async function startShared() {
  shared ??= await launch({ accounts: { 'oblic-main': { maxConcurrency: 1 } } })
  onTestFailed(endShared)
  const { redis, fleet } = shared
  const { oblic, octopush, vobiz } = fleet.simulators
  for (const simulator of [oblic, octopush, vobiz]) simulator.reset()
  const gateway = fleet.nth(0)
  await untilReady(gateway)
  return { redis, fleet, gateway, oblic, octopush, vobiz }
}

test.each(['killed', 'hanging'] as const)(
  'with Redis %s a keyed write is refused within 1 s and nothing sent; all else works; it mends itself',
  async (way) => {
    const { redis, gateway, oblic, octopush, vobiz } = await startShared()
    const [key, batch] = [freshKey(), contacts(1)]
    const calls = () => [oblic, octopush, vobiz].reduce((sum, simulator) => sum + simulator.requestTotal(), 0)
    await (way === 'killed' ? redis.kill() : redis.pause())

    const times: number[] = []
    for (const _attempt of [1, 2, 3]) {
      const startedAt = performance.now()
      const refused = await gateway.add(batch, { key })
      times.push(performance.now() - startedAt)
      expect([refused.status, refused.body.code]).toEqual([503, 'idempotency-unavailable'])
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    }
    // Of the second nine tenths are waiting: where the machine is busy with other tests, one of three may be late.
    expect(times.sort((one, other) => one - other)[1]).toBeLessThan(1000)
    expect(times[2]).toBeLessThan(2000)
    expect(calls()).toBe(0)
    expect((await gateway.call('GET', '/readyz')).status).toBe(503)
    expect((await gateway.call('GET', '/healthz')).status).toBe(200)
    expect((await gateway.call('GET', '/lists')).status).toBe(200)
    // Without a key nothing goes out either: nobody knows who is suppressed.
    const bare = await gateway.add(contacts(1))
    expect([bare.status, bare.body.code]).toEqual([503, 'store-unavailable'])
    expect(calls()).toBe(0)

    await (way === 'killed' ? redis.restart() : redis.resume())
    await untilReady(gateway)
    const answer = await untilFree(() => gateway.add(batch, { key }))
    expect(answer.status).toBe(207)
    expect(statesAt('octopush-fr', answer)).toEqual(['created'])
    expect(oblic.counts().sends).toBe(1)
  },
  60_000,
)

test('a request that Redis, killed and back, never heard of is not taken for one that was sent', async () => {
  const { redis, gateway, oblic } = await startShared()
  const [key, batch] = [freshKey(), contacts(1)]
  await redis.kill()
  expect((await gateway.add(batch, { key })).status).toBe(503)
  await redis.restart()
  await untilReady(gateway)
  const answer = await gateway.add(batch, { key })
  expect(answer.headers['idempotency-replayed']).toBeUndefined()
  expect(statesAt('oblic-main', answer)).toEqual(['accepted'])
  expect(oblic.counts().sends).toBe(1)
}, 60_000)

test('when Redis dies between two chunks the next one is not sent, and a repeat sends it', async () => {
  const { redis, gateway, oblic } = await startShared()
  const [key, batch] = [freshKey(), contacts(300)]
  oblic.setBehaviour({ latencyMs: 500 })
  const sent = gateway.add(batch, { key, list: 'mail' })
  await oblic.waitForRequest(() => true)
  await redis.kill()
  const partly = await sent
  expect(partly.body.summary.outcomes).toEqual({ accepted: 100, failed: 200 })
  expect(partly.headers['idempotency-stored']).toBe('false')
  const reasons = outcomesAt('oblic-main', partly).map(({ error }) => error?.code)
  expect(new Set(reasons.slice(100))).toEqual(new Set(['store_unavailable']))
  expect(oblic.requestTotal()).toBe(1)

  oblic.setBehaviour({})
  await redis.restart()
  await untilReady(gateway)
  const repeated = await untilFree(() => gateway.add(batch, { key, list: 'mail' }))
  expect(repeated.headers['idempotency-replayed']).toBe('resumed')
  expect(repeated.body.summary.outcomes).toEqual({ accepted: 300 })
  expect(oblic.counts()).toMatchObject({ total: 300, sends: 300 })
}, 60_000)

test('when Redis dies after the sending the caller gets the true result, marked as not stored', async () => {
  const { redis, fleet, gateway, oblic, vobiz } = await startShared()
  // Its process is killed.
  onTestFinished(endShared)
  oblic.setBehaviour({ latencyMs: 500 })
  const [key, batch] = [freshKey(), contacts(1)]
  const sent = gateway.add(batch, { key })
  await oblic.waitForRequest(() => true)
  await redis.kill()
  const answer = await sent
  expect(answer.body.summary.outcomes).toEqual({ accepted: 1, created: 2 })
  expect(answer.headers['idempotency-stored']).toBe('false')

  // The process has kept it: a repeat there gets it, with Redis or without.
  oblic.setBehaviour({})
  const meanwhile = await gateway.add(batch, { key })
  expect([meanwhile.text, meanwhile.headers['idempotency-replayed']]).toEqual([answer.text, 'true'])
  expect(meanwhile.headers['idempotency-stored']).toBe('false')

  // Without that process the claim on the disk is left: a repeat finds it, and does not send to Oblic again.
  await gateway.kill()
  await redis.restart()
  const other = await fleet.start()
  await untilReady(other)
  const repeated = await untilFree(() => other.add(batch, { key }))
  expect(statesAt('oblic-main', repeated)).toEqual(['unknown'])
  expect(['created', 'updated']).toContain(statesAt('vobiz-in', repeated)[0])
  expect(oblic.contacts()).toMatchObject([{ sends: 1 }])
  expect(vobiz.contacts()).toHaveLength(1)
}, 60_000)

test('a Redis that may evict keys is warned of at the start, and unready where that is demanded', async () => {
  const redis = await startRedis({ args: ['--maxmemory-policy', 'allkeys-lru'] })
  onTestFinished(() => redis.stop())
  const start = async (store: FleetOptions['store'] = {}) => {
    const fleet = await startFleet({ redisUrl: redis.url, store })
    onTestFinished(fleet.close)
    return fleet
  }
  const [lenient, strict] = await Promise.all([start(), start({ requireNoEviction: true })])
  const readiness = (gateway: Replica) => gateway.call('GET', '/readyz')

  await lenient.nth(0).printed(/"level":40,.*"msg":"Redis has maxmemory-policy allkeys-lru.*noeviction/)
  await expect.poll(async () => (await readiness(lenient.nth(0))).status).toBe(200)
  // At first it may say that the store cannot be reached yet.
  const whyUnready = async () => {
    const { status, body } = await readiness(strict.nth(0))
    return [status, body.code, body.detail]
  }
  await expect.poll(whyUnready).toEqual([503, 'idempotency-unavailable', expect.stringContaining('noeviction')])

  const admin = connectTo(redis.url)
  await admin.config('SET', 'maxmemory-policy', 'noeviction')
  expect((await readiness(strict.nth(0))).status).toBe(200)
}, 60_000)

// A lease is far from being renewed, or over, before either test ends.
let patient: Awaited<ReturnType<typeof launch>>
beforeAll(async () => {
  patient = await launch({ store: { leaseMs: 60_000 }, accounts: { 'oblic-main': { retries: 0 } } })
  return () => end(patient)
})

test('a keyed request of one chunk costs two round trips to Redis, a replay one, an invalid key none', async () => {
  // A request under which the lease is renewed would count one more.
  const { redis, fleet } = patient
  const gateway = fleet.nth(0)
  const monitor = await watchCommands(redis.port)
  const admin = connectTo(redis.url)
  /** The commands of the gateway while `work` ran: they have all been seen once our own, sent after, is. */
  const commandsOf = async (work: () => Promise<unknown>) => {
    await admin.echo('begin')
    await monitor.until('begin')
    await work()
    await admin.echo('end')
    return monitor.until('end')
  }

  // Whether the number or the e-mail is suppressed is asked in the packet of the claim (test/http/suppressed-waits.test.ts).
  const lookUp = ['evalsha']
  // The first use of a script on a connection sends it whole.
  await gateway.add(contacts(300), { key: freshKey(), list: 'mail' })
  await gateway.add(contacts(1), { key: freshKey() })
  // What the processes ask for themselves now and then may come between; a request that costs more never costs less.
  const costs = (work: () => Promise<unknown>, commands: readonly string[]) =>
    expect.poll(() => commandsOf(work), { interval: 100 }).toEqual(commands)
  let [key, batch] = [freshKey(), contacts(1)]
  const addFresh = () => {
    ;[key, batch] = [freshKey(), contacts(1)]
    return gateway.add(batch, { key })
  }
  await costs(addFresh, [...lookUp, 'evalsha', 'evalsha'])
  await costs(() => gateway.add(batch, { key }), [...lookUp, 'evalsha'])
  await costs(() => gateway.add(contacts(1), { key }), [...lookUp, 'evalsha'])
  await costs(() => gateway.add(contacts(1), { key: 'too-short' }), [])
  await costs(() => gateway.add(contacts(1), { key: `${'wild*'.repeat(5)}` }), [])
  await costs(() => gateway.add([{ phone: 5 }], { key: freshKey() }), [])
  await costs(() => gateway.add(contacts(1)), lookUp)
  // Three chunks to Oblic: each is marked before it goes. The addresses of all are asked for 512 at a time.
  const ofThree = Array.from({ length: 5 }, () => 'evalsha')
  await costs(() => gateway.add(contacts(300), { key: freshKey(), list: 'mail' }), [...lookUp, ...lookUp, ...ofThree])
}, 60_000)

test('when Redis dies before a key of which nothing was applied is free again, it is free soon after', async () => {
  const { redis, fleet } = patient
  const { oblic } = fleet.simulators
  const gateway = fleet.nth(0)
  oblic.reset()
  oblic.setBehaviour({ latencyMs: 500, rateLimit: {}, times: 1 })
  const [key, batch] = [freshKey(), contacts(1)]
  const sent = gateway.add(batch, { key, list: 'mail' })
  await oblic.waitForRequest(() => true)
  await redis.kill()
  const answer = await sent
  expect(statesAt('oblic-main', answer)).toEqual(['failed'])

  await redis.restart()
  await untilReady(gateway)
  const repeated = await untilFree(() => gateway.add(batch, { key, list: 'mail' }))
  expect(repeated.headers['idempotency-replayed']).toBeUndefined()
  expect(statesAt('oblic-main', repeated)).toEqual(['accepted'])
}, 60_000)

async function untilReady(gateway: Replica): Promise<void> {
  await vi.waitFor(async () => expect((await gateway.call('GET', '/readyz')).status).toBe(200), { timeout: 10_000 })
}

/** What `MONITOR` shows: the names of all commands that clients send. */
async function watchCommands(port: number) {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  socket.write('MONITOR\r\n')
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  await lines.next()
  return {
    /** Those before an `ECHO` of this text. */
    async until(echoed: string): Promise<string[]> {
      const names: string[] = []
      for (;;) {
        const { value: line = '' } = await lines.next()
        // What a script does inside the server is no round trip; and the processes tell each other how many requests
        // they had once in a while, not with each request.
        const [, source, name = '', first] = /\[\d+ (\S+)\] "([^"]+)"(?: "([^"]*)")?/.exec(line) ?? []
        if (name.toLowerCase() === 'echo' && first === echoed) return names
        if (source !== 'lua' && !line.includes('"cgw:quota:')) names.push(name.toLowerCase())
      }
    },
  }
}

function connectTo(url: string): Redis {
  const redis = new Redis(url)
  onTestFinished(() => redis.disconnect())
  return redis
}

import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { readMetrics } from '../support/read-metrics.ts'
import { startRedis } from '../support/redis.ts'
import type { RunningRedis } from '../support/redis-server.ts'
import { type Fleet, type Replica, startFleet } from '../support/start-fleet.ts'
import { spawnGateway } from '../support/start-process.ts'

/** `WORKERS`: several processes that serve at one address. */
let redis: RunningRedis
/** One after the other the tests look at it, kill a part of it, and end it. */
let shared: Fleet
beforeAll(async () => {
  redis = await startRedis()
  shared = await start({ LOG_LEVEL: 'debug' })
})
afterAll(async () => {
  await shared?.close()
  await redis.stop()
})

async function start(env: Readonly<Record<string, string>> = {}): Promise<Fleet> {
  const settings = { WORKERS: '2', DRAIN_DELAY_MS: '0', METRICS_PORT: '0', ...env }
  const fleet = await startFleet({ redisUrl: redis.url, env: settings })
  await listening(fleet.nth(0), 2)
  return fleet
}

const people = Array.from({ length: 60 }, (_, index) => ({ phone: `+336400000${String(index).padStart(2, '0')}` }))

/** The process ids of those that have begun to listen, in their order. */
function pidsOf(replica: Replica): number[] {
  return linesOf(replica, 'listening').map(({ pid }) => Number(pid))
}
async function listening(replica: Replica, count: number): Promise<number[]> {
  await vi.waitFor(() => expect(pidsOf(replica)).toHaveLength(count), { timeout: 30_000 })
  return pidsOf(replica)
}
/** Whatever is printed is whole lines of JSON. */
function linesOf(replica: Replica, event?: string): Record<string, unknown>[] {
  const lines = replica.output().split('\n').slice(0, -1)
  const read = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  return read.filter((line) => event === undefined || line.event === event)
}
const metricsUrlOf = (replica: Replica) => String(linesOf(replica, 'listening')[0]?.metricsUrl)
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
/** On a connection of its own each, so that they are spread. */
const addEach = (replica: Replica) =>
  Promise.all(
    people.map(async (contact) => {
      const answer = await fetch(`${replica.url}/lists/sms/contacts`, {
        method: 'POST',
        headers: { authorization: replica.authorization, 'content-type': 'application/json', connection: 'close' },
        body: JSON.stringify({ contacts: [contact] }),
      })
      return answer.status
    }),
  )

test('connections are spread over all processes; the metrics, whoever is asked, are of all; every line of the log is whole', async () => {
  const replica = shared.nth(0)
  expect(await addEach(replica)).toEqual(people.map(() => 207))
  const perProcess = async () => {
    const metrics = await readMetrics(metricsUrlOf(replica))
    const labels = { method: 'POST', route: '/lists/:listId/contacts', status: '207' }
    const name = 'contact_gateway_request_duration_seconds_count'
    return ['1', '2'].map((process) => metrics.value(name, { ...labels, process }))
  }
  const counts = await perProcess()
  // Who is free takes the next one, so that they need not be as many.
  expect(counts[0]).toBeGreaterThan(2)
  expect(counts[1]).toBeGreaterThan(2)
  expect((counts[0] as number) + (counts[1] as number)).toBe(people.length)
  for (let scrape = 0; scrape < 4; scrape++) expect(await perProcess()).toEqual(counts)
  expect(linesOf(replica).length).toBeGreaterThan(people.length)
  expect(new Set(pidsOf(replica))).toHaveLength(2)
})

test('they take over a configuration at SIGHUP, all of them', async () => {
  const replica = shared.nth(0)
  process.kill(replica.pid, 'SIGHUP')
  await expect.poll(() => new Set(linesOf(replica, 'reload').map(({ pid }) => pid)).size).toBe(2)
})

test('one that is killed leaves the address to the others, and another begins', async () => {
  const replica = shared.nth(0)
  const [first] = pidsOf(replica)
  process.kill(first as number, 'SIGKILL')
  // What it has accepted is reset.
  await expect.poll(() => isAlive(first as number)).toBe(false)
  expect(await addEach(replica)).toEqual(people.map(() => 207))
  const pids = await listening(replica, 3)
  expect(linesOf(replica, 'process_ended')).toMatchObject([{ process: 1, signal: 'SIGKILL' }])
  expect(await addEach(replica)).toEqual(people.map(() => 207))
  expect(pids.filter(isAlive)).toHaveLength(2)
  expect((await readMetrics(metricsUrlOf(replica))).text).toMatch(/process="1"[\s\S]*process="2"/)
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  'at %s all of them end what is in flight, however often a terminal tells it, and then the first one ends',
  { timeout: 60_000 },
  async (signal) => {
    const fleet = signal === 'SIGTERM' ? shared : await start()
    if (fleet !== shared) onTestFinished(fleet.close)
    const replica = fleet.nth(0)
    fleet.simulators.octopush.setBehaviour({ latencyMs: 700 })
    const answers = addEach(replica)
    await fleet.simulators.octopush.waitForRequest(() => true)
    await wait(200)
    const pids = pidsOf(replica)
    // As a terminal does: to each of them.
    if (signal === 'SIGINT') for (const pid of pids) process.kill(pid, signal)
    process.kill(replica.pid, signal)
    expect(await answers).toEqual(people.map(() => 207))
    expect(await replica.ended).toBe(0)
    expect(pids.filter(isAlive)).toEqual([])
  },
)

test('without Redis they are refused, and a mistake is told once', async () => {
  const refused = spawnGateway({
    WORKERS: '2',
    PORT: '0',
    GATEWAY_CONFIG: '/nowhere/gateway.yaml',
    DATA_DIR: ':memory:',
  })
  expect(await refused.ended).toBe(78)
  expect(refused.output().split('WORKERS must be 1')).toHaveLength(2)
  const odd = spawnGateway({
    WORKERS: 'many',
    PORT: '0',
    REDIS_URL: redis.url,
    GATEWAY_CONFIG: '/nowhere/gateway.yaml',
  })
  expect(await odd.ended).toBe(78)
  expect(odd.output()).toContain('WORKERS')
})

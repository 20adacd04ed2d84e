import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { createKey } from '../../src/config/client-directory.ts'
import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { startSimulators } from '../../src/simulators/start.ts'
import { contactSource, freshKey, type TestContact } from '../support/contact-source.ts'
import { isLongRun } from '../support/long-run.ts'
import { ownPort } from '../support/own-port.ts'
import { startRedis } from '../support/redis.ts'
import { startNginx } from '../support/start-nginx.ts'
import { type GatewayProcess, startProcess } from '../support/start-process.ts'

/**
 * Two replicas behind nginx under 60 requests a second (`LONG_RUN=1`: 200), each with a key and a contact of its own,
 * while they are restarted one after the other, and while one is killed. Requests go out by the clock, and nobody repeats
 * a request that failed: what a caller would not notice must not depend on the caller.
 */
const perSecond = isLongRun ? 200 : 60
/** So that as many requests are in flight at a time. */
const latencyMs = isLongRun ? 25 : 80
const rounds = Number(process.env.ROUNDS ?? (isLongRun ? 10 : 1))
const leaseMs = 1_500
const contacts = contactSource(100_000)

type Sent = {
  readonly contact: TestContact
  readonly key: string
  readonly at: number
  endedAt?: number
  /** The status, or why there was none. */
  ended?: string
}

/** @param whenDone is given what closes it, to be called in the reverse order */
async function start(whenDone: (close: () => unknown) => void) {
  // It lives all the time: that it wrote to the disk for each answer would be a matter of the disk alone.
  const redis = await startRedis()
  whenDone(() => redis.stop())
  const simulators = await startSimulators({ recordRequests: false })
  whenDone(() => simulators.close())
  const folder = mkdtempSync(join(tmpdir(), 'gateway-rolling-'))
  whenDone(() => rmSync(folder, { recursive: true, force: true }))
  const { key, hash } = createKey('crm')
  const { accounts, lists } = gatewayDocument(simulators)
  const crm = {
    keys: [{ hash }],
    networks: ['127.0.0.0/8'],
    scopes: ['contacts:write'],
    lists: ['*'],
    accounts: ['*'],
    rateLimit: { requests: 1_000_000, windowSeconds: 60 },
  }
  const wide = Object.fromEntries(
    Object.entries(accounts).map(([id, account]) => [id, { ...account, maxConcurrency: 50 }]),
  )
  writeFileSync(
    join(folder, 'gateway.json'),
    JSON.stringify({
      server: { docs: false, trustedProxies: ['127.0.0.0/8'] },
      store: { leaseMs },
      accounts: wide,
      lists,
      clients: { crm },
    }),
  )
  const ports = [await ownPort(), await ownPort()] as const
  const launch = async (place: 0 | 1): Promise<GatewayProcess> => {
    const gateway = await startProcess({
      GATEWAY_CONFIG: join(folder, 'gateway.json'),
      REDIS_URL: redis.url,
      DATA_DIR: folder,
      PORT: String(ports[place]),
      DRAIN_DELAY_MS: '500',
    })
    whenDone(() => void gateway.child.kill('SIGKILL'))
    return gateway
  }
  const replicas = await Promise.all([launch(0), launch(1)])
  const nginx = await startNginx(ports)
  whenDone(() => nginx.stop())
  const pool = new Pool(nginx.url, { connections: 256, headersTimeout: 30_000 })
  whenDone(() => pool.destroy())

  const send = async (request: Sent): Promise<string> => {
    try {
      const answer = await pool.request({
        method: 'POST',
        path: '/lists/newsletter/contacts',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'idempotency-key': request.key,
        },
        body: JSON.stringify({ contacts: [request.contact] }),
      })
      const text = await answer.body.text()
      if (answer.statusCode !== 207) return `${answer.statusCode} ${/"code":"([^"]+)"/.exec(text)?.[1] ?? ''}`
      const bad = /"status":"(failed|rejected)"/.exec(text)?.[1]
      return bad === undefined ? '207' : `207 ${bad}`
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'no answer'
    }
  }
  return { simulators, replicas, launch, nginx, send }
}

let ground: Awaited<ReturnType<typeof start>>
beforeAll(async () => {
  const closing: (() => unknown)[] = []
  const end = async () => {
    for (const close of closing.toReversed()) await close()
  }
  ground = await start((close) => closing.push(close)).catch(async (error) => {
    await end()
    throw error
  })
  return end
})
beforeEach(() => {
  const { oblic, octopush, vobiz } = ground.simulators
  for (const simulator of [oblic, octopush, vobiz]) {
    simulator.reset()
    // So that some requests are always in flight.
    simulator.setBehaviour({ latencyMs })
  }
})

function startLoad(sent: Sent[], send: (request: Sent) => Promise<string>) {
  const running = new Set<Promise<void>>()
  const startedAt = performance.now()
  let begun = 0
  const timer = setInterval(() => {
    // By the clock: a timer that comes late makes up for it.
    for (; begun < ((performance.now() - startedAt) / 1_000) * perSecond; begun++) {
      const request: Sent = { contact: contacts(1)[0] as TestContact, key: freshKey(), at: performance.now() }
      sent.push(request)
      const call = send(request).then((ended) => {
        request.ended = ended
        request.endedAt = performance.now()
        running.delete(call)
      })
      running.add(call)
    }
  }, 5)
  return {
    inFlight: () => running.size,
    async stop() {
      clearInterval(timer)
      await Promise.all(running)
    },
  }
}

const summary = (sent: readonly Sent[]) =>
  Object.fromEntries([...Map.groupBy(sent, ({ ended }) => ended)].map(([ended, all]) => [ended, all.length]))

test(`two replicas are restarted one after the other, ${rounds} time(s): no request fails, nobody is sent twice`, {
  timeout: 300_000,
}, async () => {
  const { simulators, replicas, launch, send, nginx } = ground
  const sent: Sent[] = []
  const traffic = startLoad(sent, send)
  await wait(1_000)
  for (let round = 0; round < rounds; round++)
    for (const place of [0, 1] as const) {
      replicas[place]?.child.kill('SIGTERM')
      expect(await replicas[place]?.ended).toBe(0)
      replicas[place] = await launch(place)
      await wait(500)
    }
  await traffic.stop()
  console.log(
    JSON.stringify(summary(sent)),
    nginx
      .errors()
      .split('\n')
      .filter((line) => !line.includes('connect() failed'))
      .join('\n'),
  )
  expect(summary(sent)).toEqual({ 207: sent.length })
  expect(sent.length).toBeGreaterThan(perSecond * 3)
  expect(new Set(simulators.oblic.contacts().map(({ sends }) => sends))).toEqual(new Set([1]))
  expect(simulators.oblic.counts().sends).toBe(sent.length)
  expect(simulators.vobiz.counts().total).toBe(sent.length)
})

test('kill -9 of one replica: only its requests in flight fail, and their repeats under the same key settle', {
  timeout: 120_000,
}, async () => {
  const { simulators, replicas, send } = ground
  const sent: Sent[] = []
  const traffic = startLoad(sent, send)
  await wait(1_500)
  const inFlight = traffic.inFlight()
  replicas[0]?.child.kill('SIGKILL')
  const killedAt = performance.now()
  await replicas[0]?.ended
  await wait(2_500)
  await traffic.stop()

  const failed = sent.filter(({ ended }) => ended !== '207')
  console.log(JSON.stringify({ ...summary(sent), inFlight }))
  expect(failed.length).toBeGreaterThan(0)
  // Half of them were at the other one; a few more had been sent between the count and the signal.
  expect(failed.length).toBeLessThanOrEqual(inFlight + 5)
  for (const { at, endedAt } of failed) {
    expect(at).toBeLessThan(killedAt + 1_000)
    expect(endedAt).toBeGreaterThan(killedAt)
  }

  for (const request of failed) await expect.poll(() => send(request), { timeout: 10_000, interval: 100 }).toBe('207')
  expect(Math.max(...simulators.oblic.contacts().map(({ sends }) => sends))).toBe(1)
  expect(simulators.vobiz.counts().total).toBe(sent.length)
})

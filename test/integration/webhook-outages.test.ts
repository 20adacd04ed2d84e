import { describe, type ExpectStatic, type TestContext, test } from 'vitest'
import { type FaultProxy, type ProxyRule, startFaultProxy } from '../support/fault-proxy.ts'
import { isLongRun } from '../support/long-run.ts'
import { startRedis } from '../support/redis.ts'
import type { RunningRedis } from '../support/redis-server.ts'
import { testStoreKey } from '../support/sealed.ts'
import { type Replica, startFleet } from '../support/start-fleet.ts'
import { startReceiver } from '../support/start-receiver.ts'
import {
  allIsTold,
  type Causes,
  hangNowAndThen,
  pause,
  scopes,
  suppressThree,
  toldEvents,
  uploadTwo,
} from './webhooks/causes.ts'

/** Each outage, or many of them. */
const rounds = isLongRun ? 24 : 4

type Outage = { readonly begin: () => Promise<void>; readonly end: () => Promise<void> }

/** How Redis is away, each begun right after a cause was answered, or while its event is carried and delivered. */
const outages: Readonly<Record<string, (redis: RunningRedis, way: FaultProxy) => Outage>> = {
  'that is killed and started again': (redis) => ({ begin: () => redis.kill(), end: () => redis.restart() }),
  'that hangs': (redis) => ({ begin: () => redis.pause(), end: () => redis.resume() }),
  'that takes what it is told, and whose answers never come': (_redis, way) => struck(way, { way: 'stall-after' }),
  'that takes what it is told, and is cut off before it answers': (_redis, way) => struck(way, { way: 'reset-after' }),
}

function struck(way: FaultProxy, rule: ProxyRule): Outage {
  return { begin: () => way.set(rule), end: () => way.set() }
}

/** They wait most of the time, each for its own. */
describe.concurrent('Events, with a Redis', () => {
  const start = async (onTestFinished: TestContext['onTestFinished']) => {
    const closing: (() => Promise<unknown>)[] = []
    onTestFinished(async () => {
      for (const close of closing.reverse()) await close()
    })
    // What Redis has answered it has kept.
    const redis = await startRedis({ appendOnly: true })
    closing.push(() => redis.stop())
    const way = await startFaultProxy(redis.port)
    closing.push(() => way.close())
    const receiver = await startReceiver()
    closing.push(() => receiver.close())
    const webhooks = [receiver.entry(toldEvents, { addresses: true })]
    const fleet = await startFleet({
      redisUrl: `redis://127.0.0.1:${way.port}`,
      replicas: 2,
      env: { STORE_KEY: testStoreKey },
      clients: { crm: { scopes, webhooks } },
    })
    closing.push(() => fleet.close())
    return { redis, way, receiver, fleet }
  }

  test.for(Object.entries(outages))(
    '%s, are all told of what was answered as done, each under one id with one body',
    { timeout: 240_000 },
    async ([, outageOf], { expect, onTestFinished }) => {
      const { redis, way, receiver, fleet } = await start(onTestFinished)
      const { begin, end } = outageOf(redis, way)
      const causes: Causes = { suppressed: [], imports: [] }
      let thinking = Promise.withResolvers<void>()
      const letGo = hangNowAndThen(receiver, () => thinking.resolve())
      for (let round = 0; round < rounds; round++) {
        const replica = fleet.nth(round)
        await untilReady(expect, fleet.replicas)
        causes.imports.push(...(await untilDone(() => uploadTwo(replica, round))))
        causes.suppressed.push(...(await untilDone(() => suppressThree(replica, round))))
        if (round % 3 === 1) await Promise.race([thinking.promise, pause(3_000)])
        else if (round % 3 === 2) await pause(20 * round)
        await begin()
        // What is caused meanwhile is refused, or it is told.
        const [unsure] = await Promise.all([suppressThree(fleet.nth(round + 1), 1_000 + round), pause(1_500)])
        causes.suppressed.push(...unsure)
        await end()
        letGo()
        thinking = Promise.withResolvers<void>()
      }
      await untilReady(expect, fleet.replicas)
      await allIsTold(expect, receiver, fleet.replicas, causes)
    },
  )
})

/** A connection that was lost may come back after those that say that the process is ready. */
async function untilDone(cause: () => Promise<readonly string[]>): Promise<readonly string[]> {
  for (;;) {
    const ids = await cause()
    if (ids.length > 0) return ids
    await pause(100)
  }
}

async function untilReady(expect: ExpectStatic, replicas: readonly Replica[]): Promise<void> {
  for (const replica of replicas)
    await expect
      .poll(async () => (await replica.call('GET', '/readyz')).status, { timeout: 20_000, interval: 100 })
      .toBe(200)
}

import { connect } from 'node:net'
import { StatementSync } from 'node:sqlite'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { type ImportStoreUnderTest, importStores } from '../support/import-stores.ts'
import { quantile } from '../support/process-size.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

/** Whoever may write to the list, and not read it, is not to find out who is on it: neither from answers nor from their time. */
const clients = { blind: { scopes: ['suppressions:write', 'contacts:read'] } }
const phoneOf = (number: number) => `+336${String(number).padStart(8, '0')}`
const ofList = /suppress/

/** What the gateway asks the list for, by name, since the last time. */
type AskedOfList = () => Promise<readonly string[]>

async function watchRedis(url: string): Promise<AskedOfList> {
  const redis = new Redis(url)
  const monitor = connect(Number(new URL(url).port), '127.0.0.1')
  onTestFinished(() => {
    monitor.destroy()
    redis.disconnect()
  })
  let text = ''
  let look = () => {}
  monitor.setEncoding('latin1').on('data', (more) => {
    text += more
    look()
  })
  monitor.write('MONITOR\r\n')
  let marks = 0
  return async () => {
    const mark = `seen until ${marks++}`
    const { promise, resolve } = Promise.withResolvers<void>()
    look = () => text.includes(mark) && resolve()
    await redis.echo(mark)
    look()
    await promise
    const lines = text.split('\r\n')
    text = ''
    // What scripts do is no round trip.
    const commands = lines.filter((line) => ofList.test(line) && !line.includes(' lua] '))
    return commands.map((line) => String(/\] "(\w+)"/.exec(line)?.[1]).toLowerCase()).sort()
  }
}

function watchSqlite(): AskedOfList {
  let asked: string[] = []
  const own = StatementSync.prototype as unknown as Record<string, (...parts: unknown[]) => unknown>
  for (const name of ['run', 'get', 'all']) {
    const real = own[name] as (...parts: unknown[]) => unknown
    own[name] = function (this: StatementSync, ...parts: unknown[]) {
      if (ofList.test(this.sourceSQL)) asked.push(this.sourceSQL.trim().slice(0, 40))
      return real.apply(this, parts)
    }
    onTestFinished(() => {
      own[name] = real
    })
  }
  return async () => {
    const before = asked
    asked = []
    return before.sort()
  }
}

const watch = ({ env }: ImportStoreUnderTest) =>
  env.REDIS_URL === undefined ? Promise.resolve(watchSqlite()) : watchRedis(env.REDIS_URL)

const say = async (gateway: TestGateway, phones: readonly string[], key = gateway.key('blind')) => {
  const suppressions = phones.map((phone) => ({ phone, reason: 'manual' }))
  const { status, body } = await gateway.call('POST', '/suppressions', { body: { suppressions }, key })
  expect(status).toBe(207)
  return body.summary
}

test.each(importStores)(
  'known and unknown addresses cost a client that may not read the list as much: %s',
  async (name, open) => {
    const store = await open()
    onTestFinished(() => store.close())
    const gateway = await startGateway({ clients, env: store.env })
    onTestFinished(() => gateway.close())
    const asked = await watch(store)
    const { oblic, octopush, vobiz } = gateway.simulators
    const providers = () => [oblic, octopush, vobiz].map((simulator) => simulator.requestTotal())
    // Scripts are sent whole the first time.
    for (const key of [undefined, gateway.key('crm')]) await say(gateway, [phoneOf(0)], key)
    await asked()
    const costOf = async (phones: readonly string[]) => {
      const summary = await say(gateway, phones)
      return { summary, asked: await asked() }
    }
    const before = providers()
    for (const count of [1, 7, 300]) {
      const phones = Array.from({ length: count }, (_, at) => phoneOf(10_000 * count + at))
      const unknown = await costOf(phones)
      expect(unknown.asked.length).toBeGreaterThan(0)
      // By now they are known; and known as what can be changed by no such request.
      expect(await costOf(phones)).toEqual(unknown)
      await gateway.call('POST', '/suppressions', {
        body: { suppressions: phones.map((phone) => ({ phone, reason: 'complaint' })) },
      })
      await asked()
      expect(await costOf(phones)).toEqual(unknown)
    }
    expect(providers()).toEqual(before)

    const times = { known: [] as number[], unknown: [] as number[] }
    for (let at = 0; at < 300; at++)
      for (const kind of at % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)) {
        const start = performance.now()
        await say(gateway, [phoneOf(kind === 'known' ? 10_000 : 40_000_000 + at)])
        times[kind].push(performance.now() - start)
      }
    const [known, unknown] = [quantile(times.known, 0.5), quantile(times.unknown, 0.5)]
    console.log(
      `${name}: ${known.toFixed(2)} ms known, ${unknown.toFixed(2)} ms unknown: ${(known / unknown).toFixed(2)}`,
    )
  },
  60_000,
)

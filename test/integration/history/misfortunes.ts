import { setTimeout as wait } from 'node:timers/promises'
import type { Behaviour } from '../../../src/simulators/behaviour.ts'
import type { Random } from '../../support/random.ts'
import type { RunningRedis } from '../../support/redis-server.ts'
import { type Fleet, type Provider, providers, type Replica } from '../../support/start-fleet.ts'

/** What may happen to a history, and the mending of all of it. */
export type Misfortunes = {
  /** Lets one thing happen and, but for a provider's behaviour, pass. Its name is the answer. */
  strike(): Promise<string>
  /** Everything works again. */
  heal(): Promise<void>
}

/** The processes of a history by their place; one that is being replaced is not there. */
export type Places = (Replica | undefined)[]

/** Longer than a provider's call may take: a request that is applied after its caller gave up. */
export const longestLatencyMs = 600

const behaviours: readonly Behaviour[] = [
  { hang: 'after' },
  { hang: 'before' },
  { reset: 'before' },
  { reset: 'after' },
  { reset: 'mid-response' },
  { status: 500 },
  { status: 503 },
  { statusAfterApplying: 500 },
  { rateLimit: {} },
  { rateLimit: { retryAfter: 1 } },
  { latencyMs: 100 },
  { latencyMs: longestLatencyMs },
  { garbage: {} },
  { garbage: { when: 'after' } },
]

export function createMisfortunes(
  { simulators, doors, start }: Fleet,
  places: Places,
  redis: RunningRedis | undefined,
  leaseMs: number,
  random: Random,
): Misfortunes {
  const misbehave = async (provider: Provider) => {
    const behaviour = { ...random.pick(behaviours), ...(random.chance(0.5) && { times: 1 + random.int(6) }) }
    simulators[provider].setBehaviour(behaviour)
    return `${provider} ${JSON.stringify(behaviour)}`
  }
  const behave = async (provider: Provider) => {
    simulators[provider].setBehaviour({})
    return `${provider} behaves`
  }
  const beDown = async (provider: Provider) => {
    await doors[provider].shut()
    await wait(100 + random.int(400))
    await doors[provider].open()
    return `${provider} was down`
  }
  /** Waits, not for long, for a moment at which a provider has requests in hand that it will be slow to answer. */
  const untilInHand = async () => {
    const provider = random.pick<Provider>(['oblic', 'oblic', 'octopush', 'vobiz'])
    const slowness = random.pick<Behaviour>([{ hang: 'after' }, { hang: 'before' }, { latencyMs: 200 }])
    simulators[provider].setBehaviour({ ...slowness, times: 10 })
    const now = new Date().toISOString()
    const isNew = simulators[provider].waitForRequest(
      ({ at, fault, applied }) => at > now && (applied || fault !== 'hang'),
    )
    await Promise.race([isNew, wait(500)])
  }
  const killProcess = async () => {
    if (random.chance(0.8)) await untilInHand()
    const place = random.int(places.length)
    const victim = places[place]
    places[place] = undefined
    await victim?.kill()
    places[place] = await start()
    return `process ${place} was killed and started again`
  }
  const stallProcess = async () => {
    if (random.chance(0.8)) await untilInHand()
    const place = random.int(places.length)
    const victim = places[place]
    victim?.freeze()
    await wait(random.chance(0.7) ? leaseMs + 300 : 200)
    victim?.thaw()
    return `process ${place} stalled`
  }
  const killRedis = async (server: RunningRedis) => {
    if (random.chance(0.5)) await untilInHand()
    await server.kill()
    await wait(random.int(1200))
    await server.restart()
    return 'Redis was killed and started again'
  }
  const stallRedis = async (server: RunningRedis) => {
    await server.pause()
    await wait(200 + random.int(1200))
    await server.resume()
    return 'Redis stalled'
  }

  const all: (() => Promise<string>)[] = [
    () => misbehave('oblic'),
    () => misbehave('octopush'),
    () => misbehave('vobiz'),
    () => misbehave(random.pick(providers)),
    () => behave(random.pick(providers)),
    () => beDown(random.pick(providers)),
    killProcess,
    killProcess,
    stallProcess,
    stallProcess,
    ...(redis === undefined ? [] : [() => killRedis(redis), () => stallRedis(redis)]),
  ]
  // All of them in turn, in an order of chance, so that a short history meets each of them too.
  let coming: typeof all = []
  return {
    async strike() {
      if (coming.length === 0) coming = random.shuffle(all)
      return (coming.pop() ?? killProcess)()
    },
    async heal() {
      for (const provider of providers) await behave(provider)
    },
  }
}

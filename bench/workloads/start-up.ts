import { setTimeout as wait } from 'node:timers/promises'
import { usageOf, wakeUpsOf } from '../machine.ts'
import { atMost, type Section, showFigure } from '../report/section.ts'
import { figureOf } from '../report/statistics.ts'
import { type RunningGateway, startGateway } from '../systems/gateway.ts'
import { type Surroundings, withSurroundings } from './surroundings.ts'

const idleMs = 5_000
/** After that the event loop is measured for ten seconds after a request, and V8 gives memory back in half a minute. */
const restMs = 90_000
const asleepMs = 60_000
const webhooks = 3

type Found = { readonly seconds: number[]; readonly idleMb: number[]; readonly wakeUps: number[] }

/** From nothing to the first answered request, and what an idle process takes. */
export function benchStart(rounds: number): Promise<Section> {
  return withSurroundings(async (surroundings) => {
    const redisUrl = surroundings.redis.url
    const kinds = new Map(
      Object.entries({
        Redis: { redisUrl },
        'Redis, webhooks': { redisUrl, webhooks },
        'embedded store': {},
        'embedded store, webhooks': { webhooks },
      }),
    )
    const found = new Map<string, Found>()
    for (const name of kinds.keys()) found.set(name, { seconds: [], idleMb: [], wakeUps: [] })
    for (let round = 0; round < rounds; round++) {
      const gateways = new Map<string, RunningGateway>()
      for (const [name, options] of kinds) {
        const { gateway, seconds } = await startOnce(options, surroundings)
        gateways.set(name, gateway)
        found.get(name)?.seconds.push(seconds)
      }
      await wait(idleMs)
      for (const [name, { pid }] of gateways) found.get(name)?.idleMb.push(usageOf(pid).residentMb)
      // That takes minutes, and differs little.
      if (round === 0) for (const [name, count] of await countWakeUps(gateways)) found.get(name)?.wakeUps.push(count)
      for (const gateway of gateways.values()) await gateway.stop()
      process.stderr.write('.')
    }
    process.stderr.write('\n')
    const rows = [...found].map(
      ([name, of]) => [name, figureOf(of.seconds), figureOf(of.idleMb), figureOf(of.wakeUps)] as const,
    )
    return {
      id: 'start',
      title: 'Start and idle memory',
      how: `From starting the process to the answer of its first single add; resident memory ${idleMs / 1000} s later; wake-ups of all its threads in ${asleepMs / 1000} s, when it has had no request for ${(idleMs + restMs) / 1000} s. Webhooks: ${webhooks} endpoints of a client. Documentation and metrics are on.`,
      columns: ['', 'seconds to the first answer', 'idle MB', 'wake-ups a second'],
      rows: rows.map(([name, ...figures]) => [name, ...figures.map(showFigure)]),
      reach: rows.flatMap(([name, seconds, idleMb, wakeUps]) => [
        atMost(`start, ${name}`, 1, ' s', seconds),
        atMost(`idle memory, ${name}`, 115, ' MB', idleMb),
        atMost(`wake-ups, ${name}`, 10, ' a second', wakeUps),
      ]),
      figures: Object.fromEntries(found),
    }
  })
}

async function startOnce(
  options: { readonly redisUrl?: string; readonly webhooks?: number },
  { upstream, generator, keep }: Surroundings,
): Promise<{ readonly gateway: RunningGateway; readonly seconds: number }> {
  const startedAt = performance.now()
  const gateway = keep(await startGateway({ upstreamPort: upstream.port, ...options }))
  const { port, authorization } = gateway
  await generator.run({ kind: 'add', authorization, account: 'vobiz-in' }, { port, connections: 1, requests: 1 })
  return { gateway, seconds: (performance.now() - startedAt) / 1_000 }
}

/** Wake-ups a second of gateways that nobody asks for anything. */
async function countWakeUps(gateways: ReadonlyMap<string, RunningGateway>): Promise<ReadonlyMap<string, number>> {
  const counts = () => [...gateways].map(([name, { pid }]) => [name, wakeUpsOf(pid)] as const)
  await wait(restMs)
  const before = new Map(counts())
  await wait(asleepMs)
  return new Map(counts().map(([name, count]) => [name, (count - (before.get(name) ?? 0)) / (asleepMs / 1_000)]))
}

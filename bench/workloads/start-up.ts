import { setTimeout as wait } from 'node:timers/promises'
import { usageOf, wakeUpsOf } from '../machine.ts'
import { atMost, type Section, showFigure } from '../report/section.ts'
import { figureOf } from '../report/statistics.ts'
import { startGateway } from '../systems/gateway.ts'
import { withSurroundings } from './surroundings.ts'

const idleMs = 5_000
/** After that, as the event loop is measured for ten seconds after a request. */
const restMs = 12_000
const asleepMs = 10_000

/** From nothing to the first answered request, and what an idle process takes. */
export function benchStart(rounds: number): Promise<Section> {
  return withSurroundings(async ({ upstream, redis, generator }) => {
    const stores = { Redis: { redisUrl: redis.url }, 'embedded store': {} }
    const names = Object.keys(stores) as (keyof typeof stores)[]
    const figures = {
      seconds: { Redis: [] as number[], 'embedded store': [] as number[] },
      idleMb: { Redis: [] as number[], 'embedded store': [] as number[] },
      wakeUps: { Redis: [] as number[], 'embedded store': [] as number[] },
    }
    for (let round = 0; round < rounds; round++) {
      for (const name of names) {
        const startedAt = performance.now()
        const gateway = await startGateway({ upstreamPort: upstream.port, ...stores[name] })
        const { port, pid, authorization } = gateway
        await generator.run({ kind: 'add', authorization, account: 'vobiz-in' }, { port, connections: 1, requests: 1 })
        const took = (performance.now() - startedAt) / 1000
        await wait(idleMs)
        figures.seconds[name].push(took)
        figures.idleMb[name].push(usageOf(pid).residentMb)
        await wait(restMs)
        const before = wakeUpsOf(pid)
        await wait(asleepMs)
        figures.wakeUps[name].push((wakeUpsOf(pid) - before) / (asleepMs / 1000))
        await gateway.stop()
      }
      process.stderr.write('.')
    }
    process.stderr.write('\n')
    const of = (kind: keyof typeof figures, name: (typeof names)[number]) => figureOf(figures[kind][name])
    return {
      id: 'start',
      title: 'Start and idle memory',
      how: `From starting the process to the answer of its first single add; resident memory ${idleMs / 1000} s later; wake-ups of all its threads in ${asleepMs / 1000} s, when it has had no request for a while. Documentation and metrics are on.`,
      columns: ['', 'seconds to the first answer', 'idle MB', 'wake-ups a second'],
      rows: names.map((name) => [
        name,
        showFigure(of('seconds', name)),
        showFigure(of('idleMb', name)),
        showFigure(of('wakeUps', name)),
      ]),
      reach: names.flatMap((name) => [
        atMost(`6. start, ${name}`, 1, ' s', of('seconds', name)),
        atMost(`6. idle memory, ${name}`, 120, ' MB', of('idleMb', name)),
        atMost(`6. wake-ups, ${name}`, 10, ' a second', of('wakeUps', name)),
      ]),
      figures,
    }
  })
}

import type { RequestKind } from '../load/requests.ts'
import { costBeside, nameBeside } from '../report/beside.ts'
import { atLeast, type Section, showFigure } from '../report/section.ts'
import { ratioOf } from '../report/statistics.ts'
import { type RunningGateway, startGateway } from '../systems/gateway.ts'
import { startNginx, startPortkey, startProxy } from '../systems/rivals.ts'
import { type Contestant, type Measured, measuredColumns, measuredRow, measureInRounds, type Rounds } from './rounds.ts'
import { connections, type Surroundings, withSurroundings } from './surroundings.ts'

const account = 'vobiz-in'
const names = {
  A: 'A gateway, Redis',
  B: 'B gateway, embedded store',
  C: 'C gateway, replay',
  floor: 'node:http + undici',
  replyFrom: '@fastify/reply-from',
  portkey: '@portkey-ai/gateway',
  nginx: 'nginx',
} as const

/** A, B and C: one contact at a time, beside those that only pass it on. */
export function benchSingles(
  wanted: ReadonlySet<string>,
  rounds: Rounds,
  beside: string | undefined,
): Promise<Section> {
  return withSurroundings(async (surroundings) => {
    const contestants = [
      ...(await gateways(wanted, surroundings)),
      ...(beside === undefined ? [] : await gateways(wanted, surroundings, beside)),
      // Before and after a change: how others do does not matter.
      ...(beside === undefined ? await rivals(surroundings) : []),
    ]
    const measured = await measureInRounds(contestants, rounds)
    return {
      id: [...wanted].filter((id) => id in names).join(''),
      title: 'Single adds (A, B) and replays (C)',
      how: `${connections} connections, each sends its next request when the last is answered. The gateway: POST /contacts to one Vobiz account with a fresh Idempotency-Key each (C: 64 stored keys), LOG_LEVEL=info to a file, metrics on; the proxies pass on what it would send, without a log, except for Portkey, which gets a chat completion for a custom host.`,
      columns: measuredColumns('requests'),
      rows: measured.map(measuredRow),
      reach: [...reachOf(measured), ...costBeside(measured, beside)],
      figures: measured,
    }
  })
}

/** The gateway of this checkout, or of the one to compare it with. */
async function gateways(
  wanted: ReadonlySet<string>,
  { upstream, redis, generator, keep }: Surroundings,
  checkout?: string,
): Promise<Contestant[]> {
  const contestant = (bare: string, gateway: RunningGateway, kind: RequestKind, helperPid?: number): Contestant => ({
    name: nameBeside(bare, checkout),
    pid: gateway.pid,
    ...(helperPid !== undefined && { helperPid }),
    run: (seconds) => generator.run(kind, { port: gateway.port, connections, seconds }),
  })
  const all: Contestant[] = []
  if (wanted.has('A') || wanted.has('C')) {
    const gateway = keep(await startGateway({ upstreamPort: upstream.port, redisUrl: redis.url, checkout }))
    const { authorization } = gateway
    const replay: RequestKind = { kind: 'replay', authorization, account, keys: 64 }
    if (wanted.has('A')) all.push(contestant(names.A, gateway, { kind: 'add', authorization, account }, redis.pid))
    if (wanted.has('C')) {
      // Stored one after the other, so that no two connections ask under the same new key.
      await generator.run(replay, { port: gateway.port, connections: 1, requests: 64 })
      all.push(contestant(names.C, gateway, replay, redis.pid))
    }
  }
  if (wanted.has('B')) {
    const gateway = keep(await startGateway({ upstreamPort: upstream.port, checkout }))
    all.push(contestant(names.B, gateway, { kind: 'add', authorization: gateway.authorization, account }))
  }
  return all
}

async function rivals({ upstream, generator, keep }: Surroundings): Promise<Contestant[]> {
  const floor = keep(await startProxy('systems/floor.ts', upstream.port))
  const replyFrom = keep(await startProxy('systems/reply-from.ts', upstream.port))
  const portkey = keep(await startPortkey())
  const nginx = keep(await startNginx(upstream.port))
  const chat: RequestKind = { kind: 'chat', upstream: `http://127.0.0.1:${upstream.port}` }
  const contestant = (name: string, rival: typeof floor, kind: RequestKind = { kind: 'pass' }): Contestant => ({
    name,
    pid: rival.pid,
    run: (seconds) => generator.run(kind, { port: rival.port, connections, seconds }),
  })
  return [
    contestant(names.floor, floor),
    contestant(names.replyFrom, replyFrom),
    contestant(names.portkey, portkey, chat),
    contestant(names.nginx, nginx),
  ]
}

/** By processor time, which a busy machine or a waiting process changes less; beside it the ratio of throughput. */
function reachOf(measured: readonly Measured[]): Section['reach'] {
  const find = (name: string) => measured.find((one) => one.name === name)
  const compare = (line: string, name: string, goal: number, other: string) => {
    const [own, theirs] = [find(name), find(other)]
    if (own === undefined || theirs === undefined) return []
    const reach = atLeast(`${line}, by CPU time`, goal, ' ×', ratioOf(theirs.cpuMicros, own.cpuMicros))
    const perSecond = ratioOf(own.perSecond, theirs.perSecond)
    return [{ ...reach, got: `${reach.got}; by throughput ${showFigure(perSecond)} ×` }]
  }
  return [
    ...compare('A to @fastify/reply-from', names.A, 0.85, names.replyFrom),
    ...compare('A to Portkey', names.A, 7, names.portkey),
    ...compare('B to @fastify/reply-from', names.B, 0.8, names.replyFrom),
    ...compare('C to @fastify/reply-from', names.C, 1.3, names.replyFrom),
  ]
}

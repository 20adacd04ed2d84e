import { now } from './clock.ts'
import { Connection } from './connection.ts'
import { type OpenLoad, openLoop } from './open-loop.ts'
import type { Requests } from './requests.ts'
import { type Load, Tally } from './tally.ts'

export type ClosedOptions = {
  readonly port: number
  readonly connections: number
  /** It ends after so many seconds, or so many requests. */
  readonly seconds?: number
  readonly requests?: number
}

export type OpenOptions = {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  /** Requests a second, sent at fixed times whether or not earlier ones were answered. */
  readonly rate: number
}

export type LoadOptions = ClosedOptions | OpenOptions

/** Makes requests for a while, and checks every answer: at a rate, or as fast as they are answered. */
export async function generate(requests: Requests, options: LoadOptions): Promise<Load | OpenLoad> {
  const lost = Promise.withResolvers<never>()
  const pool = Array.from({ length: options.connections }, () => new Connection(options.port, lost.reject))
  try {
    const load = 'rate' in options ? openLoop(pool, requests, options) : closedLoop(pool, requests, options)
    return await Promise.race([load, lost.promise])
  } finally {
    for (const connection of pool) connection.close()
  }
}

/** Each connection sends its next request when the last one is answered. */
async function closedLoop(pool: Connection[], requests: Requests, options: ClosedOptions): Promise<Load> {
  const tally = new Tally(requests)
  const startedAt = now()
  const endsAt = startedAt + (options.seconds ?? Number.POSITIVE_INFINITY) * 1000
  let left = options.requests ?? Number.POSITIVE_INFINITY
  await Promise.all(
    pool.map(
      (connection) =>
        new Promise<void>((resolve) => {
          const next = () => {
            const dueAt = now()
            if (dueAt >= endsAt || left <= 0) return resolve()
            left--
            tally.send(connection, dueAt, next)
          }
          next()
        }),
    ),
  )
  return tally.load((now() - startedAt) / 1000)
}

import { quantileOf } from '../report/statistics.ts'
import { atMoments, momentOf, now } from './clock.ts'
import type { Connection } from './connection.ts'
import type { Requests } from './requests.ts'
import { type Load, Tally } from './tally.ts'

/** Load at a fixed rate. Times are in milliseconds. */
export type OpenLoad = Load & {
  /** Of each request, from the moment at which it was due to its answer; ascending. */
  readonly times: readonly number[]
  /** How long after that moment all but one in a thousand were sent that found a free connection. */
  readonly lateMs: number
}

/**
 * Sends requests at fixed moments, whether or not earlier ones were answered. One that finds no free connection waits for
 * one, and one that is sent late counts from when it was due: what holds up one holds up all that are due meanwhile.
 */
export async function openLoop(
  pool: Connection[],
  requests: Requests,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Promise<OpenLoad> {
  const times: number[] = []
  const late: number[] = []
  const tally = new Tally(requests, (ms) => times.push(ms))
  const free = [...pool]
  const waiting: number[] = []
  const count = Math.round(rate * seconds)
  const { promise, resolve } = Promise.withResolvers<void>()
  let sent = 0
  let answered = 0
  const send = (connection: Connection, dueAt: number) =>
    tally.send(connection, dueAt, () => {
      const next = waiting.shift()
      if (next === undefined) free.push(connection)
      else send(connection, next)
      if (++answered === count) resolve()
    })
  const sendDue = (startsAt: number) => {
    for (; sent < count; sent++) {
      const dueAt = momentOf({ startsAt, perSecond: rate }, sent)
      const lateness = now() - dueAt
      if (lateness < 0) return
      const connection = free.pop()
      if (connection === undefined) waiting.push(dueAt)
      else {
        late.push(lateness)
        send(connection, dueAt)
      }
    }
  }
  const clock = await atMoments({ perSecond: rate, count }, sendDue)
  await promise.finally(() => clock.terminate())
  const ascending = (values: readonly number[]) => values.toSorted((a, b) => a - b)
  return { ...tally.load(seconds), times: ascending(times), lateMs: quantileOf(ascending(late), 0.999) }
}

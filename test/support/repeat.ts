import { setTimeout as wait } from 'node:timers/promises'
import type { Problem } from './answer-bodies.ts'

type Answered = { readonly status: number; readonly body: unknown }

/**
 * Repeats a request, as a caller does, for as long as it is answered "in progress" (409), or refused before anything was
 * sent by a process that has more to do than it can (503 `overloaded`, or what else `busy` names; so is one that has just been
 * thawed). The wait between is short, so that
 * a test loses no time, and the end is the answer, not a number of tries. Fails after `withinMs`.
 */
export async function untilFree<A extends Answered>(
  send: () => Promise<A>,
  { withinMs = 20_000, busy = ['overloaded'] }: { readonly withinMs?: number; readonly busy?: readonly string[] } = {},
): Promise<A> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const reply = await send()
    const isToBeRepeated = reply.status === 409 || (reply.status === 503 && busy.includes((reply.body as Problem).code))
    if (!isToBeRepeated) return reply
    if (performance.now() > deadline) throw new Error(`still answered ${reply.status} after ${withinMs} ms`)
    await wait(50)
  }
}

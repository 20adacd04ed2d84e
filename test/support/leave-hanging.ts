import { inspect } from 'node:util'
import { untilFree } from './repeat.ts'
import type { Reply } from './start-fleet.ts'

/** What a process answers that has just been started on a busy machine, before anything was sent. */
const refusals = ['overloaded', 'idempotency-unavailable', 'store-unavailable']

/**
 * Sends a request that is to hang at providers, and waits until all of them have it. Fails with the answer of one that ends
 * before that: nobody would come to wait for it, and the test would tell its time alone.
 */
export async function leaveHanging(
  send: () => Promise<Reply>,
  arrivals: readonly Promise<unknown>[],
): Promise<{ readonly ended: Promise<Reply | Error> }> {
  const ended = untilFree(send, { busy: refusals }).catch((error: Error) => error)
  const tooEarly = ended.then((how) => {
    throw new Error(`It ended before it hung: ${how instanceof Error ? inspect(how) : `${how.status} ${how.text}`}`)
  })
  await Promise.race([Promise.all(arrivals), tooEarly])
  tooEarly.catch(() => {})
  return { ended }
}

import type { Attempt } from '../domain/attempt.ts'
import type { CallContext } from '../domain/call-context.ts'
import type { Failure } from '../domain/failure.ts'
import type { Account } from './account.ts'
import { noteGivingWay, noteWait } from './note-attempt.ts'

type NoPlace = Failure | undefined

/**
 * Takes one of the places that an account has for calls, and waits where it has to: others go first, or none is free. Ends
 * with why there is none; who has one gives it back. Most attempts need not wait, and are spared a promise.
 */
export function takePlace(account: Account, context: CallContext, attempt: Attempt): NoPlace | Promise<NoPlace> {
  const givingWay = context.giveWay?.()
  if (givingWay === undefined) return standInLine(account, context, attempt)
  const { clock } = account.policies
  return noteGivingWay(givingWay, attempt, clock).then(() => standInLine(account, context, attempt))
}

function standInLine(account: Account, context: CallContext, attempt: Attempt): NoPlace | Promise<NoPlace> {
  const { slots, breaker, clock } = account.policies
  const refusedForMs = breaker.refusal()
  attempt.breaker = breaker.state
  attempt.at = clock.now()
  if (refusedForMs !== undefined) return { kind: 'breakerOpen', retryAfterMs: refusedForMs }
  const fullMs = slots.fullMs()
  const place = slots.take(context.deadlineAt - attempt.at, context.priority)
  if (!(place instanceof Promise)) return place === true ? undefined : { kind: place }
  return place.then((taken) => {
    noteWait(attempt, clock.now() - attempt.at, fullMs, slots.fullMs())
    return taken === true ? undefined : { kind: taken }
  })
}

import type { FastifyRequest } from 'fastify'
import { afterEarlierTry, type Failure } from '../../domain/failure.ts'
import type { deleteContacts } from '../../services/contacts/remove-contact.ts'
import { type FailedCall, problemOfFailure } from '../problems/failure-problems.ts'
import { keptProblem } from '../problems/problem-answer.ts'
import type { WriteAnswer, WriteFacts, WrittenOutcome } from '../requests/write-answer.ts'
import type { RouteOptions } from '../services.ts'

/** `told`: what became of the contact where nothing failed. `again`: there was an earlier try of the same request. What is not there now may have been taken away by it. */
export function removalAnswer(
  removed: Awaited<ReturnType<typeof deleteContacts>>,
  told: WrittenOutcome,
  again: boolean,
  request: FastifyRequest,
  options: Pick<RouteOptions, 'publicUrl'>,
): WriteAnswer {
  if ('ok' in removed || (removed.failure.kind === 'notFound' && (again || removed.failure.afterAmbiguous === true))) {
    return { status: 204, keep: true, resumable: false, facts: { outcomes: [told] } }
  }
  const failure = failureOfTry(removed.failure, again)
  return failedWrite({ account: told.account, failure, doing: 'change', settleable: true }, request, options)
}

/** Who is not there now is not there, whatever an earlier try did. */
export function failureOfTry(failure: Failure, again: boolean): Failure {
  return again && failure.kind !== 'notFound' ? afterEarlierTry(failure) : failure
}

/** @throws Problem when certainly nothing was applied */
export function failedWrite(
  failed: FailedCall,
  request: FastifyRequest,
  { publicUrl }: Pick<RouteOptions, 'publicUrl'>,
): WriteAnswer {
  const problem = problemOfFailure(failed)
  if (problem.slug !== 'outcome-unknown') throw problem
  return { ...keptProblem(problem, request, publicUrl()), facts: unknownAt(failed.account) }
}

/** What is told of a write that may have been applied or not. */
export function unknownAt(account: string): WriteFacts {
  return { outcomes: [{ account, status: 'unknown' }] }
}

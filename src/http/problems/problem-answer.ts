import type { FastifyRequest } from 'fastify'
import type { WriteAnswer } from '../requests/write-answer.ts'
import { type Problem, problemBody } from './problems.ts'

/**
 * A problem as the answer of a write that may have been applied: unlike one that is thrown it is kept under the
 * idempotency key, and tried again by a repeat where that can settle it.
 */
export function keptProblem(problem: Problem, request: FastifyRequest, publicUrl: string): WriteAnswer {
  request.problem = problem.slug
  const body = problemBody(problem.slug, problem.extras, publicUrl, request.id)
  return {
    status: body.status,
    headers: { 'content-type': 'application/problem+json' },
    body,
    keep: true,
    resumable: body.retriable,
  }
}

import type { FastifyRequest } from 'fastify'
import type { CallContext } from '../../domain/call-context.ts'
import type {} from '../hooks/trace-requests.ts'
import type { Preferences } from './preferences.ts'
import { trailOf } from './request-trail.ts'

/** What the calls of a request bring along: its deadline, or less where the caller prefers so, its log, and who is told of them. */
export function contextOf(
  request: FastifyRequest,
  deadlineMs: number,
  { wait }: Pick<Preferences, 'wait'>,
): CallContext {
  const patienceMs = wait === undefined ? deadlineMs : Math.min(deadlineMs, wait * 1000)
  const calls = trailOf(request)
  calls.patienceMs = patienceMs
  return { deadlineAt: performance.now() + patienceMs, log: request.log, trace: request.trace, calls }
}

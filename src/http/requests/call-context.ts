import type { FastifyRequest } from 'fastify'
import type { CallContext } from '../../domain/call-context.ts'
import { CallsMade } from '../../domain/calls-made.ts'
import type {} from '../hooks/explain-requests.ts'
import type {} from '../hooks/trace-requests.ts'
import type { Preferences } from './preferences.ts'

/** What the calls of a request bring along: its deadline, or less where the caller prefers so, its log, and who is told of them. */
export function contextOf(
  request: FastifyRequest,
  deadlineMs: number,
  { wait }: Pick<Preferences, 'wait'>,
): CallContext {
  const patienceMs = wait === undefined ? deadlineMs : Math.min(deadlineMs, wait * 1000)
  request.patienceMs = patienceMs
  request.calls = new CallsMade()
  const { log, trace, calls } = request
  return { deadlineAt: performance.now() + patienceMs, log, trace, calls }
}

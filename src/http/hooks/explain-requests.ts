import { hostname } from 'node:os'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { roundMs } from '../../domain/explain-request.ts'
import type { ExplainedOutcome } from '../../domain/explanation.ts'
import type { Explanations } from '../../services/explanations/explanations.ts'
import type { ProblemSlug } from '../problems/problems.ts'
import { type RequestTrail, trailOf } from '../requests/request-trail.ts'
import { subjectReader } from '../requests/subject-of.ts'
import type { WrittenOutcome } from '../requests/write-answer.ts'
import type { Limits, Services } from '../services.ts'
import type {} from './audit-requests.ts'
import type {} from './identify-callers.ts'

/** From then on a request counts as slow. */
const slowMs = 2_000
/** Of those of a client that were only slow one is kept in this time. */
const slowEveryMs = 1_000

/** Problems that come from a provider or the store, whether or not a call was made. */
const fromBelow: ReadonlySet<ProblemSlug> = new Set([
  'contact-rejected',
  'conflict',
  'provider-credentials',
  'provider-unavailable',
  'provider-unreadable',
  'provider-busy',
  'outcome-unknown',
  'deadline-exceeded',
  'idempotency-unavailable',
  'store-unavailable',
  'internal',
])

const unsuccessful: ReadonlySet<string> = new Set(['rejected', 'failed', 'unknown'])

/**
 * Keeps an explanation of each request that a person may ask about. What ends with a problem, and each write, calls
 * `explain` when its answer is about to be sent, also to a caller that has gone; the others are looked at when theirs was
 * sent. Called before the routes are registered.
 */
export function explainRequests(
  app: FastifyInstance,
  { explanations, ...services }: Pick<Services, 'explanations' | 'lists' | 'accounts'>,
  { deadlineMs }: Pick<Limits, 'deadlineMs'>,
): void {
  app.decorateRequest('trail', undefined)
  if (explanations === undefined) {
    app.decorate('explain', () => {})
    preferNoExplanation(app)
    return
  }
  const tell = explainer(explanations, services, deadlineMs)
  const isSlowOne = oneInAWhile()
  app.decorate('explain', (request, reply) => {
    if (request.client !== undefined && isAskedAbout(request, reply)) tell(request, reply)
  })
  app.addHook('onResponse', (request, reply, done) => {
    const { client, trail } = request
    // A caller may go before its request is done.
    if (client === undefined || trail?.isExplained === true || !reply.sent) return done()
    if (isAskedAbout(request, reply) || isSlowOne(client.id, reply.elapsedTime)) tell(request, reply)
    done()
  })
}

/** Keeps the explanation of a request of a known client. */
function explainer(explanations: Explanations, services: Pick<Services, 'lists' | 'accounts'>, deadlineMs: number) {
  const subjectOf = subjectReader(services)
  const replica = hostname().slice(0, 64)
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const trail = trailOf(request)
    trail.isExplained = true
    // One clock before the duration and one after it, whatever else the machine does in between: so no call begins before its
    // request, and the request does not come before somebody looked at the clock (whole ms, so rounded up) and sent it. Where
    // the answer was sent already the duration ended with it: all is as much too late as hooks took since.
    const now = performance.now()
    const durationMs = reply.elapsedTime
    const receivedAt = new Date(Math.ceil(Date.now() - durationMs)).toISOString()
    const { list } = subjectOf(request)
    const { problem } = request
    explanations.add({
      id: request.id,
      client: request.client?.id ?? '',
      method: request.method,
      route: (request.routeOptions.url ?? '').replaceAll(/:(\w+)/g, '{$1}'),
      ...(list !== undefined && { list }),
      status: reply.statusCode,
      ...(problem !== undefined && { code: problem }),
      receivedAt,
      durationMs: roundMs(durationMs),
      deadlineMs: trail.patienceMs ?? deadlineMs,
      replica,
      idempotency: idempotencyOf(trail),
      startedAt: now - durationMs,
      outcomes: outcomesOf(request),
      calls: trail,
      left: trail.left,
    })
  }
}

/** Where none are kept, none can be preferred. */
function preferNoExplanation(app: FastifyInstance): void {
  app.addHook('onRoute', ({ config = {} }) => {
    const { prefers } = config
    if (prefers !== undefined) Object.assign(config, { prefers: prefers.filter((one) => one !== 'explain') })
  })
}

function isAskedAbout(request: FastifyRequest, reply: FastifyReply): boolean {
  const { problem, facts, trail } = request
  if (trail?.isToBeExplained === true) return true
  if (problem !== undefined) return trail?.any === true || fromBelow.has(problem)
  const failed = reply.getHeader('x-items-failed')
  if (failed !== undefined) return failed !== '0'
  if (trail?.keyedResult === 'replayed') return reply.statusCode >= 400
  return facts?.outcomes?.some(({ status }) => unsuccessful.has(status)) === true
}

/** Tells of each client's slow requests one at most in a while. */
function oneInAWhile(): (client: string, ms: number) => boolean {
  const toldAt = new Map<string, number>()
  return (client, ms) => {
    if (ms < slowMs) return false
    const now = performance.now()
    if (now - (toldAt.get(client) ?? Number.NEGATIVE_INFINITY) < slowEveryMs) return false
    toldAt.set(client, now)
    return true
  }
}

function idempotencyOf({ keyedResult: result = 'none', firstRequest, storeMs }: RequestTrail) {
  return {
    result,
    ...(firstRequest !== undefined && { firstRequest }),
    ...(result !== 'none' && { storeMs: roundMs(storeMs) }),
  }
}

/** What is known of the contacts; of a single one that ended with a problem the problem tells it. */
function outcomesOf({ facts, problem, chosenAccount }: FastifyRequest): readonly (WrittenOutcome & ExplainedOutcome)[] {
  if (facts?.outcomes !== undefined) return facts.outcomes
  if (problem === undefined || chosenAccount === undefined || !fromBelow.has(problem)) return []
  const status = problem === 'contact-rejected' ? 'rejected' : problem === 'outcome-unknown' ? 'unknown' : 'failed'
  return [{ account: chosenAccount, status }]
}

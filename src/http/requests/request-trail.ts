import type { FastifyReply, FastifyRequest } from 'fastify'
import { CallsMade } from '../../domain/calls-made.ts'
import type { KeyedResult } from '../../domain/explanation.ts'
import type { Journal } from '../../services/idempotency/idempotency.ts'
import type { StoredAnswer } from '../../services/store-port.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What it has done so far, once it has done something that may be asked about. */
    trail: RequestTrail | undefined
  }
  interface FastifyInstance {
    /** Keeps an explanation of a request that is about to be answered, where somebody may ask for one. */
    explain?(request: FastifyRequest, reply: FastifyReply): void
  }
}

/** What is noted of a request on its way, beside its calls: numbers that there are anyway. */
export class RequestTrail extends CallsMade {
  /** How long it may take. */
  patienceMs: number | undefined = undefined
  /** It prefers to be explained, whatever becomes of it. */
  isToBeExplained = false
  /** What its idempotency key meant; `undefined`: it had none, or it was not looked at. */
  keyedResult: KeyedResult | undefined = undefined
  /** The request that did the work, where another one did. */
  firstRequest: string | undefined = undefined
  /** What that request had noted before it ended without an answer. */
  left: readonly string[] | undefined = undefined
  /** How long the store was asked before it was known, in milliseconds. */
  storeMs = 0
  /** It is explained already. */
  isExplained = false
}

export function trailOf(request: FastifyRequest): RequestTrail {
  request.trail ??= new RequestTrail()
  return request.trail
}

/** The key is the request's from now on. `askedAt`: when the store was asked, on `performance.now()`. */
export function noteClaim(request: FastifyRequest, { earlier }: Journal, askedAt: number): void {
  const trail = trailOf(request)
  trail.storeMs = performance.now() - askedAt
  trail.keyedResult = earlier === undefined ? 'new' : earlier.died ? 'taken_over' : 'resumed'
  trail.firstRequest = earlier?.request ?? earlier?.previous?.request
  if (earlier?.died === true) trail.left = earlier.marks
}

export function noteReplay(request: FastifyRequest, { request: first }: StoredAnswer, askedAt: number): void {
  const trail = trailOf(request)
  trail.storeMs = performance.now() - askedAt
  trail.keyedResult = 'replayed'
  trail.firstRequest = first
}

/** Nothing was begun. */
export function noteRefusal(request: FastifyRequest, askedAt: number): void {
  const trail = trailOf(request)
  if (trail.keyedResult !== undefined) return
  trail.storeMs = performance.now() - askedAt
  trail.keyedResult = 'refused'
}

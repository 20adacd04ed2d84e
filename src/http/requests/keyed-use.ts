import type { FastifyRequest } from 'fastify'
import type { KeyedResult } from '../../domain/explanation.ts'
import type { Journal } from '../../services/idempotency/idempotency.ts'
import type { StoredAnswer } from '../../services/store-port.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What its idempotency key meant; `undefined`: it had none, or it was not looked at. */
    keyedResult: KeyedResult | undefined
    /** The request that did the work, where another one did. */
    firstRequest: string | undefined
    /** How long the store was asked before it was known, in milliseconds. */
    storeMs: number
  }
}

/** The key is the request's from now on. `askedAt`: when the store was asked, on `performance.now()`. */
export function noteClaim(request: FastifyRequest, journal: Journal, askedAt: number): void {
  const { earlier } = journal
  request.storeMs = performance.now() - askedAt
  request.keyedResult = earlier === undefined ? 'new' : earlier.died ? 'taken_over' : 'resumed'
  request.firstRequest = earlier?.request ?? earlier?.previous?.request
}

export function noteReplay(request: FastifyRequest, { request: first }: StoredAnswer, askedAt: number): void {
  request.storeMs = performance.now() - askedAt
  request.keyedResult = 'replayed'
  request.firstRequest = first
}

/** Nothing was begun. */
export function noteRefusal(request: FastifyRequest, askedAt: number): void {
  if (request.keyedResult !== undefined) return
  request.storeMs = performance.now() - askedAt
  request.keyedResult = 'refused'
}

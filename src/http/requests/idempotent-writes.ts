import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import stringify from 'safe-stable-stringify'
import { type Idempotency, KeyRefused, LeaseLost } from '../../services/idempotency/idempotency.ts'
import type { AnswerBody } from '../../services/store-port.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { Problem } from '../problems/problems.ts'
import { readIdempotencyKey } from './idempotency-key.ts'
import { noteClaim, noteRefusal, noteReplay } from './request-trail.ts'
import { routeOf } from './route-of.ts'
import type { Idempotently, WriteAnswer } from './write-answer.ts'

/** Makes the wrapper of all writes. */
export function idempotentWrites(idempotency: Idempotency): Idempotently {
  return async (request, reply, work, { intent = '', view = asStored, content = request.body, ttlMs } = {}) => {
    const client = clientOf(request)
    const key = readIdempotencyKey(request, client)
    if (key === undefined) {
      const { answer } = serialise(noteFacts(request, await work(undefined)))
      return send(request, reply, { ...answer, body: view(answer.body) })
    }
    const keyed = {
      id: request.id,
      key: `${client.id} ${key}`,
      fingerprint: fingerprintOf(request, content),
      intent,
      log: request.log,
      ttlMs,
    }
    const askedAt = performance.now()
    try {
      const { answer, replayed, stored } = await idempotency.run(keyed, (journal) => {
        noteClaim(request, journal, askedAt)
        return work(journal).then((answer) => serialise(noteFacts(request, answer), request.id))
      })
      if (replayed === 'true') noteReplay(request, answer, askedAt)
      if (replayed !== undefined) reply.header('idempotency-replayed', replayed)
      if (!stored) reply.header('idempotency-stored', 'false')
      return send(request, reply, { ...answer, body: view(answer.body) })
    } catch (error) {
      if (error instanceof KeyRefused) noteRefusal(request, askedAt)
      throw toProblem(error)
    }
  }
}

/** A refusal is the gateway's own answer to a request of which nothing was sent. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Problem
}

const asStored = (body: AnswerBody): AnswerBody => body

function noteFacts(request: FastifyRequest, answer: WriteAnswer): WriteAnswer {
  request.facts = answer.facts
  return answer
}

/** `by`: the request that did the work. */
function serialise({ status, headers = {}, body, keep, resumable }: WriteAnswer, by?: string) {
  const text = body === undefined ? '' : JSON.stringify(body)
  // What is sent and stored is made bytes of once where that is much.
  const bytes = text.length > shortText ? Buffer.from(text) : text
  return { answer: { status, headers, body: bytes, resumable, request: by }, keep }
}

/** In characters. */
const shortText = 4_096

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: { status: number; headers: Readonly<Record<string, string>>; body: AnswerBody },
): FastifyReply {
  reply.code(answer.status).headers(answer.headers)
  request.server.explain?.(request, reply)
  if (answer.body.length === 0) return reply.send()
  const { body } = answer
  if (answer.headers['content-type'] === undefined)
    return reply.header('content-type', 'application/json; charset=utf-8').send(body)
  // To a type of its own the framework would add the charset of a text; bytes it leaves as they are.
  return reply.send(typeof body === 'string' ? Buffer.from(body) : body)
}

/** Method, route, path and query, and the JSON value without regard to the order of members and white space. */
function fingerprintOf(request: FastifyRequest, content: unknown): Buffer {
  const { method, params, query } = request
  return hash('sha256', stringify([method, routeOf(request).url, params, query, content]), 'buffer')
}

/** An error of the work itself is passed on: something may have been done. */
function toProblem(error: unknown): unknown {
  if (error instanceof LeaseLost) return new Problem('idempotency-in-progress', { retryAfterSeconds: 1 })
  if (!(error instanceof KeyRefused)) return error
  if (error.reason === 'reused') return new Problem('idempotency-key-reused')
  const retryAfterSeconds = Math.max(1, Math.ceil(error.retryAfterMs / 1000))
  return new Problem(error.reason === 'running' ? 'idempotency-in-progress' : 'idempotency-unavailable', {
    retryAfterSeconds,
  })
}

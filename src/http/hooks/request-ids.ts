import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { Problem } from '../problems/problems.ts'

const acceptable = /^[A-Za-z0-9._-]{8,128}$/

/** The caller's `X-Request-Id` where it is acceptable, else a new one. */
export function requestId(raw: Pick<IncomingMessage, 'headers'>): string {
  const given = raw.headers['x-request-id']
  return typeof given === 'string' && acceptable.test(given) ? given : randomUUID()
}

/** What every answer has: the request id, and the header against content sniffing. */
export function alwaysHeaders(id: string): Record<string, string> {
  return { 'x-request-id': id, 'x-content-type-options': 'nosniff' }
}

/** Sets the id before anything can go wrong. A request without a Host is refused (RFC 9112 3.2). */
export function returnRequestIds(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    const { headers, httpVersion } = request.raw
    done(headers.host === undefined && httpVersion === '1.1' ? noHost : undefined)
  })
}

const noHost = new Problem('malformed-request', {
  detail: 'The request has no Host header, which HTTP/1.1 asks for. Add it and send it again.',
  headers: { connection: 'close' },
})

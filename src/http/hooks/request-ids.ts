import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'

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

/** Sets the id before anything can go wrong. */
export function returnRequestIds(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    done()
  })
}

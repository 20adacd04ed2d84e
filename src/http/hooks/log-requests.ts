import type { FastifyInstance } from 'fastify'

/**
 * One line per request, when its answer is sent or its caller is gone: route template (never the raw path), client,
 * status and time. No body, header, query or address.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    request.log.info(
      {
        event: 'request',
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        client: request.client?.id,
        traceId: request.trace?.traceId,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    )
    done()
  })
}

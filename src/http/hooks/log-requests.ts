import type { FastifyBaseLogger, FastifyInstance } from 'fastify'

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

/**
 * The logger of a request. It has no `trace`: at that level the library that reads uploads prints what it was handed, the
 * headers with the key of the client among it.
 */
export function requestLogger(
  logger: FastifyBaseLogger,
  bindings: Record<string, unknown>,
  options: Parameters<FastifyBaseLogger['child']>[1],
): FastifyBaseLogger {
  const child = logger.child(bindings, options)
  child.trace = printNothing
  return child
}

const printNothing = () => {}

import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { routeOf } from '../requests/route-of.ts'
import { subjectReader } from '../requests/subject-of.ts'
import type { Services } from '../services.ts'

/** What machines ask every few seconds. */
const routine: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

/**
 * One line per request, when its answer is sent or its caller is gone: route template (never the raw path), client,
 * list, account and import, status and time. No body, header, query or address. Health checks and scrapes are told at `debug`
 * while they succeed: they would be most of the log.
 */
export function logRequests(app: FastifyInstance, services: Pick<Services, 'lists' | 'accounts'>): void {
  for (const name of ['chosenAccount', 'subject']) app.decorateRequest(name, undefined)
  const subjectOf = subjectReader(services)
  const loggerOf = loggersOfRoutes(app.log)
  app.addHook('onResponse', (request, reply, done) => {
    const route = routeOf(request).url ?? 'unknown'
    const level = reply.statusCode < 400 && routine.has(route) ? 'debug' : 'info'
    const { list, account, import: importId } = subjectOf(request)
    loggerOf(request.method, route)[level](
      {
        reqId: request.id,
        client: request.client?.id,
        list,
        account,
        import: importId,
        traceId: request.trace?.traceId,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    )
    done()
  })
}

/** What all lines of a route have in common is written out once. */
function loggersOfRoutes(log: FastifyBaseLogger): (method: string, route: string) => FastifyBaseLogger {
  const loggers = new Map<string, FastifyBaseLogger>()
  return (method, route) => {
    const known = loggers.get(method + route)
    if (known !== undefined) return known
    const made = log.child({ event: 'request', method, route })
    loggers.set(method + route, made)
    return made
  }
}

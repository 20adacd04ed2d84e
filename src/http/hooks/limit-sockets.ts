import type { FastifyInstance } from 'fastify'
import { Problem } from '../problems/problems.ts'
import { isJson } from '../requests/json-bodies.ts'
import type { Farewell } from './close-gently.ts'

/** The head of a request has to come within this time … */
const headersTimeoutMs = 10_000
/** … and a body that is held in memory within this … */
const bodyTimeoutMs = 30_000
/** … and any other body at no less than this speed. */
const slowestBytesPerMs = 256
const mostConnections = 10_000
/** How often Node looks for connections that are over their time. */
const checkEveryMs = 1_000

/**
 * Options of the framework against callers that are slow on purpose. `largestBody`: in bytes, of all routes.
 * `connectionTimeout` stays off: it would also end connections that wait for a slow provider.
 */
export function socketOptions(
  largestBody: number,
  keepAliveMs: number,
  { ServerResponse }: Pick<Farewell, 'ServerResponse'>,
) {
  return {
    keepAliveTimeout: keepAliveMs,
    requestTimeout: headersTimeoutMs + Math.max(bodyTimeoutMs, Math.ceil(largestBody / slowestBytesPerMs)),
    http: {
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: checkEveryMs,
      // Node would answer with a bare 400; `returnRequestIds` has words for it.
      requireHostHeader: false,
      ServerResponse,
    },
  }
}

/** Caps connections, and the time that a JSON body may take. Who has sent all and closed its side is still answered. */
export function limitSockets(app: FastifyInstance, bodyMs = bodyTimeoutMs): void {
  app.server.maxConnections = mostConnections
  Object.assign(app.server, { httpAllowHalfOpen: true })
  app.addHook('preParsing', (request, _reply, payload, done) => {
    if (isJson(request.headers['content-type'])) {
      const timer = setTimeout(() => {
        // To its reader the body ends with this error; the connection is still there to answer on.
        if (payload.listenerCount('error') > 0) payload.emit('error', tooSlow())
      }, bodyMs)
      payload.once('close', () => clearTimeout(timer))
    }
    done()
  })
}

function tooSlow(): Problem {
  return new Problem('request-timeout', { headers: { connection: 'close' } })
}

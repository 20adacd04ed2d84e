import type { FastifyInstance } from 'fastify'
import type { CallTrace } from '../../domain/call-context.ts'
import { routeOf } from '../requests/route-of.ts'

/** Begins a trace per request, or goes on with the caller's. Must not throw. */
export type RequestTracer = {
  /** `traceparent`: as a known client sent it, if at all (W3C Trace Context). */
  begin(traceparent: string | undefined): RequestTrace
}

/** The trace of one request; its calls hang below it. */
export type RequestTrace = CallTrace & {
  readonly traceId: string
  end(request: TracedRequest): void
}

/** All that a trace says of a request: never its path, its address, or anything of its content. */
export type TracedRequest = {
  readonly method: string
  /** The route's template; `undefined` for paths that lead nowhere. */
  readonly route: string | undefined
  readonly status: number
  readonly client: string | undefined
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set when requests are traced. */
    trace: RequestTrace | undefined
  }
}

/**
 * Traces every request whose caller was let in, until its answer is sent or the caller is gone. Comes after the callers were
 * identified: who is not known could have everything traced. Only a known client's trace is gone on with.
 */
export function traceRequests(app: FastifyInstance, tracer: RequestTracer | undefined): void {
  app.decorateRequest('trace', undefined)
  if (tracer === undefined) return
  app.addHook('onRequest', (request, _reply, done) => {
    const { traceparent } = request.headers
    const isBelieved = request.client !== undefined && typeof traceparent === 'string'
    request.trace = tracer.begin(isBelieved ? traceparent : undefined)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const { method, client } = request
    request.trace?.end({ method, route: routeOf(request).url, status: reply.statusCode, client: client?.id })
    done()
  })
}

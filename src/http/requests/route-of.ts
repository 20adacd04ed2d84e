import type { FastifyInstance, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    /** Once it was asked for. */
    route: FastifyRequest['routeOptions'] | undefined
  }
}

/** The options of the route of a request: Fastify makes an object of them each time, and a request asks for them often. */
export function routeOf(request: FastifyRequest): FastifyRequest['routeOptions'] {
  request.route ??= request.routeOptions
  return request.route
}

export function rememberRoutes(app: FastifyInstance): void {
  app.decorateRequest('route', undefined)
}

import type { FastifyInstance } from 'fastify'
import type { ProblemSlug } from '../problems/problems.ts'
import { routeOf } from '../requests/route-of.ts'

/** Told of every request, for metrics. Must not throw; every value that it is given comes from a closed set. */
export type RequestObserver = {
  /** One observer per route template, made before the first request; `unknown` for paths that lead nowhere. */
  route(template: string): RouteObserver
  problem(code: ProblemSlug): void
  unwelcome(reason: Unwelcome): void
}

/** A request was answered, or its caller has gone. */
export type RouteObserver = (method: string, status: number, ms: number) => void

/**
 * Why a caller is turned away: a wrong key, too many wrong keys, a foreign network, a missing scope; at a callback a wrong
 * token (or account), or a right one from a foreign network.
 */
export type Unwelcome = 'key' | 'guessing' | 'network' | 'scope' | 'callback' | 'callback-network'

declare module 'fastify' {
  interface FastifyContextConfig {
    observe?: RouteObserver
  }
}

/** Observes requests by route template. Called before the routes are registered. */
export function observeRequests(app: FastifyInstance, observer: RequestObserver): void {
  const byTemplate = new Map<string, RouteObserver>()
  const observerOf = (template: string) => {
    const known = byTemplate.get(template)
    if (known !== undefined) return known
    const made = observer.route(template)
    byTemplate.set(template, made)
    return made
  }
  const unknown = observerOf('unknown')
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, observe: observerOf(route.url) }
  })
  app.addHook('onResponse', (request, reply, done) => {
    const observe = routeOf(request).config?.observe
    if (observe !== undefined) observe(request.method, reply.statusCode, reply.elapsedTime)
    else unknown('any', reply.statusCode, reply.elapsedTime)
    done()
  })
}

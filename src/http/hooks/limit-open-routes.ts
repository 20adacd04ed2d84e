import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import { Problem } from '../problems/problems.ts'
import type { Services } from '../services.ts'
import { addressOf } from './caller-address.ts'
import { countByNetwork } from './count-by-network.ts'

/** From one network in a minute. A page of documentation is a dozen requests, and a scrape every second is sixty. */
const mostPerMinute = 600

/**
 * Limits what anybody may ask for without a key, by address. Health and readiness are not counted: a balancer that asks for
 * all its callers has one address.
 */
export function limitOpenRoutes(app: FastifyInstance, { isTrustedProxy }: Pick<Services, 'isTrustedProxy'>): void {
  const count = countByNetwork(mostPerMinute)
  const limit: onRequestHookHandler = (request, _reply, done) => {
    const seconds = count(addressOf(request, isTrustedProxy) ?? 'unknown', performance.now())
    done(seconds === undefined ? undefined : tooMany(seconds))
  }
  app.addHook('onRoute', (route) => {
    const { scope, forProbes } = route.config ?? {}
    if (scope === 'open' && forProbes !== true) route.onRequest = [route.onRequest ?? [], limit].flat()
  })
}

function tooMany(seconds: number): Problem {
  return new Problem('rate-limited', {
    detail: `Too many requests without a key came from this address. Wait ${seconds} seconds.`,
    retryAfterSeconds: seconds,
  })
}

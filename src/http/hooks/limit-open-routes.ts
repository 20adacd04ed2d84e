import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import { Problem } from '../problems/problems.ts'
import type { Services } from '../services.ts'
import { addressOf } from './caller-address.ts'
import { countByNetwork } from './count-by-network.ts'

/** From one network in a minute. A page of documentation is a dozen requests, and a scrape every second is sixty. */
const mostPerMinute = 600
/** Files of the console, which a browser asks for once: as many as an office loads on a Monday morning. */
const mostPartsPerMinute = 12_000

/**
 * Limits what anybody may ask for without a key, by address. Health and readiness are not counted: a balancer that asks for
 * all its callers has one address.
 */
export function limitOpenRoutes(app: FastifyInstance, { isTrustedProxy }: Pick<Services, 'isTrustedProxy'>): void {
  const limitTo = (most: number): onRequestHookHandler => {
    const count = countByNetwork(most)
    return (request, _reply, done) => {
      const seconds = count(addressOf(request, isTrustedProxy) ?? 'unknown', performance.now())
      done(seconds === undefined ? undefined : tooMany(seconds))
    }
  }
  const limit = limitTo(mostPerMinute)
  const limitParts = limitTo(mostPartsPerMinute)
  app.addHook('onRoute', (route) => {
    const { scope, forProbes, partOfPage } = route.config ?? {}
    if (scope !== 'open' || forProbes === true) return
    route.onRequest = [route.onRequest ?? [], partOfPage === true ? limitParts : limit].flat()
  })
}

function tooMany(seconds: number): Problem {
  return new Problem('rate-limited', {
    detail: `Too many requests without a key came from this address. Wait ${seconds} seconds.`,
    retryAfterSeconds: seconds,
  })
}

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Client } from '../../domain/client.ts'
import { callerAddress } from '../../domain/ip-address.ts'
import { Problem } from '../problems/problems.ts'
import type { Services } from '../services.ts'
import { createGuessLimit } from './limit-guesses.ts'
import type { Unwelcome } from './observe-requests.ts'
import { requireScopes } from './require-scopes.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route that is not `open`. */
    client: Client | undefined
  }
}

const scheme = 'bearer '

/**
 * Finds out who calls, before the body is read: key, then network, then scope. Every way in which a key can be wrong
 * gets the same answer.
 */
export function identifyCallers(
  app: FastifyInstance,
  { clients, isTrustedProxy, requestObserver }: Pick<Services, 'clients' | 'isTrustedProxy' | 'requestObserver'>,
): void {
  requireScopes(app)
  app.decorateRequest('client', undefined)
  const limitGuesses = createGuessLimit()
  const turnAway = (reason: Unwelcome, problem: Problem) => {
    requestObserver?.unwelcome(reason)
    return problem
  }
  app.addHook('onRequest', (request, _reply, done) => {
    const { scope } = request.routeOptions.config
    // Without a scope is only what leads nowhere.
    if (scope === undefined || scope === 'open') return done()
    const client = clients.byKey(bearerToken(request), Date.now())
    const address = callerAddress(
      request.socket.remoteAddress ?? '',
      request.headers['x-forwarded-for'],
      isTrustedProxy,
    )
    if (client === undefined) {
      const tooMany = limitGuesses(address ?? 'unknown', performance.now())
      return done(tooMany === undefined ? turnAway('key', unauthorized) : turnAway('guessing', tooMany))
    }
    request.client = client
    if (address === undefined || !client.allowsAddress(address)) return done(turnAway('network', foreignNetwork))
    if (scope !== 'any' && !client.scopes.has(scope)) {
      const detail = `This operation needs the scope ${scope}. Ask an operator to add it.`
      return done(turnAway('scope', new Problem('scope-missing', { detail })))
    }
    done()
  })
}

const unauthorized = new Problem('unauthorized', { headers: { 'www-authenticate': 'Bearer' } })
const foreignNetwork = new Problem('network-not-allowed')

/** The key that came with a request; empty for none. */
export function bearerToken(request: FastifyRequest): string {
  const header = request.headers.authorization ?? ''
  return header.slice(0, scheme.length).toLowerCase() === scheme ? header.slice(scheme.length).trim() : ''
}

/** The client of a route that is not `open`. */
export function clientOf(request: FastifyRequest): Client {
  if (request.client === undefined) throw new Error(`${request.routeOptions.url} is open, so it has no client`)
  return request.client
}

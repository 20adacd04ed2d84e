import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Client, KnownKey, Scope } from '../../domain/client.ts'
import { Problem } from '../problems/problems.ts'
import { routeOf } from '../requests/route-of.ts'
import type { Services } from '../services.ts'
import { addressOf } from './caller-address.ts'
import { createGuessLimit } from './limit-guesses.ts'
import type { Unwelcome } from './observe-requests.ts'
import { requireScopes } from './require-scopes.ts'
import { tellRefusals } from './tell-refusals.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route that is not `open`. */
    client: Client | undefined
    /** Of its key. */
    keyId: string | undefined
  }
}

const scheme = 'bearer '

/**
 * Finds out who calls, before the body is read: key, then network, then scope. Every way in which a key can be wrong
 * gets the same answer.
 */
export function identifyCallers(
  app: FastifyInstance,
  {
    clients,
    isTrustedProxy,
    requestObserver,
    auditor,
  }: Pick<Services, 'clients' | 'isTrustedProxy' | 'requestObserver' | 'auditor'>,
): TurnAway {
  requireScopes(app)
  for (const name of ['client', 'keyId', 'address']) app.decorateRequest(name, undefined)
  const limitGuesses = createGuessLimit()
  const countGuess = (address = 'unknown') => limitGuesses(address, performance.now())
  const tell = tellRefusals(app, auditor)
  const turnAway: TurnAway = (request, reason, problem, known) => {
    requestObserver?.unwelcome(reason)
    tell(request, reason, problem, known)
    return problem
  }
  app.addHook('onRequest', (request, _reply, done) => {
    const { scope, forAdmins } = routeOf(request).config
    // Without a scope is only what leads nowhere.
    if (scope === undefined || scope === 'open' || scope === 'token') return done()
    const known = clients.byKey(bearerToken(request), Date.now())
    const address = addressOf(request, isTrustedProxy)
    if (known === undefined) {
      const tooMany = countGuess(address)
      return done(turnAway(request, tooMany === undefined ? 'key' : 'guessing', tooMany ?? unauthorized))
    }
    const { client } = known
    request.client = client
    request.keyId = known.id
    if (address === undefined || !client.allowsAddress(address))
      return done(turnAway(request, 'network', countGuess(address) ?? foreignNetwork, known))
    if (!isInScope(client, scope, forAdmins)) {
      const detail = `This operation needs the scope ${scope}. Ask an operator to add it.`
      return done(turnAway(request, 'scope', new Problem('scope-missing', { detail }), known))
    }
    done()
  })
  return turnAway
}

/** Counts and tells that a caller is refused for who it is, and gives back what it is answered with. */
export type TurnAway = (request: FastifyRequest, reason: Unwelcome, problem: Problem, known?: KnownKey) => Problem

/** Whether a client may use a route that wants this scope. */
export function isInScope({ scopes }: Client, scope: Scope | 'any', forAdmins = false): boolean {
  return scope === 'any' || scopes.has(scope) || (forAdmins && scopes.has('admin'))
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
  if (request.client === undefined) throw new Error(`${routeOf(request).url} is open, so it has no client`)
  return request.client
}

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type CallbackResult, closedDoor } from '../../domain/callback-door.ts'
import type { Destination } from '../../services/catalog/catalog.ts'
import { Problem } from '../problems/problems.ts'
import { routeOf } from '../requests/route-of.ts'
import type { Services } from '../services.ts'
import { addressOf } from './caller-address.ts'
import { countByNetwork } from './count-by-network.ts'
import type { TurnAway } from './identify-callers.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on the routes of callbacks: whose provider calls. */
    calledBack: CalledBack | undefined
  }
}

type CalledBack = Destination['account']

/** Wrong ones from one network in a minute. */
const guessesPerMinute = 100
/** With a right token; a provider that tells of a whole campaign at once stays below it. */
const mostPerMinute = 6_000

type Params = { readonly account?: string; readonly token?: string }
type Doors = Pick<Services, 'accounts' | 'callbacks' | 'isTrustedProxy' | 'onCallback'>

/**
 * Finds out, before the body is read, whether a provider's call has a token of its account and comes from where it may. Every
 * way in which it may be wrong gets the same answer after the same time. Right ones are never limited for the wrong ones that
 * come from the same address.
 */
export function letInCallbacks(app: FastifyInstance, services: Doors, turnAway: TurnAway): void {
  app.decorateRequest('calledBack', undefined)
  const countGuess = countByNetwork(guessesPerMinute)
  const countCall = countByNetwork(mostPerMinute)
  app.addHook('onRequest', (request, _reply, done) => {
    if (routeOf(request).config.scope !== 'token') return done()
    const { account: id = '', token = '' } = request.params as Params
    const address = addressOf(request, services.isTrustedProxy) ?? 'unknown'
    const door = services.callbacks.get(id) ?? closedDoor
    const isOpen = door.opensTo(token)
    const isNear = door.allowsAddress(address)
    const account = services.accounts.get(id)?.account
    if (!isOpen || account === undefined) {
      const seconds = countGuess(address, performance.now())
      const problem = seconds === undefined ? nothingHere : tooMany(seconds)
      return done(turnAway(request, 'callback', problem))
    }
    if (!isNear) {
      lose(request, account.id, 'network', services)
      return done(turnAway(request, 'callback-network', nothingHere))
    }
    const seconds = countCall(address, performance.now())
    if (seconds !== undefined) {
      lose(request, account.id, 'too_many', services)
      return done(tooMany(seconds))
    }
    request.calledBack = account
    request.chosenAccount = account.id
    done()
  })
}

const nothingHere = new Problem('not-found')

const words: Readonly<Record<'network' | 'too_many', string>> = {
  network:
    'A call with the right callback token came from outside of its networks, and what it told was not kept: the provider calls from elsewhere, or somebody else has the token.',
  too_many: 'A provider calls back more often than is allowed, and what it told was not kept.',
}

function lose(request: FastifyRequest, account: string, result: keyof typeof words & CallbackResult, services: Doors) {
  services.onCallback?.(account, result)
  request.log.error({ event: 'callback', account, reason: result }, words[result])
}

function tooMany(seconds: number): Problem {
  return new Problem('rate-limited', {
    detail: `Too many callbacks came from this address. Wait ${seconds} seconds.`,
    retryAfterSeconds: seconds,
  })
}

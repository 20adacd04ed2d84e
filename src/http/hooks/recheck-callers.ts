import type { FastifyRequest } from 'fastify'
import { callerAddress } from '../../domain/ip-address.ts'
import { routeOf } from '../requests/route-of.ts'
import type { Services } from '../services.ts'
import { bearerToken, clientOf, isInScope } from './identify-callers.ts'

/**
 * Asks again whether a caller may still do what it was let in to do: its key, network or scope may be taken away while an
 * answer goes on for minutes.
 */
export function createRecheck({ clients, isTrustedProxy }: Pick<Services, 'clients' | 'isTrustedProxy'>) {
  return (request: FastifyRequest): boolean => {
    const client = clients.byKey(bearerToken(request), Date.now())?.client
    if (client === undefined || client.id !== clientOf(request).id) return false
    const { remoteAddress = '' } = request.socket
    const address = callerAddress(remoteAddress, request.headers['x-forwarded-for'], isTrustedProxy)
    const { scope, forAdmins } = routeOf(request).config
    const mayUse = scope !== undefined && scope !== 'open' && scope !== 'token' && isInScope(client, scope, forAdmins)
    return mayUse && address !== undefined && client.allowsAddress(address)
  }
}

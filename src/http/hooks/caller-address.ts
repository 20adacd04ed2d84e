import type { FastifyRequest } from 'fastify'
import { callerAddress } from '../../domain/ip-address.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller's, once it was looked for and could be told. */
    address: string | undefined
  }
}

/** The address of who calls, behind proxies that are trusted; `undefined` where it cannot be told. */
export function addressOf(request: FastifyRequest, isTrustedProxy: (address: string) => boolean): string | undefined {
  request.address ??= callerAddress(
    request.socket.remoteAddress ?? '',
    request.headers['x-forwarded-for'],
    isTrustedProxy,
  )
  return request.address
}

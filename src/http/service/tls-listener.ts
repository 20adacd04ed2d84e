import { Server as TlsServer } from 'node:tls'
import type { App } from '../app-type.ts'

/** What the listener proves itself with, as PEM. With `clientCa` callers have to have a certificate of that authority. */
export type TlsIdentity = { readonly cert: string; readonly key: string; readonly clientCa: string | undefined }

/** A caller has to come to the point within this time. */
const handshakeTimeoutMs = 10_000

/** Options of the server. Who has no certificate where one is needed is refused at the handshake, before any request. */
export function tlsOptions(identity: TlsIdentity) {
  const needsClient = identity.clientCa !== undefined
  return {
    ...contextOf(identity),
    handshakeTimeout: handshakeTimeoutMs,
    requestCert: needsClient,
    rejectUnauthorized: needsClient,
  }
}

/** From now on new connections see this identity; those that are open stay. */
export function renewIdentity({ server }: Pick<App, 'server'>, identity: TlsIdentity): void {
  if (server instanceof TlsServer) server.setSecureContext(contextOf(identity))
}

function contextOf({ cert, key, clientCa }: TlsIdentity) {
  return { cert, key, minVersion: 'TLSv1.2' as const, ...(clientCa !== undefined && { ca: clientCa }) }
}

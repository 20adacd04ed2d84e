import { isIPv6, type LookupFunction } from 'node:net'
import buildConnector from 'undici/lib/core/connect.js'
import { skipInterim } from './skip-interim.ts'
import { openTunnel, ProxyTrouble } from './tunnel.ts'

/** The way out: by a proxy (a URL, which may hold a password), from an address of this machine. */
export type WayOut = { readonly proxy?: string | undefined; readonly localAddress?: string | undefined }

const connectTimeoutMs = 5_000

/** What makes connections to a provider, and the address of this machine that the last one was made from. */
export type Connector = {
  readonly connect: buildConnector.connector
  readonly calledFrom: () => string | undefined
}

/** `lookup`: what finds the addresses of a name, where it is not the system. */
export function createConnector({ proxy, localAddress }: WayOut, lookup?: LookupFunction): Connector {
  // Over HTTP/2 undici sends a refused request again by itself, and all calls would share one connection.
  const made = buildConnector({
    timeout: connectTimeoutMs,
    allowH2: false,
    ...familyOf(localAddress),
    ...(lookup !== undefined && { lookup }),
  })
  const fromHere: buildConnector.connector = (options, callback) =>
    made({ ...options, ...(localAddress !== undefined && { localAddress }) }, callback)
  const connect = proxy === undefined ? fromHere : throughProxy(new URL(proxy), fromHere)
  let calledFrom: string | undefined
  return {
    connect: (options, callback) =>
      connect(options, (...[error, socket]) => {
        if (error !== null) {
          callback(error, null)
          return
        }
        calledFrom = socket.localAddress
        skipInterim(socket)
        callback(null, socket)
      }),
    calledFrom: () => calledFrom,
  }
}

/** A name may have addresses of both kinds, of which those of the other kind cannot be reached from this one. */
function familyOf(localAddress: string | undefined): { readonly family?: 4 | 6 } {
  return localAddress === undefined ? {} : { family: isIPv6(localAddress) ? 6 : 4 }
}

/** Every connection is a tunnel, for http:// too, so that what a proxy says is never taken for the provider's words. */
function throughProxy(proxy: URL, connect: buildConnector.connector): buildConnector.connector {
  // The name that is verified is the proxy's, not that of the tunnel's end.
  const toProxy: buildConnector.connector = ({ servername: _, ...options }, callback) =>
    connect({ ...options, host: proxy.host }, callback)
  return (options, callback) =>
    openTunnel({ proxy, toProxy, timeoutMs: connectTimeoutMs }, authorityOf(options), (error, socket) => {
      if (socket === undefined) callback(error ?? new ProxyTrouble('CLOSED'), null)
      else if (options.protocol === 'https:') connect({ ...options, httpSocket: socket }, callback)
      else callback(null, socket)
    })
}

function authorityOf({ hostname, protocol, port }: buildConnector.Options): string {
  const name = isIPv6(hostname) ? `[${hostname}]` : hostname
  return `${name}:${port || (protocol === 'https:' ? 443 : 80)}`
}

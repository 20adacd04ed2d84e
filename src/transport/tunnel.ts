import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'
import type buildConnector from 'undici/lib/core/connect.js'
import Client from 'undici/lib/dispatcher/client.js'

/** How a proxy is asked. */
export type Tunnel = {
  /** The proxy: a URL, with user name and password where it wants them. */
  readonly proxy: URL
  /** Makes connections to the proxy. */
  readonly toProxy: buildConnector.connector
  readonly timeoutMs: number
}

/**
 * What went wrong between here and the proxy, or at it: the provider never saw anything. The code begins with `PROXY_`; it
 * is none of undici's own, since with some of those it would try for ever.
 */
export class ProxyTrouble extends Error {
  readonly code: string

  constructor(what: string) {
    super('the proxy did not open a way to the provider')
    this.code = `PROXY_${what}`
  }
}

/**
 * Asks a proxy for a way to `authority` (`host:port`), and calls back once, with the socket that leads there. The user name
 * and password go to the proxy alone.
 */
export function openTunnel(
  { proxy, toProxy, timeoutMs }: Tunnel,
  authority: string,
  callback: (error: ProxyTrouble | null, socket?: Socket) => void,
): void {
  const client = new Client(proxy.origin, { connect: toProxy, headersTimeout: 0, bodyTimeout: 0 })
  const end = (error: ProxyTrouble | null, socket?: Duplex) => {
    if (timer === undefined) return
    clearTimeout(timer)
    timer = undefined
    // The socket of a tunnel is no longer the client's.
    client.destroy()
    callback(error, socket as Socket)
  }
  let timer: NodeJS.Timeout | undefined = setTimeout(() => end(new ProxyTrouble('TIMEOUT')), timeoutMs).unref()
  const headers = ['host', authority, ...authorizationOf(proxy)]
  client.dispatch({ method: 'CONNECT', path: authority, headers, body: null }, new Answer(end))
}

type End = (error: ProxyTrouble | null, socket?: Duplex) => void

/** What the proxy says: a 2xx makes the connection a tunnel. */
class Answer implements Dispatcher.DispatchHandler {
  readonly #end: End

  constructor(end: End) {
    this.#end = end
  }

  onRequestStart(): void {}

  /** Of CONNECT every answer comes here, whatever its status. */
  onRequestUpgrade(_: Dispatcher.DispatchController, status: number, __: unknown, socket: Duplex): void {
    if (status >= 200 && status < 300) {
      this.#end(null, socket)
      return
    }
    socket.on('error', () => {}).destroy()
    this.#end(new ProxyTrouble(`HTTP_${status}`))
  }

  onResponseError(_: unknown, error: NodeJS.ErrnoException): void {
    this.#end(new ProxyTrouble(causeOf(error)))
  }
}

function causeOf(error: NodeJS.ErrnoException): string {
  const code = error.code ?? (error.cause as NodeJS.ErrnoException | undefined)?.code ?? ''
  return code === 'UND_ERR_CONNECT_TIMEOUT' ? 'TIMEOUT' : /^(?!UND_ERR_)[A-Z][A-Z0-9_]+$/.test(code) ? code : 'CLOSED'
}

function authorizationOf({ username, password }: URL): readonly string[] {
  if (username === '' && password === '') return []
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return ['proxy-authorization', `Basic ${Buffer.from(credentials).toString('base64')}`]
}

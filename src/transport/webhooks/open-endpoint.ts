import { isIP } from 'node:net'
import Pool from 'undici/lib/dispatcher/pool.js'
import type { TransportAnswer } from '../../providers/account.ts'
import { createConnector, type WayOut } from '../connector.ts'
import { Exchange } from '../exchange.ts'
import { checkedLookup, type LookupAll } from './checked-lookup.ts'
import { type Allowed, isAllowed } from './judge-address.ts'
import { type SignedEvent, signEvent } from './sign-event.ts'

export type EndpointOptions = Allowed & {
  readonly url: string
  readonly secrets: readonly string[]
  /** Through a proxy it is the proxy that looks names up, and decides. */
  readonly egress: WayOut
  /** How addresses of names are found. */
  readonly lookup?: LookupAll | undefined
}

/** What came of a try. Of an answer nothing but these is read. */
export type PostResult =
  | { readonly status: number; readonly retryAfter?: string | undefined }
  | {
      readonly failure: 'redirected' | 'timeout' | 'unreachable' | 'address_refused'
      readonly status?: number | undefined
    }

export type Endpoint = {
  post(event: SignedEvent): Promise<PostResult>
  close(): Promise<void>
}

/** The wait for a connection included. */
const timeoutMs = 15_000
const maxAnswerBytes = 1_024
const connections = 4
/** What is sent on a connection that has vanished is sent again: a new one costs less. */
const keepAliveMs = 1_000

/** Opens the way to where a client is told of events. Connections are made when they are needed. */
export function openEndpoint({ url, secrets, egress, lookup, ...allowed }: EndpointOptions): Endpoint {
  const { origin, hostname, pathname, search } = new URL(url)
  const isPermitted = (address: string) => isAllowed(address, allowed)
  const isDirect = egress.proxy === undefined
  const address = hostname.replace(/^\[(.*)\]$/, '$1')
  // Nothing looks an address up: it is checked here.
  const isRefused = isDirect && isIP(address) !== 0 && !isPermitted(address)
  const connector = createConnector(egress, isDirect ? checkedLookup(isPermitted, lookup) : undefined)
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    connect: connector.connect,
    allowH2: false,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  return {
    async post(event) {
      if (isRefused) return { failure: 'address_refused' }
      const headers = Object.entries({
        'content-type': 'application/json',
        'user-agent': 'contact-gateway',
        ...signEvent(event, secrets),
      }).flat()
      const { body } = event
      const answer = await new Promise<TransportAnswer>((resolve) => {
        const exchange = new Exchange(timeoutMs, maxAnswerBytes, resolve)
        pool.dispatch({ method: 'POST', path: pathname + search, headers, body }, exchange)
      })
      return resultOf(answer)
    },
    close: () => pool.destroy(),
  }
}

function resultOf(answer: TransportAnswer): PostResult {
  if (!('lost' in answer)) return { status: answer.status, retryAfter: answer.retryAfter }
  const { lost, status, cause } = answer
  if (lost === 'redirected') return { failure: 'redirected', status }
  // The status was there; the rest of the answer says nothing more.
  if (status !== undefined) return { status }
  if (lost === 'unreachable') return { failure: cause === 'ADDRESS_REFUSED' ? 'address_refused' : 'unreachable' }
  return { failure: 'timeout' }
}

import { File } from 'node:buffer'
import { FormData, Pool } from 'undici'
import type { Channel, ProviderRequest, TransportAnswer } from '../providers/port.ts'
import { Exchange } from './exchange.ts'
import { createRedactor } from './redact.ts'

export type ChannelOptions = {
  /** The account's base URL; no request leaves its origin. */
  readonly baseUrl: string
  /** Credentials, as headers with lower-case names. */
  readonly authHeaders: Readonly<Record<string, string>>
  /** Texts that no message may hold. */
  readonly secrets: readonly string[]
  readonly maxConcurrency: number
}

/** A provider's answer above this size is cut off and counts as unreadable. */
const maxAnswerBytes = 1024 * 1024
const connectTimeoutMs = 5_000
/** Shorter than what servers and load balancers keep, so that a request seldom meets a socket that is being closed. */
const keepAliveMs = 4_000

/**
 * Opens the way to one account's provider. Requests take a path, never a URL: neither a redirect (not followed) nor
 * an adapter can carry the credentials to another origin. Connections are made when they are needed.
 */
export function openChannel(options: ChannelOptions): Channel {
  const base = new URL(options.baseUrl)
  const basePath = base.pathname.replace(/\/$/, '')
  const pool = new Pool(base.origin, {
    connections: options.maxConcurrency,
    pipelining: 1,
    connect: { timeout: connectTimeoutMs },
    keepAliveTimeout: keepAliveMs,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: maxAnswerBytes,
  })
  const bareHeaders = flat({ accept: 'application/json', 'user-agent': 'contact-gateway', ...options.authHeaders })
  const jsonHeaders = [...bareHeaders, 'content-type', 'application/json']

  return {
    send: (request, { timeoutMs }) =>
      new Promise<TransportAnswer>((resolve) => {
        const exchange = new Exchange(timeoutMs, resolve)
        const headers = request.json === undefined ? bareHeaders : jsonHeaders
        const path = basePath + request.path
        pool.dispatch({ method: request.method, path, headers, body: bodyOf(request) }, exchange)
      }),
    redact: createRedactor(options.secrets),
    close: () => pool.destroy(),
  }
}

function flat(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).flat()
}

function bodyOf(request: ProviderRequest): string | FormData | null {
  if (request.json !== undefined) return JSON.stringify(request.json)
  if (request.file === undefined) return null
  const form = new FormData()
  form.append(request.file.field, new File([request.file.content], request.file.fileName, { type: request.file.type }))
  return form
}

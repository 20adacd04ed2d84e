import { File } from 'node:buffer'
import type { FormData } from 'undici'
import Pool from 'undici/lib/dispatcher/pool.js'
import type { Channel, TokenSource, TransportAnswer } from '../providers/account.ts'
import type { ProviderRequest } from '../providers/adapter-port.ts'
import { createConnector, type WayOut } from './connector.ts'
import { Exchange } from './exchange.ts'
import { createRedactor } from './redact.ts'
import { type Send, sendWithToken } from './send-with-token.ts'

export type ChannelOptions = {
  /** The account's base URL; no request leaves its origin. */
  readonly baseUrl: string
  /** Credentials, as headers spelt as the provider's documents spell them: some proxies care. */
  readonly authHeaders: Readonly<Record<string, string>>
  /** Texts that no message may hold. */
  readonly secrets: readonly string[]
  readonly maxConcurrency: number
  /** Absent: straight, from any address. */
  readonly egress?: WayOut | undefined
  /** Absent: the credentials go with each request. */
  readonly token?: TokenSource | undefined
}

/** A provider's answer above this size is cut off and counts as unreadable. */
const maxAnswerBytes = 1024 * 1024
/**
 * The same for pages that are read: one of 100 contacts with 50 attributes of 1,000 characters each fits; where the
 * encoding is wordier, smaller pages are asked for.
 */
const maxPageBytes = 8 * 1024 * 1024
/**
 * Much shorter than servers, load balancers and firewalls keep idle connections, of which some vanish without a word: what
 * is sent there is lost, and a call that cannot be repeated is then `unknown`. A new connection costs less. A provider that
 * says that it keeps them longer is believed no more.
 */
const keepAliveMs = 1_000

/**
 * Opens the way to one account's provider. Requests take a path, never a URL: neither a redirect (not followed) nor
 * an adapter can carry the credentials to another origin. Connections are made when they are needed.
 */
export function openChannel(options: ChannelOptions): Channel {
  const base = new URL(options.baseUrl)
  const basePath = base.pathname.replace(/\/$/, '')
  const { proxy } = options.egress ?? {}
  const connector = createConnector(options.egress ?? {})
  const pool = new Pool(base.origin, {
    connections: options.maxConcurrency,
    pipelining: 1,
    connect: connector.connect,
    allowH2: false,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: maxPageBytes,
  })
  const common = { Accept: 'application/json', 'User-Agent': 'contact-gateway', ...options.authHeaders }
  const bareHeaders = flat(common)
  const jsonHeaders = [...bareHeaders, 'Content-Type', 'application/json']
  const fixed = { ...common, ...options.token?.headers('x') }
  const fixedNames = new Set(Object.keys(fixed).map((name) => name.toLowerCase()))

  const send: Send = (request, { timeoutMs, traceparent }, tokenHeaders) => {
    const dispatch = (body: string | FormData | null) =>
      new Promise<TransportAnswer>((resolve) => {
        const path = basePath + checkedPath(request.path)
        const isPlain = request.headers === undefined && request.form === undefined && tokenHeaders === undefined
        const plainHeaders = request.json === undefined ? bareHeaders : jsonHeaders
        const ownHeaders = isPlain
          ? plainHeaders
          : [...bareHeaders, ...flat({ ...tokenHeaders, ...furtherHeaders(request, fixedNames) })]
        const headers = traceparent === undefined ? ownHeaders : [...ownHeaders, 'traceparent', traceparent]
        const maxBytes = request.method === 'GET' ? maxPageBytes : maxAnswerBytes
        pool.dispatch({ method: request.method, path, headers, body }, new Exchange(timeoutMs, maxBytes, resolve))
      })
    return request.file === undefined ? dispatch(textOf(request)) : formOf(request.file).then(dispatch)
  }
  const way = {
    proxy: proxy === undefined ? undefined : new URL(proxy).host,
    calledFrom: connector.calledFrom,
    close: () => pool.destroy(),
  }
  return options.token === undefined
    ? { send: (request, sending) => send(request, sending), redact: createRedactor(options.secrets), ...way }
    : { ...sendWithToken(send, options.token, options.secrets), ...way }
}

/** What an adapter may ask for: below the base URL, and nothing that a server could take for another place. */
const goodPath = /^\/(?!\/)[!-[\]-~]*$/
const climbingSegment = /\/(?:\.|%2e){1,2}(?:[/?]|$)/i

/** @throws for a path that an adapter must not build: it is a defect, and nothing is sent. */
function checkedPath(path: string): string {
  if (goodPath.test(path) && !path.includes('#') && !climbingSegment.test(path)) return path
  throw new Error('an adapter built a path that could leave the base URL of its account')
}

function flat(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).flat()
}

/** @throws for one that every request has: it is a defect, and nothing is sent. */
function furtherHeaders(
  { headers, json, form }: ProviderRequest,
  fixedNames: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const type =
    form !== undefined ? 'application/x-www-form-urlencoded' : json !== undefined ? 'application/json' : undefined
  const further = { ...(type !== undefined && { 'content-type': type }), ...headers }
  for (const name in further) {
    if (fixedNames.has(name) || name !== name.toLowerCase())
      throw new Error('an adapter set a header that is not its to set, or whose name is not in lower case')
  }
  return further
}

function textOf({ json, form }: ProviderRequest): string | null {
  if (form !== undefined) return new URLSearchParams(form).toString()
  return json === undefined ? null : JSON.stringify(json)
}

/** The whole of undici is loaded only now: it takes 3 MB, and many gateways send no files. */
async function formOf({ field, content, fileName, type }: NonNullable<ProviderRequest['file']>): Promise<FormData> {
  const { FormData } = await import('undici')
  const form = new FormData()
  form.append(field, new File([content], fileName, { type }))
  return form
}

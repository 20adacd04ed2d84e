import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { request as ask } from 'undici'

/** What the provider itself said. */
export type Honest = { readonly status: number; readonly text: string }

/** What the caller gets. */
export type Reply = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** An answer before the answer. */
  readonly informational?: 100 | 102 | 103
  /** Sent as it is in place of all that; then the connection is closed. */
  readonly raw?: string
}

export type OddRule = {
  /** Which requests it is about. */
  strikes(method: string, path: string): boolean
  /** From what the provider said of it; absent, the request does not get there, and `honest` is nothing. */
  readonly passesOn: boolean
  answer(honest: Honest): Reply
}

/** One server that is the way of many accounts to their providers, and tells each something of its own. */
export type OddWay = {
  /** A base URL that leads to `target`. `name` tells the account. */
  baseUrl(name: string, target: string): string
  /** From the next request on, the first rule that strikes; without one the way is good. What was counted is forgotten. */
  set(name: string, ...rules: readonly OddRule[]): void
  /** What was asked on this way, method and path. */
  requests(name: string): readonly string[]
  close(): Promise<void>
}

type Way = { readonly origin: string; rules: readonly OddRule[]; requests: string[] }

export async function startOddWay(): Promise<OddWay> {
  const ways = new Map<string, Way>()
  const server = createServer(async (request, response) => {
    const [, name = '', path = ''] = /^\/([^/]+)(.*)$/.exec(request.url ?? '') ?? []
    const way = ways.get(name) as Way
    const { method = '' } = request
    const body = await buffer(request)
    way.requests.push(`${method} ${path}`)
    const rule = way.rules.find(({ strikes }) => strikes(method, path))
    const honest = rule?.passesOn === false ? nothing : await passOn(request, way.origin + path, body)
    try {
      send(response, rule === undefined ? asIs(honest) : rule.answer(honest))
    } catch (error) {
      response.destroy(error as Error)
      throw error
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    baseUrl(name, target) {
      const { origin, pathname } = new URL(target)
      ways.set(name, { origin, rules: [], requests: [] })
      return `http://127.0.0.1:${port}/${name}${pathname.replace(/\/$/, '')}`
    },
    set(name, ...rules) {
      Object.assign(ways.get(name) as Way, { rules, requests: [] })
    },
    requests: (name) => ways.get(name)?.requests ?? [],
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  }
}

const nothing: Honest = { status: 0, text: '' }
const ofTheConnection = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'expect'])

async function passOn({ method = '', headers }: IncomingMessage, url: string, body: Buffer): Promise<Honest> {
  const own = Object.fromEntries(Object.entries(headers).filter(([name]) => !ofTheConnection.has(name)))
  const sent = body.length === 0 ? {} : { body }
  const answer = await ask(url, { method: method as 'GET', headers: own, ...sent })
  return { status: answer.statusCode, text: await answer.body.text() }
}

/** The answer as the provider gave it. */
export function asIs({ status, text }: Honest): Reply {
  return { status, ...(text !== '' && { body: text }) }
}

function send(response: ServerResponse, { status, headers = {}, body = '', informational, raw }: Reply): void {
  if (raw !== undefined) {
    response.socket?.end(raw)
    return
  }
  if (informational === 100) response.writeContinue()
  else if (informational === 102) response.writeProcessing()
  else if (informational === 103) response.writeEarlyHints({ link: '</style.css>; rel=preload' })
  const type = body.length === 0 ? {} : { 'content-type': 'application/json' }
  response.writeHead(status, { ...type, ...headers })
  response.end(body)
}

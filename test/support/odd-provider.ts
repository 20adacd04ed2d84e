import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** What an odd provider is asked. `path` has no query. */
export type Asked = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
  readonly headers: IncomingHttpHeaders
}

/** What it says: an object as JSON, a text or bytes as they are. */
export type Said = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** The connection breaks, before a byte of the answer was sent or within its body. */
  readonly cut?: 'before' | 'within'
}

export type OddProvider = {
  readonly url: string
  /** Everything that it was asked so far. */
  asked(): readonly Asked[]
  close(): Promise<void>
}

/** A provider that answers as a test tells it to, over real HTTP, in forms that no simulator has. */
export async function startOddProvider(answer: (asked: Asked) => Said): Promise<OddProvider> {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    const question = await read(request)
    asked.push(question)
    say(answer(question), response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  }
}

function say({ status = 200, headers = {}, body, cut }: Said, response: ServerResponse): void {
  if (cut === 'before') return void response.destroy()
  const isRaw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body)
  const whole = Buffer.from(isRaw ? (body ?? '') : JSON.stringify(body))
  response.writeHead(status, { 'content-type': isRaw ? 'text/html' : 'application/json', ...headers })
  if (cut === undefined) response.end(whole)
  else response.write(whole.subarray(0, whole.length >> 1), () => response.destroy())
}

async function read(request: IncomingMessage): Promise<Asked> {
  const url = new URL(request.url ?? '/', 'http://odd')
  const { method = '', headers } = request
  return { method, path: url.pathname, query: url.searchParams, body: await text(request), headers }
}

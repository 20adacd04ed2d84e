import { randomBytes } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

/** An event as it came in. */
export type ReceivedEvent = {
  readonly id: string
  readonly at: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events whose form is what they test.
  readonly body: any
}

export type Receiver = {
  readonly url: string
  /** A secret of its own. */
  readonly secret: string
  /** All that came, verified by Standard Webhooks' own library with the secret, or one of `secrets`. */
  readonly events: ReceivedEvent[]
  /** What did not verify. */
  readonly refused: string[]
  /** How it answers; 204 until it is told otherwise. */
  answer(respond: (response: ServerResponse, event: ReceivedEvent) => void): void
  /** The events of a type, when there are so many. Fails after `withinMs` (15 s), with the types that came. */
  received(type: string, count?: number, options?: { readonly withinMs?: number }): Promise<ReceivedEvent[]>
  /** An entry of `webhooks` that leads here. */
  entry(events: readonly string[], more?: Readonly<Record<string, unknown>>): Record<string, unknown>
  close(): Promise<void>
}

export const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`

/** Starts a program of a client that takes events, on a free port. */
export async function startReceiver(secrets: readonly string[] = [newSecret()]): Promise<Receiver> {
  const events: ReceivedEvent[] = []
  const refused: string[] = []
  const waiting = new Set<() => void>()
  let respond: Parameters<Receiver['answer']>[0] = (response) => void response.writeHead(204).end()
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const body = verified(secrets, text, request.headers as Record<string, string>)
    if (body === undefined) {
      refused.push(text)
      response.writeHead(401).end()
      return
    }
    const { headers } = request
    const event = { id: String(headers['webhook-id']), at: Date.now(), headers, text, body }
    events.push(event)
    for (const look of waiting) look()
    respond(response, event)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`
  const [secret = ''] = secrets
  return {
    url,
    secret,
    events,
    refused,
    answer(next) {
      respond = next
    },
    received: (type, count = 1, { withinMs = 15_000 } = {}) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = events.filter(({ body }) => body.type === type)
          if (found.length < count) return
          waiting.delete(look)
          clearTimeout(timer)
          resolve(found)
        }
        const timer = setTimeout(() => {
          waiting.delete(look)
          const came = events.map(({ body }) => body.type).join(', ')
          reject(new Error(`Not ${count} × ${type} within ${withinMs} ms; what came: ${came || 'nothing'}`))
        }, withinMs)
        waiting.add(look)
        look()
      }),
    entry: (types, more = {}) => ({ url, secrets: [secret], events: types, ...more }),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function verified(secrets: readonly string[], text: string, headers: Record<string, string>): unknown {
  for (const secret of secrets) {
    try {
      return new Webhook(secret).verify(text, headers)
    } catch {
      // Another one may.
    }
  }
  return undefined
}

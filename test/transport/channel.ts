import { afterEach, expect } from 'vitest'
import type { Channel, TransportAnswer } from '../../src/providers/account.ts'
import type { ProviderRequest } from '../../src/providers/adapter-port.ts'
import { openChannel } from '../../src/transport/connect.ts'
import { type RawServer, type Serving, startRawServer } from './raw-server.ts'

export const secret = 'a-secret-that-nobody-may-see'
export const post: ProviderRequest = { method: 'POST', path: '/contacts', json: { name: 'Jane' } }
export const timeoutMs = 300
export const ok = (body: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
export const answered = (status: number, text: string, retryAfter?: string): TransportAnswer => ({
  status,
  text,
  retryAfter,
  headers: expect.any(Object),
})

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A channel of one connection to a server; closed after the test. */
export function open(baseUrl: string): Channel {
  const channel = openChannel({ baseUrl, authHeaders: { 'api-key': secret }, secrets: [secret], maxConcurrency: 1 })
  closing.push(() => channel.close())
  return channel
}

/** A raw server and a channel to it; both closed after the test. */
export async function serve(serving: Serving): Promise<{ server: RawServer; channel: Channel }> {
  const server = await startRawServer(serving)
  closing.push(() => server.close())
  return { server, channel: open(`http://127.0.0.1:${server.port}`) }
}

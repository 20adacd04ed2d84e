import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CallLog } from '../../domain/call-context.ts'
import type { MetricsText } from '../services.ts'

// Not imported: see close-gently.ts.
const { createServer } = process.getBuiltinModule('node:http')

/** `GET /metrics` on a port of its own, for a network that callers do not reach; `GET /healthz` too, which there needs no TLS. */
export type MetricsListener = {
  /** Resolves with the address of the metrics; port 0 picks a free one. */
  listen(host: string, port: number): Promise<string>
  close(): Promise<void>
}

const longestRequestMs = 10_000
const alive = JSON.stringify({ status: 'ok' })

export type MetricsListenerOptions = {
  readonly log: Pick<CallLog, 'error'>
  /** Other processes listen at the same address. */
  readonly sharesAddress: boolean
}

export function createMetricsListener(
  metrics: MetricsText,
  { log, sharesAddress }: MetricsListenerOptions,
): MetricsListener {
  const server = createServer({ requestTimeout: longestRequestMs }, (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? ''
    if (!['/metrics', '/healthz'].includes(path)) return void response.writeHead(404).end()
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return void response.writeHead(405, { allow: 'GET, HEAD' }).end()
    if (path === '/healthz') return void response.writeHead(200, { 'content-type': 'application/json' }).end(alive)
    answer(metrics, response).catch((error) => {
      log.error({ err: error }, 'the metrics could not be read')
      response.writeHead(500).end()
    })
  })
  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen({ port, host, reusePort: sharesAddress }, () => resolve(urlOf(server.address() as AddressInfo)))
      }),
    close: () =>
      new Promise((resolve) => {
        if (!server.listening) return resolve()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function urlOf({ address, port, family }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/metrics`
}

async function answer({ contentType, read }: MetricsText, response: ServerResponse): Promise<void> {
  const text = await read()
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' }).end(text)
}

import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Dispatcher, Pool } from 'undici'

/** The least that a proxy on Node can do: `node:http`, undici, and nothing between them. Argument: the upstream's port. */
const pool = new Pool(`http://127.0.0.1:${process.argv[2]}`, { connections: 64, pipelining: 1 })

class PassOn implements Dispatcher.DispatchHandler {
  readonly #to: ServerResponse
  readonly #chunks: Buffer[] = []
  #status = 0
  #type = ''

  constructor(to: ServerResponse) {
    this.#to = to
  }

  onRequestStart(): void {}

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Record<string, unknown>): void {
    this.#status = status
    this.#type = String(headers['content-type'])
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    const body = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks)
    this.#to.writeHead(this.#status, { 'content-type': this.#type, 'content-length': body.length }).end(body)
  }

  onResponseError(): void {
    this.#to.writeHead(502).end()
  }
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
    const headers = [
      'content-type',
      'application/json',
      'x-auth-id',
      String(request.headers['x-auth-id']),
      'x-auth-token',
      String(request.headers['x-auth-token']),
    ]
    pool.dispatch({ method: 'POST', path: request.url ?? '/', headers, body }, new PassOn(response))
  })
}).listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))

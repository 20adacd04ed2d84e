import { Server } from 'node:net'
import type { FastifyInstance } from 'fastify'

// Not imported: that would read all its names, of which some load Node's whole fetch, 16 MB (ADR 0011).
const { ServerResponse } = process.getBuiltinModule('node:http')

/** A turn of the event loop with less to do than this is a moment of rest. */
const restMs = 1
const longestMs = 2_000
/** A caller with a kept connection may be about to use it; one that has not for so long is not waited for. */
const quietMs = 250
const longestQuietMs = 600
/** How often connections that an answer was to keep are looked for, once it has ended. */
const sweepMs = 50

/** How far the process is on its way to its end. */
export type Farewell = {
  /** Aborted when the server closes: what only the caller would end has to end by itself. */
  readonly closing: AbortSignal
  /** The answers of the server: to be given to it when it is made. */
  readonly ServerResponse: typeof ServerResponse
  /** From now on every answer is the last one of its connection, and says so. */
  close(): void
}

export function createFarewell(): Farewell {
  const closing = new AbortController()
  /** Asked when the head is written, so that an answer to a request from before is a last one too. */
  class Answer extends ServerResponse {
    override writeHead(status: number, ...head: unknown[]): this {
      if (closing.signal.aborted && !this.headersSent) this.setHeader('connection', 'close')
      return super.writeHead(status, ...(head as []))
    }
  }
  return {
    closing: closing.signal,
    ServerResponse: Answer as typeof ServerResponse,
    close: () => closing.abort(),
  }
}

/**
 * On closing, every caller that has connected so far is still served, and its last answer closes its connection. One that
 * is idle is closed when no request has come for a moment: the caller might be sending one just then. While it drains, a
 * server keeps its connections: a caller would have to make new ones, and the last of them might come too late.
 */
export function closeGently(app: FastifyInstance, farewell: Farewell): void {
  app.addHook('preClose', async () => {
    await untilNoneConnects(app)
    Server.prototype.close.call(app.server)
    // Only now: who is told to close connects anew at once, and would do so while the listener closes.
    farewell.close()
    await untilQuiet(app)
    const sweeping = setInterval(() => app.server.closeIdleConnections(), sweepMs)
    app.server.once('close', () => clearInterval(sweeping))
  })
}

/**
 * A connection that waits to be accepted when the listener closes is reset by the system, and a load balancer does not send
 * again what it has sent on it. Node accepts one connection in each turn of the event loop: the listener closes at the end
 * of a short turn that brought none.
 */
async function untilNoneConnects({ server }: FastifyInstance): Promise<void> {
  let accepted = 0
  server.on('connection', () => {
    accepted++
  })
  const startedAt = performance.now()
  for (let turnedAt = startedAt; turnedAt - startedAt < longestMs; ) {
    accepted = 0
    await new Promise((resolve) => setImmediate(resolve))
    const now = performance.now()
    if (accepted === 0 && now - turnedAt < restMs) break
    turnedAt = now
  }
}

async function untilQuiet({ server }: FastifyInstance): Promise<void> {
  const startedAt = performance.now()
  let heardAt = startedAt
  server.on('request', () => {
    heardAt = performance.now()
  })
  for (let now = startedAt; now - heardAt < quietMs && now - startedAt < longestQuietMs; now = performance.now()) {
    if ((await connectionsOf(server)) === 0) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((_error, count) => resolve(count)))
}

import { Server } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** A turn of the event loop with less to do than this is a moment of rest. */
const restMs = 1
const longestMs = 2_000

/**
 * On closing, every caller that has connected so far is still served. A connection that waits to be accepted when the
 * listener closes is reset by the system, and a load balancer does not send again what it has sent on it. Node accepts
 * one connection in each turn of the event loop: the listener closes at the end of a short turn that brought none.
 */
export function closeGently(app: FastifyInstance): void {
  app.addHook('preClose', async () => {
    let accepted = 0
    app.server.on('connection', () => {
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
    Server.prototype.close.call(app.server)
  })
}

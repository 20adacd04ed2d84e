import type { FastifyInstance } from 'fastify'

export type Attention = {
  /** Told of every request by a client who waits for its answer. */
  readonly onAttention?: (() => void) | undefined
}

/**
 * Tells of callers, so that other work gives way. Runs after the client is known; requests about imports are not in a
 * hurry.
 */
export function noticeCallers(app: FastifyInstance, { onAttention }: Attention): void {
  if (onAttention === undefined) return
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.client !== undefined && request.routeOptions.config.scope !== 'imports') onAttention()
    done()
  })
}

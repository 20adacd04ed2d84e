import type { FastifyInstance } from 'fastify'
import { routeOf } from '../requests/route-of.ts'
import type { Services } from '../services.ts'

/**
 * Tells of callers, so that other work gives way. Runs after the client is known; requests about imports are not in a
 * hurry.
 */
export function noticeCallers(app: FastifyInstance, { onAttention }: Pick<Services, 'onAttention'>): void {
  if (onAttention === undefined) return
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.client !== undefined && routeOf(request).config.scope !== 'imports') onAttention()
    done()
  })
}

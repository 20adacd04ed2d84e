import type { FastifyInstance } from 'fastify'
import type { ProblemSlug } from '../problems/problems.ts'
import { routeOf } from '../requests/route-of.ts'
import { subjectReader } from '../requests/subject-of.ts'
import type { WriteFacts } from '../requests/write-answer.ts'
import type { Services } from '../services.ts'
import { addressOf } from './caller-address.ts'
import { networkOf } from './count-by-network.ts'
import { LineLimit } from './limit-lines.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request is answered with, where that is a problem. */
    problem: ProblemSlug | undefined
    facts: WriteFacts | undefined
  }
}

/**
 * Tells of every write when its answer is about to be sent, also to a caller that has gone. Where there is no auditor
 * nothing is done. Called before the routes are registered.
 */
export function auditRequests(
  app: FastifyInstance,
  { auditor, ...services }: Pick<Services, 'auditor' | 'lists' | 'accounts' | 'isTrustedProxy'>,
): void {
  app.decorateRequest('problem', undefined)
  app.decorateRequest('facts', undefined)
  if (auditor === undefined) return
  const subjectOf = subjectReader(services)
  const refusals = new LineLimit((leftOut) => auditor.leftOut(leftOut))
  app.addHook('onClose', async () => refusals.close())
  app.addHook('onSend', (request, reply, _payload, done) => {
    const { audit: action } = routeOf(request).config
    if (action === undefined || action === false || request.isToldRefused) return done()
    const { client, keyId, id: requestId, problem } = request
    const address = addressOf(request, services.isTrustedProxy)
    const { statusCode: status } = reply
    const isKnown = client !== undefined || request.calledBack !== undefined
    if (problem === undefined || (isKnown && status !== 429)) {
      const { list, account, import: id } = subjectOf(request)
      auditor.wrote({
        action,
        client: client?.id,
        keyId,
        address,
        list,
        account,
        import: id,
        contactId: (request.params as { readonly contactId?: string }).contactId,
        validateOnly: (request.query as { readonly validateOnly?: unknown }).validateOnly === true,
        facts: request.facts,
        status,
        problem,
        replayed: reply.getHeader('idempotency-replayed') as string | undefined,
        requestId,
      })
    } else if (refusals.take(networkOf(address ?? 'unknown'), problem)) {
      const caller = { client: client?.id, keyId, address, requestId }
      auditor.refused({ ...caller, reason: problem, status, problem, wanted: action })
    }
    done()
  })
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ProblemSlug } from '../problems/problems.ts'
import { subjectReader } from '../requests/subject-of.ts'
import type { WriteFacts } from '../requests/write-answer.ts'
import type { Services } from '../services.ts'
import { addressOf } from './caller-address.ts'
import { networkOf } from './limit-guesses.ts'
import { LineLimit } from './limit-lines.ts'
import type { Caller } from './request-auditor.ts'

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
    const { audit: action } = request.routeOptions.config
    if (action === undefined || action === false || request.isToldRefused) return done()
    const caller = callerOf(request, addressOf(request, services.isTrustedProxy))
    const { problem } = request
    const status = reply.statusCode
    if (problem === undefined || (caller.client !== undefined && status !== 429)) {
      auditor.wrote({ ...writeOf(request, reply), ...caller, ...subjectOf(request), action, status, problem })
    } else if (refusals.take(networkOf(caller.address ?? 'unknown'), problem)) {
      auditor.refused({ ...caller, reason: problem, status, problem, wanted: action })
    }
    done()
  })
}

function callerOf({ client, keyId, id }: FastifyRequest, address: string | undefined): Caller {
  return { client: client?.id, keyId, address, requestId: id }
}

function writeOf({ facts, params, query }: FastifyRequest, reply: FastifyReply) {
  const { contactId } = params as { readonly contactId?: string }
  return {
    facts,
    contactId,
    validateOnly: (query as { readonly validateOnly?: unknown }).validateOnly === true,
    replayed: reply.getHeader('idempotency-replayed') as string | undefined,
  }
}

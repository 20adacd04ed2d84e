import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { KnownKey } from '../../domain/client.ts'
import { type Problem, problemKinds } from '../problems/problems.ts'
import { networkOf } from './count-by-network.ts'
import { LineLimit } from './limit-lines.ts'
import type { Unwelcome } from './observe-requests.ts'
import type { RequestAuditor } from './request-auditor.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Its refusal was told, here or as left out. */
    isToldRefused: boolean
  }
}

/** Tells of a caller that is refused, whose key is `known` where it is valid. */
export type TellRefusal = (request: FastifyRequest, reason: Unwelcome, problem: Problem, known?: KnownKey) => void

/**
 * One `security` line, and one audit event, for every caller that is refused for who it is. Both are limited, and for valid
 * keys apart: whoever guesses keys cannot hide what happens to one that was stolen.
 */
export function tellRefusals(app: FastifyInstance, auditor: RequestAuditor | undefined): TellRefusal {
  app.decorateRequest('isToldRefused', false)
  const leftOut = (counts: Readonly<Record<string, number>>) => {
    app.log.warn({ event: 'security', leftOut: counts }, manyRefused)
    auditor?.leftOut(counts)
  }
  const ofStrangers = new LineLimit(leftOut)
  const ofClients = new LineLimit(leftOut)
  app.addHook('onClose', async () => {
    ofStrangers.close()
    ofClients.close()
  })
  return (request, reason, { slug }, known) => {
    request.isToldRefused = true
    const { address, routeOptions, method, id } = request
    const limit = known === undefined ? ofStrangers : ofClients
    if (!limit.take(networkOf(address ?? 'unknown'), reason)) return
    const refusal = { reason, status: problemKinds[slug].status, address, client: known?.client.id, keyId: known?.id }
    app.log.warn({ event: 'security', ...refusal, method, route: routeOptions.url, reqId: id }, 'A caller was refused.')
    auditor?.refused({ ...refusal, problem: slug, wanted: routeOptions.config.audit || undefined, requestId: id })
  }
}

const manyRefused = 'More callers were refused than there are lines for in a minute.'

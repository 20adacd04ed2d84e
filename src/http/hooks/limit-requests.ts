import type { FastifyInstance } from 'fastify'
import type { Allowance, Quota } from '../../domain/quota.ts'
import { Problem } from '../problems/problems.ts'
import type { Services } from '../services.ts'
import { createQuotas } from './client-quotas.ts'

/** A body that is larger costs as much as several requests: each of its bytes is read, checked and translated. */
const bytesOfRequest = 64 * 1024

/**
 * Holds each client to its quota, and tells it on every answer what is left (draft-ietf-httpapi-ratelimit-headers-10:
 * `RateLimit-Policy` and `RateLimit` as structured fields). Runs after the client is known. JSON bodies count by their
 * size as well, once they were read.
 */
export function limitRequests(app: FastifyInstance, services: Pick<Services, 'sharedCounts'>): ChargeBody {
  const quotas = createQuotas(app, services)
  const policies = new WeakMap<Quota, string>()
  const policyOf = (quota: Quota) => {
    let policy = policies.get(quota)
    if (policy === undefined) {
      policy = describeQuota(quota)
      policies.set(quota, policy)
    }
    return policy
  }
  app.addHook('onRequest', (request, reply, done) => {
    const { client } = request
    if (client === undefined) return done()
    const allowance = quotas.use(client.id, client.rateLimit)
    reply.header('ratelimit-policy', policyOf(client.rateLimit))
    reply.header('ratelimit', `"client";r=${allowance.remaining};t=${allowance.resetSeconds}`)
    done(allowance.allowed ? undefined : overQuota(client.rateLimit, allowance))
  })
  return (client, bytes) => {
    const surplus = Math.floor(bytes / bytesOfRequest)
    if (surplus > 0) quotas.charge(client, surplus)
  }
}

/** Counts a body that a client sent by its size. */
export type ChargeBody = (client: string, bytes: number) => void

function describeQuota({ requests, windowSeconds }: Quota): string {
  return `"client";q=${requests};w=${windowSeconds}`
}

function overQuota({ requests, windowSeconds }: Quota, { resetSeconds }: Allowance): Problem {
  return new Problem('rate-limited', {
    detail: `This client may make ${requests} requests in ${windowSeconds} seconds, of which a body counts as one for each 64 KB. Wait ${resetSeconds} seconds.`,
    retryAfterSeconds: resetSeconds,
  })
}

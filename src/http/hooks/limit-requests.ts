import type { FastifyInstance } from 'fastify'
import { type Allowance, type Quota, QuotaWindow, type SharedCounts } from '../../domain/quota.ts'
import { Problem } from '../problems/problems.ts'
import type { Services } from '../services.ts'

/** How often replicas tell each other what their clients have used. */
const shareEveryMs = 100
/** A body that is larger costs as much as several requests: each of its bytes is read, checked and translated. */
const bytesOfRequest = 64 * 1024
/** How often windows that are over are thrown away. */
const sweepEveryMs = 60_000

/**
 * Holds each client to its quota, and tells it on every answer what is left (draft-ietf-httpapi-ratelimit-headers-10:
 * `RateLimit-Policy` and `RateLimit` as structured fields). Runs after the client is known. Counting is local, so that no
 * request waits for the store; replicas exchange their counts ten times a second. JSON bodies count by their size as well, once
 * they were read.
 */
export function limitRequests(app: FastifyInstance, { sharedCounts }: Pick<Services, 'sharedCounts'>): ChargeBody {
  const windows = new Map<string, QuotaWindow>()
  const policies = new WeakMap<Quota, string>()
  const policyOf = (quota: Quota) => {
    let policy = policies.get(quota)
    if (policy === undefined) {
      policy = describeQuota(quota)
      policies.set(quota, policy)
    }
    return policy
  }
  const share = sharedCounts && shareCounts(app, windows, sharedCounts)
  sweep(app, windows)
  app.addHook('onRequest', (request, reply, done) => {
    const { client } = request
    if (client === undefined) return done()
    let window = windows.get(client.id)
    if (window === undefined) {
      window = new QuotaWindow()
      windows.set(client.id, window)
    }
    const allowance = window.use(client.rateLimit, performance.now())
    share?.(client.id)
    reply.header('ratelimit-policy', policyOf(client.rateLimit))
    reply.header('ratelimit', `"client";r=${allowance.remaining};t=${allowance.resetSeconds}`)
    done(allowance.allowed ? undefined : overQuota(client.rateLimit, allowance))
  })
  return (client, bytes) => {
    const surplus = Math.floor(bytes / bytesOfRequest)
    if (surplus === 0) return
    windows.get(client)?.charge(surplus)
    share?.(client)
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

/** Exchanges counts in the background: at once after a rest, else `shareEveryMs` after the last time. */
function shareCounts(app: FastifyInstance, windows: ReadonlyMap<string, QuotaWindow>, counts: SharedCounts) {
  const waiting = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let lastAt = Number.NEGATIVE_INFINITY
  const exchange = async (id: string): Promise<void> => {
    const window = windows.get(id)
    const unshared = window?.takeUnshared(performance.now())
    if (window === undefined || unshared === undefined) return
    try {
      window.merge(unshared, await counts.add(id, unshared.count, unshared.msLeft), performance.now())
    } catch {
      // The store is away, which others report: this replica goes by its own counts until it is back.
      window.giveBack(unshared)
    }
  }
  const exchangeAll = () => {
    timer = undefined
    lastAt = performance.now()
    const ids = [...waiting]
    waiting.clear()
    for (const id of ids) void exchange(id)
  }
  app.addHook('onClose', async () => clearTimeout(timer))
  return (id: string) => {
    waiting.add(id)
    timer ??= setTimeout(exchangeAll, Math.max(0, lastAt + shareEveryMs - performance.now()))
  }
}

function sweep(app: FastifyInstance, windows: Map<string, QuotaWindow>): void {
  const timer = setInterval(() => {
    const now = performance.now()
    for (const [id, window] of windows) if (window.isOver(now)) windows.delete(id)
  }, sweepEveryMs)
  timer.unref()
  app.addHook('onClose', async () => clearInterval(timer))
}

import type { FastifyInstance } from 'fastify'
import { type Allowance, type Quota, QuotaWindow, type SharedCounts } from '../../domain/quota.ts'
import type { Services } from '../services.ts'

/** How often replicas tell each other what their clients have used. */
const shareEveryMs = 100
/** How often windows that are over are thrown away. */
const sweepEveryMs = 60_000

/** What callers have used of their quotas, each by a key. */
export type Quotas = {
  /** Counts one request, where it is within the quota. */
  use(key: string, quota: Quota): Allowance
  /** Counts what a request that was let in turned out to cost besides, in requests. */
  charge(key: string, requests: number): void
}

/** Counts locally, so that no request waits for the store; replicas exchange their counts ten times a second. */
export function createQuotas(app: FastifyInstance, { sharedCounts }: Pick<Services, 'sharedCounts'>): Quotas {
  const windows = new Map<string, QuotaWindow>()
  const share = sharedCounts && shareCounts(app, windows, sharedCounts)
  sweep(app, windows)
  return {
    use(key, quota) {
      let window = windows.get(key)
      if (window === undefined) {
        window = new QuotaWindow()
        windows.set(key, window)
      }
      const allowance = window.use(quota, performance.now())
      share?.(key)
      return allowance
    },
    charge(key, requests) {
      windows.get(key)?.charge(requests)
      share?.(key)
    },
  }
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

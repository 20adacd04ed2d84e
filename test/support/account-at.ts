import type { Account, WriterLeases } from '../../src/providers/account.ts'
import type { Adapter } from '../../src/providers/adapter-port.ts'
import { createPolicies } from '../../src/providers/policies.ts'
import { tokenSource } from '../../src/providers/token-source.ts'
import { openChannel } from '../../src/transport/connect.ts'

/** An account as the gateway connects it, without retries, at a simulator that listens. */
export function accountAt(
  adapter: Adapter,
  baseUrl: string,
  credentials: Record<string, string>,
  settings: Account['settings'],
  leases?: WriterLeases,
): Account {
  const breaker = { failureRate: 0.5, minimumCalls: 20, windowMs: 10_000, openMs: 10_000 }
  const limits = { maxConcurrency: 2, timeoutMs: 5_000 }
  return {
    id: 'a',
    adapter,
    settings,
    batchSize: undefined,
    ...limits,
    isolateRejected: true,
    createLists: true,
    sendTraceparent: false,
    settleAfterMs: 0,
    defaultTarget: undefined,
    policies: createPolicies({ id: 'a', ...limits, retries: 0, requestsPerSecond: undefined, breaker }, { leases }),
    channel: openChannel({
      baseUrl,
      authHeaders: adapter.authHeaders(credentials),
      secrets: Object.values(credentials),
      maxConcurrency: limits.maxConcurrency,
      token: tokenSource(adapter, credentials),
    }),
  }
}

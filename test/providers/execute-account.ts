import { Type } from 'typebox'
import type { CallContext } from '../../src/domain/call-context.ts'
import type { Account, TransportAnswer } from '../../src/providers/account.ts'
import { defineAdapter, type Operation } from '../../src/providers/adapter-port.ts'
import { execute } from '../../src/providers/execute.ts'
import { createPolicies, type PolicySettings, type PolicySurroundings } from '../../src/providers/policies.ts'
import { failureFrom, failureOfStatus, providerDetail } from '../../src/providers/read-answer.ts'
import type { ManualClock } from './execute-clock.ts'

/** A provider that answers as it is told, in virtual time: `lasts` is how long an answer takes. */
export type Told = TransportAnswer & { readonly lasts?: number }

export const answer = (status: number, retryAfter?: string): Told => ({ status, text: '{}', retryAfter })
export const lost = (what: 'unreachable' | 'timeout' | 'tooLarge' | 'redirected', status?: number): Told =>
  status === undefined ? { lost: what } : { lost: what, status }

const operation = (repeatable: boolean): Operation<string, string> => ({
  repeatable,
  toRequest: (input) => ({ method: 'POST', path: '/', json: input }),
  toOutcome: ({ status }) =>
    status < 300 ? { ok: 'done' } : failureFrom(failureOfStatus(status), providerDetail(status, undefined, undefined)),
})

/** An account whose provider is a function; records when each attempt was sent. */
export function createAccount(
  clock: ManualClock,
  provider: (attempt: number, timeoutMs: number) => Told,
  settings: Partial<PolicySettings> = {},
  surroundings: PolicySurroundings = {},
) {
  const sent: number[] = []
  const logged: object[] = []
  const timeoutMs = settings.timeoutMs ?? 1_000
  const all: PolicySettings = {
    id: 'acme-main',
    maxConcurrency: 8,
    timeoutMs,
    retries: 2,
    requestsPerSecond: undefined,
    breaker: { failureRate: 0.5, minimumCalls: 1_000_000, windowMs: 10_000, openMs: 10_000 },
    ...settings,
  }
  const account: Account = {
    id: all.id,
    adapter: defineAdapter({
      id: 'acme',
      title: 'Acme',
      baseUrl: 'https://acme.example',
      credentials: Type.Object({}),
      settings: Type.Object({}),
      target: Type.Object({}),
      authHeaders: () => ({}),
      fields: () => ({}) as never,
      keyedBy: 'phone',
      honoursSkip: false,
      operations: {},
    }),
    settings: {},
    batchSize: undefined,
    maxConcurrency: all.maxConcurrency,
    timeoutMs,
    defaultTarget: undefined,
    isolateRejected: true,
    createLists: true,
    sendTraceparent: false,
    settleAfterMs: 0,
    policies: createPolicies(all, { clock, ...surroundings }),
    channel: {
      async send(_request, options) {
        const { lasts = 0, ...told } = provider(sent.push(clock.now()), options.timeoutMs)
        if (lasts > 0) await clock.sleep(Math.min(lasts, options.timeoutMs))
        return lasts > options.timeoutMs ? { lost: 'timeout' } : told
      },
      redact: (text) => text,
      close: async () => {},
    },
  }
  const log = { debug: (fields: object) => logged.push(fields), error: (fields: object) => logged.push(fields) }
  return {
    account,
    sent,
    logged,
    call: ({
      repeatable = true,
      withinMs = 15_000,
      priority,
      calls,
    }: {
      repeatable?: boolean
      withinMs?: number
      priority?: CallContext['priority']
      calls?: CallContext['calls']
    } = {}) =>
      execute(account, 'addContacts', operation(repeatable), 'contacts', {
        deadlineAt: clock.now() + withinMs,
        log,
        ...(priority !== undefined && { priority }),
        ...(calls !== undefined && { calls }),
      }),
  }
}

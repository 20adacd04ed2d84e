import { Gauge, type Registry } from 'prom-client'
import { breakerStates } from '../domain/breaker-state.ts'
import type { Account } from '../providers/account.ts'
import type { CallObserver } from '../providers/policies.ts'
import type { CallTotals } from '../services/activity/activity.ts'
import { type CallSeries, totalsByAccount } from './call-totals.ts'
import { byPair, type Count, CountFamily, DistributionFamily } from './families.ts'

/** In seconds. */
export const durationBounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Calls to providers; `totals`: what was counted so far. */
export type ProviderMetrics = CallObserver & { totals(): readonly CallTotals[] }

export function providerMetrics(registry: Registry): ProviderMetrics {
  const attempts = new CountFamily(registry, {
    name: 'contact_gateway_provider_attempts_total',
    help: 'Requests that were sent to a provider, by how they ended.',
    labels: ['account', 'operation', 'outcome'],
  })
  const durations = new DistributionFamily(registry, {
    name: 'contact_gateway_provider_attempt_duration_seconds',
    help: 'Time from sending a request to a provider to the end of its answer.',
    labels: ['account', 'operation'],
    bounds: durationBounds,
  })
  const retries = new CountFamily(registry, {
    name: 'contact_gateway_provider_retries_total',
    help: 'Requests that were sent to a provider again, by what had failed.',
    labels: ['account', 'operation', 'cause'],
  })
  const mismatches = new CountFamily(registry, {
    name: 'contact_gateway_provider_schema_mismatches_total',
    help: "Answers of a provider that were not of their documented form. The log has each one's form.",
    labels: ['account', 'operation'],
  })
  const drifts = new CountFamily(registry, {
    name: 'contact_gateway_provider_drift_total',
    help: 'Answers of a provider that were not of their documented form and were read all the same, by what differed.',
    labels: ['account', 'operation', 'kind'],
  })
  const contradictions = new CountFamily(registry, {
    name: 'contact_gateway_provider_changes_total',
    help: 'Answers of a provider that contradict what `accounts verify` has settled of the account, by probe.',
    labels: ['account', 'probe'],
  })
  const changes = new CountFamily(registry, {
    name: 'contact_gateway_breaker_changes_total',
    help: "Times that an account's circuit breaker took on a state.",
    labels: ['account', 'state'],
  })
  const all: (readonly [string, CallSeries])[] = []
  const series = byPair((account: string, operation: string) => {
    const made = {
      duration: durations.with({ account, operation }),
      mismatches: mismatches.with({ account, operation }),
      outcomes: new Map<string, Count>(),
    }
    all.push([account, made])
    return made
  })
  return {
    attempt(account, operation, outcome, ms) {
      const of = series(account, operation)
      let count = of.outcomes.get(outcome)
      if (count === undefined) {
        count = attempts.with({ account, operation, outcome })
        of.outcomes.set(outcome, count)
      }
      count.add()
      of.duration.observe(ms / 1000)
      if (outcome === 'unreadable') of.mismatches.add()
    },
    retry: (account, operation, cause) => retries.with({ account, operation, cause }).add(),
    drift: (account, operation, kind) => drifts.with({ account, operation, kind }).add(),
    changed: (account, probe) => contradictions.with({ account, probe }).add(),
    breakerState: (account, state) => changes.with({ account, state }).add(),
    totals: () => totalsByAccount(all),
  }
}

/** What is read from the accounts themselves, at the moment when the metrics are read. */
export function accountGauges(registry: Registry, accounts: ReadonlyMap<string, Account>): void {
  new Gauge({
    name: 'contact_gateway_breaker_state',
    help: "1 for the state that an account's circuit breaker is in, 0 for the others.",
    labelNames: ['account', 'state'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { id, policies } of accounts.values())
        for (const state of breakerStates) this.set({ account: id, state }, policies.breaker.state === state ? 1 : 0)
    },
  })
  new Gauge({
    name: 'contact_gateway_provider_calls_waiting',
    help: 'Calls that wait for a place, or for their turn in the pace, at an account.',
    labelNames: ['account'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { id, policies } of accounts.values()) this.set({ account: id }, policies.slots.waiting)
    },
  })
}

import type { Account } from '../../src/providers/account.ts'
import type { FieldRules } from '../../src/providers/fields.ts'
import { createPolicies } from '../../src/providers/policies.ts'
import { registry } from '../../src/providers/registry.ts'
import type { Destination } from '../../src/services/catalog/catalog.ts'

type ProviderId = 'oblic' | 'octopush' | 'vobiz'

const settingsOf = {
  oblic: {},
  octopush: { optOutFlag: 'none' },
  vobiz: { emailAttribute: 'email', csvImport: true },
} as const

/** A list's place at an account of a provider, with its rules or others: for what is planned and not sent. */
export function targetAt(provider: ProviderId, id: string = provider, rules: Partial<FieldRules> = {}): Destination {
  const adapter = registry.get(provider)
  if (adapter === undefined) throw new Error(`${provider} is not registered`)
  const settings = settingsOf[provider]
  // Nothing is called.
  const policies = createPolicies({
    id,
    maxConcurrency: 1,
    timeoutMs: 1_000,
    retries: 0,
    requestsPerSecond: undefined,
    breaker: { failureRate: 1, minimumCalls: 1, windowMs: 1_000, openMs: 1_000 },
  })
  const account = { id, adapter, settings, policies } as unknown as Account
  return { account, target: {}, fields: { ...adapter.fields(settings, {}), ...rules } }
}

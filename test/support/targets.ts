import type { FieldRules } from '../../src/providers/fields.ts'
import type { Account } from '../../src/providers/port.ts'
import { registry } from '../../src/providers/registry.ts'
import type { ListAtAccount } from '../../src/services/catalog.ts'

type ProviderId = 'oblic' | 'octopush' | 'vobiz'

const settingsOf = {
  oblic: {},
  octopush: { optOutFlag: 'none' },
  vobiz: { emailAttribute: 'email', csvImport: true },
} as const

/** A list's place at an account of a provider, with its rules or others: for what is planned and not sent. */
export function targetAt(provider: ProviderId, id: string = provider, rules: Partial<FieldRules> = {}): ListAtAccount {
  const adapter = registry.get(provider)
  if (adapter === undefined) throw new Error(`${provider} is not registered`)
  const settings = settingsOf[provider]
  // Nothing is called.
  const account = { id, adapter, settings } as unknown as Account
  return { account, target: {}, fields: { ...adapter.fields(settings, {}), ...rules } }
}

import { capabilitiesOf } from './capabilities.ts'
import type { Destination } from './catalog.ts'
import { droppedFields, requiredFields } from './describe-list.ts'

/**
 * An account as a client may see it: what it can do, takes and drops, and how its breaker stands; never a credential.
 */
export function describeAccount({ account, fields }: Destination) {
  const { addContacts, importContacts, listContacts } = account.adapter.operations
  const largest = (addContacts ?? importContacts)?.maxContacts ?? 1
  return {
    account: account.id,
    provider: account.adapter.id,
    operations: capabilitiesOf(account),
    batchSize: Math.min(account.batchSize ?? largest, largest),
    filters: (listContacts?.filters ?? []).filter((filter) => filter !== 'target'),
    requiredFields: requiredFields(fields),
    droppedFields: droppedFields(fields),
    breaker: account.policies.breaker.state,
  }
}

import { Type } from 'typebox'
import { breakerStates } from '../../domain/breaker-state.ts'
import { capabilities } from '../../services/catalog/capabilities.ts'
import { oneOf } from '../openapi/one-of.ts'

export const ProviderAccountSchema = Type.Object(
  {
    account: Type.String({ description: 'Name of the account.' }),
    provider: Type.String({ description: 'The provider.' }),
    operations: Type.Array(oneOf(capabilities, 'An operationId of this document.', 'Capability'), {
      description: 'What the account can do; all else is answered with operation-not-supported.',
    }),
    batchSize: Type.Integer({ description: 'The most contacts that go to it in one call.' }),
    filters: Type.Array(oneOf(['search', 'tag'], 'A query parameter of listContacts.'), {
      description: 'What its contacts can be filtered by.',
    }),
    requiredFields: Type.Array(Type.String(), { description: 'Fields without which a contact is rejected there.' }),
    droppedFields: Type.Array(Type.String(), { description: 'Fields that are not sent there; each is a warning.' }),
    breaker: oneOf(
      breakerStates,
      'closed: calls pass. open: the provider failed too often, and nothing is sent for a while. half-open: one call tries.',
      'BreakerState',
    ),
  },
  { title: 'ProviderAccount', description: 'An account at a provider, and what can be done with it.' },
)

export const ProviderAccountsSchema = Type.Object(
  { items: Type.Array(ProviderAccountSchema, { description: 'The accounts, in the order of the configuration.' }) },
  { title: 'ProviderAccounts', description: 'Accounts that the client may use.' },
)

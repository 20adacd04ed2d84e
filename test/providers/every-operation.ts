import type { Operation, OperationName } from '../../src/providers/adapter-port.ts'
import { contact, operationOf } from './adapter-cases.ts'
import { everyAdapter } from './every-adapter.ts'

/** One operation of one provider, with its input types forgotten. */
export type AnyOperation = readonly [provider: string, name: OperationName, operation: Operation<object, unknown>]

/** Every operation of every provider: of what is the same for all, none may have a reading of its own. */
export const everyOperation: readonly AnyOperation[] = [...everyAdapter.values()].flatMap((adapter) =>
  (Object.keys(adapter.operations) as OperationName[]).map(
    (name): AnyOperation => [adapter.id, name, operationOf(adapter, name)],
  ),
)

const phone = '+33612345678'
const jane = contact({ phone, email: 'jane@example.com', name: 'Jane' })

/** An input that each of them takes, about one contact. */
export const anyInput = {
  contact: jane,
  contacts: [jane],
  key: phone,
  keys: [phone],
  phone,
  limit: 25,
  onConflict: 'update',
  target: { list: 'a459be9e-e6e5-11f0-967f-0af3f8fe5ae7', tag: 'vip' },
  settings: { optOutFlag: 'none', sendEmail: true, manyTags: 'together', emailAttribute: 'email', csvImport: true },
}

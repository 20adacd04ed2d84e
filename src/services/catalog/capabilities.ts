import type { Account } from '../../providers/account.ts'
import type { Adapter, AddressField } from '../../providers/adapter-port.ts'

/** What a client can ask of an account, by the operation ids of the API. */
export const capabilities = [
  'addContactsToList',
  'createContact',
  'listContacts',
  'getContact',
  'updateContact',
  'deleteContact',
  'listContactsOfList',
  'removeContactFromList',
] as const
export type Capability = (typeof capabilities)[number]

type Doer = Pick<Account, 'adapter' | 'defaultTarget'>

/** What a provider must have for each: a row for every capability, and nothing but the adapter's own operations. */
const isThere: Readonly<Record<Capability, (adapter: Adapter, hasDefaultList: boolean) => boolean>> = {
  addContactsToList: ({ operations }) => has(operations.addContacts) || has(operations.createContact),
  // Without a call for one contact alone it goes as a batch, and a batch goes to a list.
  createContact: ({ operations }, hasDefaultList) =>
    has(operations.createContact) || (has(operations.addContacts) && hasDefaultList),
  listContacts: ({ operations }) => has(operations.listContacts),
  getContact: ({ operations }) => has(operations.getContact),
  updateContact: ({ operations }) => has(operations.updateContact),
  deleteContact: ({ operations }) => has(operations.deleteContacts),
  listContactsOfList: ({ operations }) => operations.listContacts?.filters.includes('target') === true,
  removeContactFromList: ({ operations, membership }) =>
    has(operations.removeFromList) || (has(membership) && has(operations.getContact) && has(operations.updateContact)),
}

export function canDo({ adapter, defaultTarget }: Doer, capability: Capability): boolean {
  return isThere[capability](adapter, defaultTarget !== undefined)
}

/** Everything that an account can do, in the order of the API. */
export function capabilitiesOf(account: Doer): Capability[] {
  return capabilities.filter((capability) => canDo(account, capability))
}

function has(value: unknown): boolean {
  return value !== undefined
}

/**
 * By which addresses people can be deleted for good at a provider: those that it can be asked by, or else the one that is its
 * key of a contact. A number is asked for whatever it is called. None: nobody can be deleted by any.
 */
export function erasableBy({ operations, keyedBy }: Adapter): readonly AddressField[] {
  if (!has(operations.deleteContacts)) return []
  return operations.findContacts?.by ?? [keyedBy]
}

import type { CallContext } from '../domain/call-context.ts'
import type { StoredContact } from '../domain/contact.ts'
import type { Result } from '../domain/failure.ts'
import { execute } from '../providers/execute.ts'
import type { Account, ContactPage, ListFilter, ListTarget } from '../providers/port.ts'

export type ContactQuery = {
  /** 1-based. */
  readonly page: number
  /** 1..100 */
  readonly limit: number
  readonly search?: string | undefined
  readonly tag?: string | undefined
  /** Only contacts of this list. */
  readonly target?: ListTarget | undefined
}

/** Filters of the query that the account's provider lacks. They are refused, never ignored. */
export function missingFilters({ adapter }: Account, query: ContactQuery): ListFilter[] {
  const filters: readonly ListFilter[] = adapter.operations.listContacts?.filters ?? []
  return (['search', 'tag', 'target'] as const).filter(
    (filter) => query[filter] !== undefined && !filters.includes(filter),
  )
}

/** One page of an account's contacts. */
export async function listContacts(
  account: Account,
  { page, limit, search, tag, target }: ContactQuery,
  context: CallContext,
): Promise<Result<ContactPage>> {
  const operation = account.adapter.operations.listContacts
  if (operation === undefined) throw new Error(`${account.adapter.id} cannot list contacts`)
  const input = {
    page,
    limit,
    settings: account.settings,
    ...(search !== undefined && { search }),
    ...(tag !== undefined && { tag }),
    ...(target !== undefined && { target }),
  }
  return execute(account, 'listContacts', operation, input, context)
}

/** The contact with this key; `notFound` when there is none. */
export async function getContact(account: Account, key: string, context: CallContext): Promise<Result<StoredContact>> {
  const operation = account.adapter.operations.getContact
  if (operation === undefined) throw new Error(`${account.adapter.id} cannot read contacts`)
  return execute(account, 'getContact', operation, { key, settings: account.settings }, context)
}

import type { Account } from '../../providers/account.ts'
import type { ListTarget } from '../../providers/adapter-port.ts'
import type { FieldRules } from '../../providers/fields.ts'

/** A list's place at one account: how that provider names it, and what it takes there. Made once, at start-up. */
export type ListAtAccount = {
  readonly account: Account
  readonly target: ListTarget
  readonly fields: FieldRules
}

/**
 * An account by itself: what it takes of a contact that goes to its default list (`target`), or to no list where there is
 * none. Made once, at start-up.
 */
export type AccountHome = Omit<ListAtAccount, 'target'> & { readonly target: ListTarget | undefined }

/** A list of the gateway's own. */
export type ContactList = {
  readonly id: string
  readonly title: string
  readonly targets: readonly ListAtAccount[]
}

/** Everything that is configured to be reached. */
export type Catalog = {
  readonly accounts: ReadonlyMap<string, Account>
  readonly lists: ReadonlyMap<string, ContactList>
}

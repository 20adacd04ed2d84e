import type { WrittenNumbers } from '../../domain/phone.ts'
import type { CompiledWhen } from '../../domain/routing/compile-when.ts'
import type { Account } from '../../providers/account.ts'
import type { ListTarget } from '../../providers/adapter-port.ts'
import type { FieldRules } from '../../providers/fields.ts'

/**
 * Where contacts go: an account, what it takes of them, and the list as that provider names it; `target` is `undefined`
 * for no list. Made when a configuration is taken over.
 */
export type Destination<Target = ListTarget | undefined> = {
  readonly account: Account
  readonly target: Target
  readonly fields: FieldRules
  /** Which contacts of a list are for it; absent: all. */
  readonly when?: CompiledWhen | undefined
}

export type ListDestination = Destination<ListTarget>

/** A list of the gateway's own. */
export type ContactList = {
  readonly id: string
  readonly title: string
  /** How numbers of its contacts are written, where they do not say so themselves. */
  readonly numbers: WrittenNumbers['numbers']
  readonly targets: readonly ListDestination[]
}

/** Everything that is configured to be reached. */
export type Catalog = {
  readonly accounts: ReadonlyMap<string, Account>
  readonly lists: ReadonlyMap<string, ContactList>
}

import { randomInt } from 'node:crypto'
import type { Contact } from '../../domain/contact.ts'
import { demandsOf, findRefusal } from '../../providers/check-fields.ts'
import type { Destination } from '../../services/catalog/catalog.ts'
import { hashTwice } from '../../services/delivery/hash-text.ts'
import { hashOtherValues, personAt } from '../../services/delivery/same-person.ts'
import { type Digest64, groupsPerTable, PeopleTable } from './people-table.ts'
import type { Repeat } from './row-piece.ts'

/** Accounts that know contacts by the same field and take the same ones; the first of them stands for all. */
type Group = { readonly at: Destination; readonly accounts: readonly string[] }

/** A table and the groups that its bits stand for. */
type KnownPeople = { readonly groups: readonly Group[]; readonly table: PeopleTable }

/** How many tables one file may fill while others are read. */
const mostTables = 4

const none: readonly never[] = []

/**
 * Finds the rows of a file that are the same person as an earlier one, for each account by what it knows contacts by, and
 * only among the rows that it would take. Accounts share tables: one for those that are keyed by e-mail, one for those
 * that are keyed by phone, more where their demands are of more than eight kinds.
 */
export class SeenPeople {
  readonly #known: readonly KnownPeople[]
  readonly #seed = randomInt(2 ** 32)
  readonly #otherSeed = randomInt(2 ** 32)
  /** Digests of the row at hand. */
  readonly #email: Digest64 = new Int32Array(2)
  readonly #phone: Digest64 = new Int32Array(2)
  readonly #standIn: Digest64 = new Int32Array(2)

  /** `apart`: rows may be for some of the accounts only. */
  constructor(targets: readonly Destination[], apart: boolean) {
    this.#known = Map.groupBy(targets, ({ account }) => account.adapter.keyedBy)
      .values()
      .flatMap((ofKey) => inTables(groupsOf(ofKey, apart)))
      .map((groups) => ({ groups, table: new PeopleTable() }))
      .toArray()
  }

  /** True when it takes so much memory that no other such file may be read at the same time. */
  get isWide(): boolean {
    return this.#known.length > mostTables
  }

  /** The earlier rows that are the same person; `accounts` are the only ones that are to get this row. Rows count from 1. */
  repeatsOf(contact: Contact, accounts: readonly string[] | undefined, row: number): readonly Repeat[] {
    let repeats: Repeat[] | undefined
    this.#digest(contact.email?.toLowerCase(), this.#email)
    this.#digest(contact.phone, this.#phone)
    const keys = (this.#email[1] as number) ^ Math.imul(this.#phone[1] as number, 3)
    const values = hashOtherValues(contact) ^ keys
    for (const { groups, table } of this.#known) {
      let person: string | undefined
      let bits = 0
      for (let index = 0; index < groups.length; index++) {
        const { at, accounts: own } = groups[index] as Group
        if (accounts !== undefined && !accounts.includes(own[0] as string)) continue
        const known = personAt(at, contact)
        if (known === undefined || at.when?.holds(contact) === false) continue
        if (findRefusal(at.fields, contact, at.account.adapter.title) !== undefined) continue
        person = known
        bits |= 1 << index
      }
      if (person === undefined) continue
      const digest = this.#digestOf(groups[0] as Group, contact, person)
      for (const { row: of, groups: same, differs } of table.note(digest, row, values, bits) ?? none) {
        repeats ??= []
        repeats.push({ of, differs, accounts: accountsOf(groups, same) })
      }
    }
    return repeats ?? none
  }

  #digestOf({ at }: Group, { phone }: Contact, person: string): Digest64 {
    if (at.account.adapter.keyedBy === 'email') return this.#email
    return person === phone ? this.#phone : this.#digest(person, this.#standIn)
  }

  /** Another one for each file. */
  #digest(text: string | undefined, into: Digest64): Digest64 {
    into[0] = this.#seed
    into[1] = this.#otherSeed
    hashTwice(text ?? '', into)
    return into
  }
}

/** Where a row may be for one account and not for another, each is a group of its own. */
function groupsOf(targets: readonly Destination[], apart: boolean): readonly Group[] {
  const alike = Map.groupBy(targets, ({ account, fields, when }) =>
    apart ? account.id : `${demandsOf(fields)} ${JSON.stringify(when?.written)}`,
  )
  return [...alike.values()].map((group) => ({
    at: group[0] as Destination,
    accounts: group.map(({ account }) => account.id),
  }))
}

function inTables(groups: readonly Group[]): readonly (readonly Group[])[] {
  const tables = Math.ceil(groups.length / groupsPerTable)
  return Array.from({ length: tables }, (_, n) => groups.slice(n * groupsPerTable, (n + 1) * groupsPerTable))
}

function accountsOf(groups: readonly Group[], bits: number): readonly string[] {
  return groups.flatMap(({ accounts }, index) => ((bits & (1 << index)) === 0 ? [] : accounts))
}

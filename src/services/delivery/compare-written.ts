import { type Contact, displayName, numberOf, type StoredContact } from '../../domain/contact.ts'
import { ExactNumber, isSameNumber } from '../../domain/exact-number.ts'
import { isNationalForm, isSameNumberText } from '../../domain/phone-digits.ts'
import { isSameText } from '../../domain/same-text.ts'
import type { Account } from '../../providers/account.ts'
import type { ListTarget } from '../../providers/adapter-port.ts'
import { type FieldRules, isDropped, keepsAmongAttributes, keepsAttribute } from '../../providers/fields.ts'

/** What was to be at the provider: a contact, in a list where there is a target. */
export type Written = {
  readonly account: Pick<Account, 'adapter'>
  /** What the account takes in this list, or in none. */
  readonly fields: FieldRules
  readonly target: ListTarget | undefined
  readonly contact: Contact
}

/** How a contact that a provider shows differs from what was written. */
export type Difference = {
  /** It has another number: it is somebody else. */
  readonly number: boolean
  /** It is not on the list. */
  readonly list: boolean
  /** JSON Pointers into the contact of all else that is not there, or not as it was written. */
  readonly pointers: readonly string[]
}

/** How texts are compared, and whether what is not shown is not there. */
export type Comparison = { readonly same: (one: string, other: string) => boolean; readonly isWhole: boolean }

/** For a contact that was read: what it lacks would have to be written. */
export const toTheLetter: Comparison = { same: (one, other) => one === other, isWhole: true }

/** For the answer to a write: providers tidy texts, so case and white space at the ends do not count. */
export const loosely: Comparison = { same: isSameText, isWhole: false }

/**
 * Compares what was written with what the provider shows; `undefined` when all of it is there. What the provider holds
 * beside it does not matter.
 */
export function differenceOf(written: Written, shown: StoredContact, how: Comparison): Difference | undefined {
  const { fields, target, contact } = written
  const number = isAnotherNumber(numberOf(contact), shown.phone)
  const list = target !== undefined && isOffList(written, target, shown)
  const pointers: string[] = []
  if (differsInName(contact, shown, how)) pointers.push('/name')
  if (differsInEmail(fields, contact, shown, how)) pointers.push('/email')
  addTagsThatLack(fields, contact, shown, how, pointers)
  addAttributesThatDiffer(fields, contact, shown, how, pointers)
  return number || list || pointers.length > 0 ? { number, list, pointers } : undefined
}

function isAnotherNumber(sent: string | undefined, shown: string | undefined): boolean {
  if (sent === undefined || shown === undefined || isSameNumberText(sent, shown)) return false
  return !isNationalForm(shown, sent) && !isNationalForm(sent, shown)
}

function isOffList({ account: { adapter } }: Written, target: ListTarget, shown: StoredContact): boolean {
  return adapter.membership !== undefined && !adapter.membership.has(shown, target)
}

function differsInName(contact: Contact, shown: StoredContact, { same, isWhole }: Comparison): boolean {
  const name = displayName(contact)
  const other = displayName(shown)
  return name !== undefined && (other === undefined ? isWhole : !same(name, other))
}

function differsInEmail(
  fields: FieldRules,
  { email }: Contact,
  shown: StoredContact,
  { same, isWhole }: Comparison,
): boolean {
  if (email === undefined || isDropped(fields, 'email')) return false
  if (shown.email !== undefined) return !same(email, shown.email)
  // Where the e-mail is kept among the attributes, attributes that are shown without it prove that it is missing.
  return isWhole || keepsAmongAttributes(fields)
}

function addTagsThatLack(
  fields: FieldRules,
  { tags }: Contact,
  shown: StoredContact,
  { same }: Comparison,
  pointers: string[],
): void {
  if (isDropped(fields, 'tags')) return
  for (const [index, tag] of tags.entries())
    if (!shown.tags.includes(tag) && !shown.tags.some((other) => same(tag, other))) pointers.push(`/tags/${index}`)
}

function addAttributesThatDiffer(
  fields: FieldRules,
  { attributes }: Contact,
  shown: StoredContact,
  how: Comparison,
  pointers: string[],
): void {
  if (isDropped(fields, 'attributes')) return
  for (const name of Object.keys(attributes)) {
    if (!keepsAttribute(fields, name)) continue
    const other = Object.hasOwn(shown.attributes, name) ? shown.attributes[name] : null
    if (!isSameValue(attributes[name], other, how)) pointers.push(`/attributes/${name}`)
  }
}

/** A provider may keep all values as texts: `5` and `"5"` are one where texts are taken loosely. */
function isSameValue(value: unknown, other: unknown, how: Comparison): boolean {
  if (value === other || (isNumber(value) && isNumber(other) && isSameNumber(value, other))) return true
  if (value === null || other === null || other === undefined) return false
  if (how === toTheLetter && typeof value !== typeof other) return false
  return how.same(textOf(value), textOf(other))
}

function isNumber(value: unknown): value is number | ExactNumber {
  return typeof value === 'number' || value instanceof ExactNumber
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

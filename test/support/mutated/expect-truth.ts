import { expect } from 'vitest'
import type { Answer } from '../start-gateway.ts'
import type { Provider } from './mutated-provider.ts'
import type { Held, Person, ProviderModel } from './provider-model.ts'
import { listNames } from './start-lanes.ts'

/** What was asked of a provider for one person, and what it held of her before. */
export type Asked = {
  readonly provider: Provider
  readonly model: ProviderModel
  readonly sent: Person
  readonly before: Held | undefined
  /** She was to be on the list. */
  readonly intoList: boolean
  readonly onConflict: 'update' | 'skip'
}

type Warned = { readonly code: string; readonly pointer: string }
export type Outcome = { readonly status: string; readonly warnings: readonly Warned[] }

/** Holds an outcome against what the provider holds now. */
export function expectTrueOutcome({ status, warnings }: Outcome, asked: Asked): void {
  const { provider, model, sent, before, intoList, onConflict } = asked
  const held = model.find(sent)
  const claim = `${status} at ${provider}: ${sent.phone}`
  if (status === 'rejected' || status === 'failed') {
    expect([claim, what(held)]).toEqual([claim, what(before)])
    return
  }
  if (status === 'unknown') return
  // At the others the provider's word for it is all that there is.
  if (status === 'skipped' && provider !== 'vobiz') return
  expect([claim, held === undefined]).toEqual([claim, false])
  if (status === 'created') expect([claim, before]).toEqual([claim, undefined])
  if (status === 'skipped' || (status === 'accepted' && onConflict === 'skip')) return
  const lacking = lacks(provider, held as Held, sent).filter((part) => !isWarnedOf(part, warnings))
  lacking.push(...lost(provider, before, held as Held, warnings))
  if (intoList && !held?.lists.includes(listNames[provider])) lacking.push('list')
  expect([claim, lacking]).toEqual([claim, []])
}

function isWarnedOf(part: string, warnings: readonly Warned[]): boolean {
  return warnings.some(({ code, pointer }) => code.endsWith('_dropped') && pointer.includes(part))
}

/** What a person had before and has no more; nothing that was sent takes anything away. */
function lost(provider: Provider, before: Held | undefined, held: Held, warnings: readonly Warned[]): string[] {
  if (before === undefined || provider === 'oblic') return []
  const isWarned = (part: string) =>
    warnings.some(({ code, pointer }) => code === 'tags_may_be_replaced' && pointer.includes(part))
  const parts: string[] = []
  if (!isWarned('/tags') && before.tags.some((tag) => !held.tags.includes(tag))) parts.push('tags of before')
  if (!isWarned('/attributes') && Object.keys(before.attributes).some((key) => !Object.hasOwn(held.attributes, key)))
    parts.push('attributes of before')
  return parts
}

/** What of a person as she was sent is not as the provider holds her. */
export function lacks(provider: Provider, held: Held, sent: Partial<Person>): string[] {
  const { name, email, tags = [], attributes = {} } = sent
  const heldEmail = provider === 'vobiz' ? held.attributes.email : held.email
  const parts: string[] = []
  if (name !== undefined && held.name !== name) parts.push('name')
  if (email !== undefined && heldEmail !== email) parts.push('email')
  if (provider !== 'oblic' && tags.some((tag) => !held.tags.includes(tag))) parts.push('tags')
  if (provider !== 'vobiz') return parts
  const isKept = ([key, value]: [string, unknown]) =>
    value === null ? !Object.hasOwn(held.attributes, key) : held.attributes[key] === value
  if (!Object.entries(attributes).every(isKept)) parts.push('attributes')
  return parts
}

/** All that tells whether a person was changed. */
export function what(held: Held | undefined) {
  if (held === undefined) return undefined
  const { id, name, phone, email, tags, attributes, lists } = held
  return { id, name, phone, email, tags: [...tags].sort(), attributes, lists: [...lists].sort() }
}

type Shown = {
  readonly id?: string
  readonly name?: string
  readonly phone?: string
  readonly email?: string
  readonly tags?: readonly string[]
  readonly createdAt?: string
}

/** What is shown of a contact is what is held of it; what is not shown is not said. */
export function expectTrueContact(provider: Provider, shown: Shown, held: Held | undefined): void {
  expect(held).toBeDefined()
  const { name, email, phone, tags = [] } = shown
  if (name !== undefined) expect(name).toBe(held?.name)
  if (phone !== undefined) expect(phone).toBe(held?.phone)
  if (email !== undefined) expect(email).toBe(provider === 'vobiz' ? held?.attributes.email : held?.email)
  // One more tag in an answer, in a form that is known, is one to whoever reads it.
  expect(tags.filter((tag) => tag !== 'Odd' && held?.tags.includes(tag) !== true)).toEqual([])
}

/** A problem whose request may have been applied says nothing that could be false. */
export function isOpen({ status, body }: Answer): boolean {
  return status === 504 && body.code === 'outcome-unknown'
}

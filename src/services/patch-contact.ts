import type { CallContext } from '../domain/call-context.ts'
import { type StoredContact, toContact } from '../domain/contact.ts'
import { applyPatch, type PatchField, type ReadPatch } from '../domain/contact-patch.ts'
import { beforeSending, type Failure, type Result } from '../domain/failure.ts'
import type { OutcomeError, Warning } from '../domain/outcome.ts'
import { execute } from '../providers/execute.ts'
import { lossesOf } from '../providers/fields.ts'
import type { Account, ContactPart, WrittenContact } from '../providers/port.ts'
import type { AccountHome } from './catalog.ts'
import { keptContact } from './kept-contact.ts'
import { notCleared, refusalOfPatch, stillThere } from './patch-checks.ts'
import { getContact } from './read-contacts.ts'
import { shownAsSent } from './shown-as-sent.ts'

export type PatchRequest = {
  readonly home: AccountHome
  readonly key: string
  readonly patch: ReadPatch
  /** Accept no loss: any warning but `value_normalized` ends the request before anything is written. */
  readonly strict: boolean
}

/** What became of a patch. */
export type PatchedContact =
  | { readonly contact: StoredContact; readonly warnings: readonly Warning[] }
  /** Not acceptable there; nothing was written. */
  | { readonly error: OutcomeError }
  /** `strict`, and something would be lost; nothing was written. */
  | { readonly losses: readonly Warning[] }
  | { readonly failure: Failure }

/**
 * Changes one contact: reads it where the provider can be asked, merges, and writes the parts that change. Where it cannot
 * be asked, what the patch sets is written, and what it would clear is a warning.
 */
export async function patchContact(request: PatchRequest, context: CallContext): Promise<PatchedContact> {
  const { home, key, patch, strict } = request
  const { account, fields } = home
  const { title } = account.adapter
  const read = await readBefore(account, key, context)
  if ('failure' in read) return { failure: beforeSending(read.failure) }
  const before = read.ok ?? { key, phone: key, tags: [], attributes: {} }
  const merged = applyPatch(toContact(before), patch)
  const error = patch.error ?? refusalOfPatch(patch, before, merged, account.adapter, fields)
  if (error !== undefined) return { error }

  const unclearable = read.ok === undefined ? notCleared(patch, title) : []
  const warnings = [
    ...patch.warnings,
    ...lossesOf(fields, { ...patch.values, phone: merged.phone }, title),
    ...unclearable,
  ]
  const losses = warnings.filter(({ code }) => code !== 'value_normalized')
  if (strict && losses.length > 0) return { losses }

  const parts = partsOf(patch.given)
  if (parts.size === 0) return { contact: before, warnings }
  // Where nothing was read, a null says what to clear, as far as the provider can.
  const contact = read.ok === undefined ? { ...merged, attributes: patch.values.attributes } : merged
  const written = await write(account, { key, contact, parts }, context)
  if ('failure' in written) return written
  if (written.ok.status === 'rejected' && written.ok.error !== undefined) return { error: written.ok.error }
  if (written.ok.status === 'unknown') return { failure: { kind: 'unreadable' } }
  const after = written.ok.contact ?? { ...keptContact(fields, merged), key }
  const left = read.ok === undefined ? [] : stillThere(patch, after, title)
  const unshown = shownAsSent(written.ok, title)
  return { contact: after, warnings: [...warnings, ...(written.ok.warnings ?? []), ...left, ...unshown] }
}

/** The contact as it is; `undefined` where the provider cannot be asked. */
async function readBefore(
  account: Account,
  key: string,
  context: CallContext,
): Promise<Result<StoredContact | undefined>> {
  return account.adapter.operations.getContact === undefined ? { ok: undefined } : getContact(account, key, context)
}

type Changes = Pick<Parameters<NonNullable<Update>['toRequest']>[0], 'key' | 'contact' | 'parts'>
type Update = Account['adapter']['operations']['updateContact']

async function write(account: Account, changes: Changes, context: CallContext): Promise<Result<WrittenContact>> {
  const operation = account.adapter.operations.updateContact
  if (operation === undefined) throw new Error(`${account.adapter.id} cannot update contacts`)
  return execute(account, 'updateContact', operation, { ...changes, settings: account.settings }, context)
}

const partOf: Readonly<Record<PatchField, ContactPart | undefined>> = {
  name: 'name',
  firstName: 'name',
  lastName: 'name',
  email: 'email',
  phone: undefined,
  whatsapp: undefined,
  tags: 'tags',
  attributes: 'attributes',
}

function partsOf(given: ReadonlySet<PatchField>): ReadonlySet<ContactPart> {
  return new Set([...given].map((field) => partOf[field]).filter((part) => part !== undefined))
}

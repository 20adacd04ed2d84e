import type { CallContext } from '../../domain/call-context.ts'
import { type StoredContact, toContact } from '../../domain/contact.ts'
import { applyPatch, type PatchField, type ReadPatch } from '../../domain/contact-patch.ts'
import { beforeSending, type Failure, type Result } from '../../domain/failure.ts'
import { isLoss, type OutcomeError, type Warning } from '../../domain/outcome.ts'
import type { Account, Turn } from '../../providers/account.ts'
import type { ContactPart, WrittenContact } from '../../providers/adapter-port.ts'
import { lossesOf } from '../../providers/check-fields.ts'
import { execute } from '../../providers/execute.ts'
import type { Destination } from '../catalog/catalog.ts'
import { checkShown } from '../delivery/check-shown.ts'
import { fetchContact } from '../delivery/fetch-contact.ts'
import { noTurn } from '../delivery/group-turn.ts'
import { keptContact } from '../delivery/kept-contact.ts'
import { personOf } from '../delivery/same-person.ts'
import { withShownAsSent } from '../delivery/shown-as-sent.ts'
import { ofShownJustNow } from '../delivery/shown-just-now.ts'
import { needsUntold, replacesUnseen } from '../delivery/untold-parts.ts'
import { notCleared, refusalOfPatch, stillThere } from './patch-checks.ts'
import { refuseSuppressed, type WatchPeople } from './patch-suppressed.ts'

export type PatchRequest = {
  readonly home: Destination
  readonly key: string
  readonly patch: ReadPatch
  /** Accept no loss: any warning but `value_normalized` ends the request before anything is written. */
  readonly strict: boolean
  readonly watch: WatchPeople
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
  const { account } = request.home
  const { writers, clock } = account.policies
  const readAt = clock.now()
  const read = await readBefore(request, context)
  if ('failure' in read) return { failure: beforeSending(read.failure) }
  if (read.ok === undefined) return change(request, undefined, context)
  const work = async ({ follows }: Turn): Promise<PatchedContact> => {
    const now = follows ? await readBefore(request, context) : read
    return 'failure' in now ? { failure: beforeSending(now.failure) } : change(request, now.ok, context)
  }
  const changed = await writers.inLine(personOf(account, read.ok), context.deadlineAt, work, readAt)
  return changed ?? { failure: noTurn }
}

/** `stored`: the contact as it was read; `undefined` where the provider cannot be asked. */
async function change(
  { home, key, patch, strict, watch }: PatchRequest,
  stored: StoredContact | undefined,
  context: CallContext,
): Promise<PatchedContact> {
  const { account, fields } = home
  const { title } = account.adapter
  const before = stored ?? { key, phone: key, tags: [], attributes: {} }
  const merged = applyPatch(toContact(before), patch)
  const error = patch.error ?? refusalOfPatch(patch, before, merged, account.adapter, fields)
  if (error !== undefined) return { error }
  const allowed = await refuseSuppressed(home, { patch, stored, before, merged }, watch, context)
  if ('code' in allowed) return { error: allowed }

  const warnings = [
    ...patch.warnings,
    ...lossesOf(fields, { ...patch.values, phone: merged.phone }, title),
    ...(stored === undefined ? notCleared(patch, title) : []),
  ]
  const losses = warnings.filter(isLoss)
  if (strict && losses.length > 0) return { losses }

  const parts = partsOf(patch.given)
  if (parts.size === 0) return { contact: before, warnings }
  if (needsUntold(before, parts, { tagsStay: false })) return { failure: beforeSending({ kind: 'unreadable' }) }
  // Where nothing was read, a null says what to clear, as far as the provider can.
  const contact = stored === undefined ? { ...merged, attributes: patch.values.attributes } : merged
  const answered = await write(account, { key, contact, parts }, allowed)
  const written = stored === undefined ? answered : ofShownJustNow(answered)
  if ('failure' in written) return written
  const checked = checkShown({ account, fields, target: undefined, contact: merged }, written.ok, patch.values)
  if (checked.status === 'rejected' && checked.error !== undefined) return { error: checked.error }
  // Nobody asked for the contact to be left as it is.
  if (checked.status === 'skipped') return { failure: { kind: 'conflict' } }
  if (!isWritten.has(checked.status)) return { failure: { kind: 'unreadable' } }
  const after = { ...keptContact(fields, merged), key, ...checked.contact }
  const left = stored === undefined ? [] : stillThere(patch, after, title)
  const unseen = replacesUnseen(before, parts, { tagsStay: false }, title)
  return {
    contact: after,
    warnings: withShownAsSent([...warnings, ...(checked.warnings ?? []), ...left, ...unseen], checked, title),
  }
}

const isWritten: ReadonlySet<string> = new Set(['created', 'updated', 'accepted'])

/** The contact as it is; `undefined` where the provider cannot be asked. */
async function readBefore(
  { home: { account }, key }: PatchRequest,
  context: CallContext,
): Promise<Result<StoredContact | undefined>> {
  return account.adapter.operations.getContact === undefined ? { ok: undefined } : fetchContact(account, key, context)
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

import type { CallContext } from '../domain/call-context.ts'
import type { ConflictPolicy, Contact, StoredContact } from '../domain/contact.ts'
import { beforeSending, certainlyNotApplied, type Failure, type Result } from '../domain/failure.ts'
import { execute } from '../providers/execute.ts'
import type { Account, ListTarget, WrittenContact } from '../providers/port.ts'
import { findContact } from './find-contact.ts'
import { holdsAlready } from './holds-already.ts'

/** One contact on its way to one account: into a list, or (`target` undefined) into none. */
export type ContactWrite = {
  readonly account: Account
  readonly target: ListTarget | undefined
  readonly contact: Contact
  readonly onConflict: ConflictPolicy
  /** An earlier attempt may have been applied: begin by asking, where the provider can be asked. */
  readonly suspect?: boolean
}

/**
 * Creates a contact, or updates or skips the one that the provider has. An ambiguous create is settled by asking, where
 * the provider can be asked: what it holds already is not written again, what differs is updated, and what it certainly
 * lacks is created once more.
 */
export async function writeContact(write: ContactWrite, context: CallContext): Promise<Result<WrittenContact>> {
  if (write.suspect === true) return afterSuspicion(await settleSuspect(write, context))
  const first = await create(write, context)
  if ('ok' in first || (first.failure.kind !== 'conflict' && certainlyNotApplied(first.failure))) return first
  return first.failure.kind === 'conflict'
    ? settleConflict(write, first.failure, context)
    : settleAmbiguous(write, first.failure, context)
}

/** The provider says that it has the number: the contact is there, and was before. */
async function settleConflict(write: ContactWrite, conflict: Failure, context: CallContext) {
  const found = await find(write, context)
  if (found === undefined) return { failure: conflict }
  if ('failure' in found) return { failure: beforeSending(found.failure) }
  return found.ok === undefined ? { failure: conflict } : overwrite(write, found.ok, context)
}

/** Nobody knows what the first attempt did until the provider is asked. */
async function settleAmbiguous(
  write: ContactWrite,
  ambiguous: Failure,
  context: CallContext,
): Promise<Result<WrittenContact>> {
  const { retries } = write.account.policies
  const found = retries.isWorthAsking ? await find(write, context) : undefined
  if (found === undefined) return { failure: ambiguous }
  if ('failure' in found) {
    retries.questionFailed(found.failure)
    return { failure: ambiguous }
  }
  if (found.ok !== undefined) return recognise(write, found.ok, context)
  if (!retries.maySendLostCall()) return { failure: ambiguous }
  const second = await create(write, context)
  if ('ok' in second) return second
  if (second.failure.kind !== 'conflict') return { failure: ambiguous }
  const late = await find(write, context)
  return late !== undefined && 'ok' in late && late.ok !== undefined
    ? recognise(write, late.ok, context)
    : { failure: ambiguous }
}

async function settleSuspect(write: ContactWrite, context: CallContext): Promise<Result<WrittenContact>> {
  const found = await find(write, context)
  if (found !== undefined && 'failure' in found) return found
  return found?.ok === undefined
    ? writeContact({ ...write, suspect: false }, context)
    : recognise(write, found.ok, context)
}

/** That this attempt was certainly not applied says nothing of the earlier one; a refusal of the data does. */
function afterSuspicion(result: Result<WrittenContact>): Result<WrittenContact> {
  if ('ok' in result || result.failure.kind === 'invalid' || !certainlyNotApplied(result.failure)) return result
  return { failure: { kind: 'timeout' } }
}

/** A contact that was found where ours may have got to: what it holds already is not sent again. */
function recognise(
  write: ContactWrite,
  stored: StoredContact,
  context: CallContext,
): Result<WrittenContact> | Promise<Result<WrittenContact>> {
  if (!holdsAlready(write, stored)) return overwrite(write, stored, context)
  // Compared in milliseconds: one write may set two clocks a few microseconds apart.
  const untouched = Date.parse(stored.createdAt ?? '') === Date.parse(stored.updatedAt ?? '')
  const status = untouched ? 'created' : write.onConflict === 'skip' ? 'skipped' : 'updated'
  return { ok: { status, key: stored.key, contact: stored } }
}

async function create(write: ContactWrite, context: CallContext): Promise<Result<WrittenContact>> {
  const { account, onConflict } = write
  const operation = account.adapter.operations.createContact
  if (operation === undefined) throw new Error(`${account.adapter.id} has no operation to create a contact`)
  return execute(account, 'createContact', operation, { ...inputOf(write), onConflict }, context)
}

async function find(write: ContactWrite, context: CallContext): Promise<Result<StoredContact | undefined> | undefined> {
  const { account, contact } = write
  const phone = contact.phone ?? contact.whatsapp
  return phone === undefined ? undefined : findContact(account, phone, context)
}

async function overwrite(
  write: ContactWrite,
  stored: StoredContact,
  context: CallContext,
): Promise<Result<WrittenContact>> {
  const { account, contact } = write
  if (write.onConflict === 'skip') return { ok: { status: 'skipped', key: stored.key, contact: stored } }
  const operation = account.adapter.operations.updateContact
  if (operation === undefined) return { failure: { kind: 'conflict' } }
  const input = { ...inputOf({ ...write, contact: merge(stored, contact) }), key: stored.key }
  return execute(account, 'updateContact', operation, input, context)
}

function inputOf({ account, target, contact }: ContactWrite) {
  return { contact, settings: account.settings, ...(target !== undefined && { target }) }
}

/** Tags are added to those that are there, attributes written over them one by one (`null` takes one away). */
function merge(stored: StoredContact, contact: Contact): Contact {
  const attributes = { ...stored.attributes, ...contact.attributes }
  for (const key of Object.keys(attributes)) if (attributes[key] === null) delete attributes[key]
  return {
    ...contact,
    email: contact.email ?? stored.email,
    tags: [...new Set([...stored.tags, ...contact.tags])],
    attributes,
  }
}

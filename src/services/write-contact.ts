import type { CallContext } from '../domain/call-context.ts'
import type { ConflictPolicy, Contact, StoredContact } from '../domain/contact.ts'
import { beforeSending, certainlyNotApplied, type Failure, type Result } from '../domain/failure.ts'
import { execute } from '../providers/execute.ts'
import type { Account, ItemResult, ListTarget } from '../providers/port.ts'

/** One contact on its way to one account: into a list, or (`target` undefined) into none. */
export type ContactWrite = {
  readonly account: Account
  readonly target: ListTarget | undefined
  readonly contact: Contact
  readonly onConflict: ConflictPolicy
}

/**
 * Creates a contact, or updates or skips the one that the provider has. An ambiguous create is settled by asking, where
 * the provider can be asked: what it has is then updated, and what it certainly lacks is created once more.
 */
export async function writeContact(write: ContactWrite, context: CallContext): Promise<Result<ItemResult>> {
  const first = await create(write, context)
  if ('ok' in first || certainlyNotAppliedAlone(first.failure)) return first
  const found = await find(write, context)
  if (found === undefined) return first
  if ('failure' in found)
    return { failure: first.failure.kind === 'conflict' ? beforeSending(found.failure) : first.failure }
  if (found.ok !== undefined) return overwrite(write, found.ok, context)
  return first.failure.kind === 'conflict' ? first : createAgain(write, first.failure, context)
}

function certainlyNotAppliedAlone(failure: Failure): boolean {
  return failure.kind !== 'conflict' && certainlyNotApplied(failure)
}

async function create(write: ContactWrite, context: CallContext): Promise<Result<ItemResult>> {
  const { account } = write
  const operation = account.adapter.operations.createContact
  if (operation === undefined) throw new Error(`${account.adapter.id} has no operation to create a contact`)
  const created = await execute(account, 'createContact', operation, inputOf(write), context)
  if ('failure' in created) return created
  const { existed, contact } = created.ok
  return { ok: { status: existed ? 'updated' : 'created', key: contact.key } }
}

/** After an ambiguous create and a search that found nothing: what stays unclear is what the first attempt did. */
async function createAgain(write: ContactWrite, ambiguous: Failure, context: CallContext): Promise<Result<ItemResult>> {
  const second = await create(write, context)
  if ('ok' in second) return second
  if (second.failure.kind !== 'conflict') return { failure: ambiguous }
  const found = await find(write, context)
  return found !== undefined && 'ok' in found && found.ok !== undefined
    ? overwrite(write, found.ok, context)
    : { failure: ambiguous }
}

async function find(write: ContactWrite, context: CallContext): Promise<Result<StoredContact | undefined> | undefined> {
  const { account, contact } = write
  const operation = account.adapter.operations.findContact
  const phone = contact.phone ?? contact.whatsapp
  if (operation === undefined || phone === undefined) return undefined
  return execute(account, 'findContact', operation, { phone, settings: account.settings }, context)
}

async function overwrite(
  write: ContactWrite,
  stored: StoredContact,
  context: CallContext,
): Promise<Result<ItemResult>> {
  const { account, contact } = write
  if (write.onConflict === 'skip') return { ok: { status: 'skipped', key: stored.key } }
  const operation = account.adapter.operations.updateContact
  if (operation === undefined) return { failure: { kind: 'conflict' } }
  const input = { ...inputOf({ ...write, contact: merge(stored, contact) }), key: stored.key }
  const updated = await execute(account, 'updateContact', operation, input, context)
  return 'failure' in updated ? updated : { ok: { status: 'updated', key: updated.ok.key } }
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

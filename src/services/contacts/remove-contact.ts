import type { CallContext } from '../../domain/call-context.ts'
import { type StoredContact, toContact } from '../../domain/contact.ts'
import { beforeSending, type Failure, type Result } from '../../domain/failure.ts'
import type { Account, Turn } from '../../providers/account.ts'
import { execute } from '../../providers/execute.ts'
import type { ListDestination } from '../catalog/catalog.ts'
import { fetchContact } from '../delivery/fetch-contact.ts'
import { noTurn } from '../delivery/group-turn.ts'
import { askedTarget } from '../delivery/list-keeper.ts'
import { personOf } from '../delivery/same-person.ts'
import { ofShownJustNow } from '../delivery/shown-just-now.ts'
import { settleDeletion } from './settle-deletion.ts'

const done = { ok: undefined }

/** Deletes contacts from an account, in the fewest calls; ends at the first that fails. */
export async function deleteContacts(
  account: Account,
  keys: readonly string[],
  context: CallContext,
): Promise<Result<undefined>> {
  const operation = account.adapter.operations.deleteContacts
  if (operation === undefined) throw new Error(`${account.adapter.id} cannot delete contacts`)
  const { sizes } = account.policies
  for (let start = 0; start < keys.length; ) {
    const most = sizes.most('deleteContacts', operation.maxContacts)
    const input = { keys: keys.slice(start, start + most), settings: account.settings }
    const deleted = await execute(account, 'deleteContacts', operation, input, context)
    if ('failure' in deleted && deleted.failure.kind === 'tooLarge' && input.keys.length > 1) {
      noteTooLarge(account, input.keys.length, context)
      continue
    }
    if ('failure' in deleted) {
      const settled = await settleDeletion(account, input.keys, deleted.failure, context)
      if ('failure' in settled) return settled
    } else sizes.taken('deleteContacts', input.keys.length)
    start += input.keys.length
  }
  return done
}

function noteTooLarge({ id, policies }: Account, contacts: number, { log }: CallContext): void {
  const batchSize = policies.sizes.refused('deleteContacts', contacts)
  log.warn?.({ account: id, operation: 'deleteContacts', contacts, batchSize }, tooManyAtOnce)
}

const tooManyAtOnce = 'The provider refused a deletion for its size; smaller ones are sent from now on.'

/**
 * Takes one contact off a list and leaves it in the account; `notFound` when it is not on the list, as far as the provider
 * tells. Where lists show in the contact itself, it is read and written without this one; its other lists stay.
 */
export async function removeFromList(
  at: ListDestination,
  key: string,
  context: CallContext,
): Promise<Result<undefined>> {
  const { account } = at
  const operation = account.adapter.operations.removeFromList
  if (operation === undefined) return leaveList(at, key, context)
  const target = await askedTarget(at, context)
  if ('failure' in target) return target
  const input = { keys: [key], target: target.ok, settings: account.settings }
  return execute(account, 'removeFromList', operation, input, context)
}

const tagsAlone = new Set(['tags'] as const)

async function leaveList(at: ListDestination, key: string, context: CallContext): Promise<Result<undefined>> {
  const { account } = at
  const { writers, clock } = account.policies
  const readAt = clock.now()
  const read = await fetchContact(account, key, context)
  if ('failure' in read) return { failure: readingFailed(read.failure) }
  const work = async ({ follows }: Turn): Promise<Result<undefined>> => {
    const now = follows ? await fetchContact(account, key, context) : read
    return 'failure' in now ? { failure: readingFailed(now.failure) } : writeOff(at, now.ok, context)
  }
  const left = await writers.inLine(personOf(account, read.ok), context.deadlineAt, work, readAt)
  return left ?? { failure: noTurn }
}

async function writeOff(
  { account, target }: ListDestination,
  stored: StoredContact,
  context: CallContext,
): Promise<Result<undefined>> {
  const { membership, operations } = account.adapter
  if (membership === undefined || operations.updateContact === undefined)
    throw new Error(`${account.adapter.id} cannot take contacts off a list`)
  // Whether it is on the list is not known, nor which of its tags would have to stay.
  if (stored.untold?.has('tags') || stored.leftOut?.has('tags'))
    return { failure: beforeSending({ kind: 'unreadable' }) }
  if (!membership.has(stored, target)) return { failure: { kind: 'notFound' } }
  const contact = { ...toContact(stored), tags: membership.tagsWithout(stored, target) }
  const input = { key: stored.key, contact, parts: tagsAlone, settings: account.settings }
  const updated = await execute(account, 'updateContact', operations.updateContact, input, context)
  if ('failure' in updated) return ofShownJustNow(updated)
  const { status, contact: shown } = updated.ok
  const isStillOn = shown !== undefined && membership.has(shown, target)
  // What the provider shows counts, not that it took the request.
  return status === 'updated' && !isStillOn ? done : { failure: { kind: 'unreadable' } }
}

/** Nothing was written yet, so a contact that is not there was not removed by this request. */
function readingFailed(failure: Failure): Failure {
  return failure.kind === 'notFound' ? { kind: 'notFound' } : beforeSending(failure)
}

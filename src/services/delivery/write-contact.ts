import type { CallContext } from '../../domain/call-context.ts'
import type { ConflictPolicy, Contact, StoredContact } from '../../domain/contact.ts'
import { afterEarlierTry, beforeSending, certainlyNotApplied, type Failure, type Result } from '../../domain/failure.ts'
import type { Account, Turn } from '../../providers/account.ts'
import type { ContactPart, ListTarget, WrittenContact } from '../../providers/adapter-port.ts'
import { execute } from '../../providers/execute.ts'
import type { FieldRules } from '../../providers/fields.ts'
import { checkShown, replicasNotAsked, skippedAt, unchangedHere } from './check-shown.ts'
import { differenceOf, loosely, toTheLetter } from './compare-written.ts'
import { canBeAsked, findLater, findOf, findSoon } from './find-contact.ts'
import { noTurn } from './group-turn.ts'
import { sentAndSuppressed } from './guard-delivery.ts'
import { merge } from './merge-contact.ts'
import { personAt } from './same-person.ts'
import { ofShownJustNow } from './shown-just-now.ts'
import { statusOfRecognised } from './status-of-recognised.ts'
import { needsUntold, replacesUnseen } from './untold-parts.ts'

/** One contact on its way to one account: into a list, or (`target` undefined) into none. */
export type ContactWrite = {
  readonly account: Account
  /** What the account takes in this list, or in none. */
  readonly fields: FieldRules
  readonly target: ListTarget | undefined
  readonly contact: Contact
  readonly onConflict: ConflictPolicy
  /** An earlier attempt may have been applied: begin by asking, where the provider can be asked. */
  readonly suspect?: boolean
  /** The person is suppressed: with `suspect`, ask alone. */
  readonly onlyAsk?: boolean
}

type Written = Result<WrittenContact>

/**
 * Creates a contact, or updates or skips the one that the provider has. What the provider's answer shows counts: where it
 * lacks what was sent, that is written by an update, or the outcome says so. An ambiguous create is settled by asking,
 * where the provider can be asked: what it holds already is not written again, what differs is updated, and what it
 * certainly lacks is created once more. What follows a first create is done while nobody else writes the person.
 */
export async function writeContact(write: ContactWrite, context: CallContext): Promise<Written> {
  if (write.suspect === true) {
    const settled = (await alone(write, context, (turn) => settleSuspect(write, turn, context))) ?? withoutTurn
    // It was asked for, and is not there.
    if ('ok' in settled || settled.failure.kind === 'suppressed') return settled
    return { failure: afterEarlierTry(settled.failure) }
  }
  const first = await create(write, context)
  if (isSettled(write, first)) return first
  return (await alone(write, context, (turn) => settle(write, first, turn, context))) ?? asItStands(write, first)
}

const withoutTurn: Written = { failure: noTurn }

/** What a first create has come to where nothing more can be done about it. */
function asItStands(write: ContactWrite, first: Written): Written {
  if ('failure' in first) return first.failure.kind === 'conflict' ? withoutTurn : first
  return { ok: first.ok.status === 'created' ? checkShown(write, first.ok) : unchangedHere(write, first.ok) }
}

/** What the create has done stays in doubt, or stays done, when the update that was to follow was not applied. */
function unlessNotApplied(result: Written, otherwise: Written): Written {
  return 'failure' in result && certainlyNotApplied(result.failure) ? otherwise : result
}

/** Nothing more is to be done: all is there, or certainly nothing was applied. */
function isSettled(write: ContactWrite, first: Written): boolean {
  if ('failure' in first) return first.failure.kind !== 'conflict' && certainlyNotApplied(first.failure)
  const { contact: shown } = first.ok
  return shown === undefined || differenceOf(write, shown, loosely) === undefined
}

/** Where the provider can be asked about a person, the others who write that person wait. `undefined`: for too long. */
async function alone(
  write: ContactWrite,
  { deadlineAt }: CallContext,
  work: (turn: Turn) => Promise<Written>,
): Promise<Written | undefined> {
  const { account, contact } = write
  const person = personAt(write, contact)
  if (person === undefined || !canBeAsked(account.adapter)) return work({ alone: true, follows: false })
  return account.policies.writers.inLine(person, deadlineAt, work)
}

function settle(write: ContactWrite, first: Written, turn: Turn, context: CallContext): Promise<Written> {
  if ('ok' in first) return settleShown(write, first.ok, turn, context)
  return first.failure.kind === 'conflict'
    ? settleConflict(write, first.failure, turn, context)
    : settleAmbiguous(write, first.failure, turn, context)
}

/**
 * The answer to a create shows something else than was sent. Either the person was there, and the provider gave back what
 * it has: then it is written over, or skipped. Or the provider took it and made something else of it: that is said.
 */
async function settleShown(
  write: ContactWrite,
  written: WrittenContact,
  turn: Turn,
  context: CallContext,
): Promise<Written> {
  const shown = written.contact as StoredContact
  const difference = differenceOf(write, shown, loosely)
  const { operations } = write.account.adapter
  const wasThere = written.status !== 'created'
  const canBeWritten = operations.updateContact !== undefined && canBeAsked(write.account.adapter)
  const needsWriting = !difference?.number && (wasThere || difference?.list === true)
  if (!needsWriting || !canBeWritten) return { ok: checkShown(write, written) }
  if (wasThere && write.onConflict === 'skip') return { ok: skippedAt(write, shown) }
  const found = await findOf(write, context)
  // What the provider gave back is known; whether it took anything of ours is not.
  if (found === undefined || 'failure' in found || found.ok === undefined) return asItStands(write, { ok: written })
  return unlessNotApplied(await overwrite(write, found.ok, turn, context), asItStands(write, { ok: written }))
}

/** The provider says that it has the number: the contact is there, and was before. Only a look tells how it stands. */
async function settleConflict(
  write: ContactWrite,
  conflict: Failure,
  turn: Turn,
  context: CallContext,
): Promise<Written> {
  const found = await findSoon(write, write.account.policies.clock.now(), context, { expected: true })
  if (found === undefined) return { failure: conflict }
  if ('failure' in found) return { failure: afterEarlierTry(found.failure) }
  return found.ok === undefined ? { failure: conflict } : overwrite(write, found.ok, turn, context)
}

/** Nobody knows what the first attempt did until the provider is asked; that it is not found at once means "not yet". */
async function settleAmbiguous(
  write: ContactWrite,
  ambiguous: Failure,
  turn: Turn,
  context: CallContext,
): Promise<Written> {
  const { retries, clock } = write.account.policies
  const lost: Written = { failure: ambiguous }
  const known = async (stored: StoredContact) => unlessNotApplied(await recognise(write, stored, turn, context), lost)
  const lostAt = clock.now()
  retries.lost(lostAt)
  const asked = retries.isWorthAsking ? await findOf(write, context) : undefined
  if (asked === undefined) return lost
  if ('ok' in asked && asked.ok !== undefined) return known(asked.ok)
  if ('failure' in asked) {
    retries.questionFailed(asked.failure)
    return lost
  }
  if (!retries.maySendLostCall()) return lost
  const found = await findLater(write, lostAt, context)
  if (found === undefined || 'failure' in found) return lost
  if (found.ok !== undefined) return known(found.ok)
  const second = await create(write, context)
  if ('ok' in second) return isSettled(write, second) ? second : settleShown(write, second.ok, turn, context)
  // It was asked for, and is not there: nothing was applied, and nothing is sent.
  if (second.failure.kind === 'suppressed') return second
  if (second.failure.kind !== 'conflict') return lost
  const late = await findSoon(write, clock.now(), context, { expected: true })
  return late !== undefined && 'ok' in late && late.ok !== undefined ? known(late.ok) : lost
}

async function settleSuspect(write: ContactWrite, turn: Turn, context: CallContext): Promise<Written> {
  const found = await findSoon(write, write.account.policies.retries.lostAt, context)
  if (found !== undefined && 'failure' in found) return found
  if (write.onlyAsk === true) return whatIsLeft(write, found?.ok)
  if (found?.ok !== undefined) {
    const known = await recognise(write, found.ok, turn, context)
    return isSuppressed(known) ? whatIsLeft(write, found.ok) : known
  }
  const first = await create(write, context)
  return isSettled(write, first) ? first : settle(write, first, turn, context)
}

function isSuppressed(result: Written): boolean {
  return 'failure' in result && result.failure.kind === 'suppressed'
}

/** What an earlier try has left of a person who must not be sent again. */
function whatIsLeft(write: ContactWrite, stored: StoredContact | undefined): Written {
  if (stored === undefined) return { failure: { kind: 'suppressed' } }
  // Of what is there otherwise than it was sent, nobody knows whose it is.
  if (differenceOf(write, stored, loosely) !== undefined) return { ok: { status: 'unknown', error: sentAndSuppressed } }
  return { ok: { status: statusOfRecognised(write, stored), key: stored.key, contact: stored } }
}

/** A contact that was found where ours may have got to: what it holds already is not sent again. */
function recognise(
  write: ContactWrite,
  stored: StoredContact,
  turn: Turn,
  context: CallContext,
): Written | Promise<Written> {
  if (differenceOf(write, stored, toTheLetter) !== undefined) return overwrite(write, stored, turn, context)
  return { ok: { status: statusOfRecognised(write, stored), key: stored.key, contact: stored } }
}

function create(write: ContactWrite, context: CallContext): Promise<Written> {
  const { account, onConflict } = write
  const operation = account.adapter.operations.createContact
  if (operation === undefined) throw new Error(`${account.adapter.id} has no operation to create a contact`)
  return execute(account, 'createContact', operation, { ...inputOf(write), onConflict }, context)
}

async function overwrite(
  write: ContactWrite,
  stored: StoredContact,
  turn: Turn,
  context: CallContext,
): Promise<Written> {
  const { account, contact } = write
  if (write.onConflict === 'skip') return { ok: skippedAt(write, stored) }
  const operation = account.adapter.operations.updateContact
  if (operation === undefined) return { failure: { kind: 'conflict' } }
  const parts = partsGiven(write)
  if (needsUntold(stored, parts, { tagsStay: true })) return { failure: beforeSending({ kind: 'unreadable' }) }
  const merged = { ...write, contact: merge(stored, contact) }
  const updated = await execute(
    account,
    'updateContact',
    operation,
    { ...inputOf(merged), key: stored.key, parts },
    context,
  )
  if ('failure' in updated) return ofShownJustNow(updated)
  const checked = checkShown(merged, updated.ok, contact)
  const unseen = replacesUnseen(stored, parts, { tagsStay: true }, account.adapter.title)
  const added = turn.alone ? unseen : [...unseen, replicasNotAsked]
  return { ok: added.length === 0 ? checked : { ...checked, warnings: [...(checked.warnings ?? []), ...added] } }
}

/** What was not asked for is not written. */
function partsGiven({ contact, target }: ContactWrite) {
  const { name, firstName, lastName, email, tags, attributes } = contact
  const parts = new Set<ContactPart>()
  if (name !== undefined || firstName !== undefined || lastName !== undefined) parts.add('name')
  if (email !== undefined) parts.add('email')
  if (tags.length > 0 || target !== undefined) parts.add('tags')
  if (Object.keys(attributes).length > 0) parts.add('attributes')
  return parts
}

function inputOf({ account, target, contact }: ContactWrite) {
  return { contact, settings: account.settings, ...(target !== undefined && { target }) }
}

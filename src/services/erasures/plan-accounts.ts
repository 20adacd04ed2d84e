import type { AccountErasure, ErasedAddresses, Erasure } from '../../domain/erasure.ts'
import type { Destination } from '../catalog/catalog.ts'
import { deletedWords, type ErasureTry, handWorkAt } from './erase-at-account.ts'

export type Places = ReadonlyMap<string, Pick<Destination, 'account' | 'fields'>>

const minuteMs = 60_000
/** A provider that said once that somebody is gone is asked once more after this. */
export const askAgainMs = minuteMs
/** Replicas may be reloaded one after the other: an account that one of them lacks may be known to another. */
const goneAfterMs = minuteMs
const giveUpAfterMs = 72 * 60 * minuteMs
const longestPauseMs = 60 * minuteMs

/** The accounts of an erasure as they are to be tried now: those that are configured, and those that were. */
export function withAccountsOfNow(
  before: readonly AccountErasure[],
  places: Places,
  addresses: ErasedAddresses,
  now: number,
): readonly AccountErasure[] {
  const known = new Set(before.map(({ account }) => account))
  const added = [...places].filter(([id]) => !known.has(id)).map(([, place]) => begun(place, addresses, now))
  return [
    ...before.map((one) => (isSettled(one) ? one : ofNow(one, places.get(one.account), addresses, now))),
    ...added,
  ]
}

function begun(
  place: Pick<Destination, 'account' | 'fields'>,
  addresses: ErasedAddresses,
  now: number,
): AccountErasure {
  const { id, adapter } = place.account
  const handWork = handWorkAt(place, addresses)
  const base = { account: id, provider: adapter.id, at: now, attempts: 0, triedSince: now }
  return handWork === undefined
    ? { ...base, status: 'pending', detail: 'The provider is being asked.', tryAt: now }
    : { ...base, status: 'by_hand', detail: handWork }
}

function isSettled({ status }: AccountErasure): boolean {
  return status === 'deleted' || status === 'not_found' || status === 'done_by_hand'
}

function ofNow(
  one: AccountErasure,
  place: Pick<Destination, 'account' | 'fields'> | undefined,
  addresses: ErasedAddresses,
  now: number,
): AccountErasure {
  if (place !== undefined) return one.goneSince === undefined ? one : begun(place, addresses, now)
  if (one.status !== 'pending') return one
  const { goneSince = now } = one
  if (now - goneSince < goneAfterMs) return { ...one, goneSince, tryAt: goneSince + goneAfterMs }
  return { ...withoutTry(one), status: 'by_hand', at: now, goneSince, detail: goneWords }
}

const goneWords =
  'The account is not configured any more, so that it cannot be asked. Look in it at the provider, and delete what you find.'

/** What is to be tried at a time. */
export function isDue({ status, tryAt, goneSince }: AccountErasure, now: number): boolean {
  return status === 'pending' && goneSince === undefined && tryAt !== undefined && tryAt <= now
}

/** An account after a try. */
export function afterTry(one: AccountErasure, { outcome, detail }: ErasureTry, now: number): AccountErasure {
  const attempts = one.attempts + 1
  const told = { ...one, attempts, at: now, detail }
  if (outcome === 'open') {
    if (now - one.triedSince >= giveUpAfterMs) return { ...withoutTry(told), status: 'failed' }
    return { ...told, tryAt: Math.min(now + pauseAfter(attempts), one.triedSince + giveUpAfterMs) }
  }
  // Who was there before stays deleted, also where whoever deleted her died before it was noted.
  const answered = one.answered === 'deleted' || one.wasFound ? 'deleted' : outcome
  const words = answered === outcome ? detail : one.answered === 'deleted' ? one.detail : deletedWords
  const isAskedAgain = one.answered === undefined || (one.answered === 'not_found' && outcome === 'deleted')
  if (isAskedAgain) return { ...told, detail: words, answered, tryAt: now + askAgainMs }
  const { answered: _, wasFound: __, ...rest } = withoutTry(told)
  return { ...rest, status: answered, detail: words }
}

/** Starts those again that were given up, or that could not be asked for want of their accounts. */
export function triedAgain({ accounts }: Pick<Erasure, 'accounts'>, now: number): readonly AccountErasure[] {
  return accounts.map((one) => {
    const isGone = one.status === 'by_hand' && one.goneSince !== undefined
    if (one.status !== 'failed' && !isGone) return one
    const { goneSince: _, ...rest } = one
    return { ...rest, status: 'pending', triedSince: now, tryAt: now }
  })
}

export function doneByHand(one: AccountErasure, by: string, note: string | undefined, now: number): AccountErasure {
  const { answered: _, ...rest } = withoutTry(one)
  return { ...rest, status: 'done_by_hand', at: now, by, ...(note !== undefined && { note }), detail: 'Done by hand.' }
}

function withoutTry({ tryAt: _, ...one }: AccountErasure): AccountErasure {
  return one
}

/** 30 s, 1 min, 2 min … 1 h, less up to a quarter by chance. */
function pauseAfter(attempts: number): number {
  const pause = Math.min(longestPauseMs, (minuteMs / 2) * 2 ** Math.min(attempts - 1, 10))
  return Math.round(pause * (1 - Math.random() / 4))
}

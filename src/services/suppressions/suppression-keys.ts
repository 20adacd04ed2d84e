import { randomBytes } from 'node:crypto'
import { StoreUnavailable } from '../store-port.ts'
import type { SuppressionStore } from '../suppression-store-port.ts'
import { type AddressDigest, addressDigest, checkOf } from './address-digest.ts'

/** What is configured: keys of 32 bytes; without `key` the gateway makes one. */
export type ConfiguredKeys = { readonly key: Buffer | undefined; readonly oldKeys: readonly Buffer[] }

/** The list was made with a key that this process lacks: nothing is looked up or sent. The text is for the operator. */
export class WrongSuppressionKey extends StoreUnavailable {}

/** Where the operator finds them. */
export const suppressionKeyPlace = 'suppressions.key'

/** All keys of the list, by what they make: the first one for what is written, all for what is looked for. */
export type ListKeys = readonly [AddressDigest, ...AddressDigest[]]

export type SuppressionKeys = {
  /** @throws StoreUnavailable until they could be compared with those of the list; WrongSuppressionKey where one is lacking */
  current(): ListKeys | Promise<ListKeys>
  /** Compares now, and tells the store which keys are in use. Fails as `current` does. */
  compare(): Promise<void>
  /** What is wrong with another configuration, by what the list was last known to have; `undefined`: nothing. */
  objectionTo(next: ConfiguredKeys): string | undefined
  /** Takes another configuration over: it is compared before it is used. */
  take(next: ConfiguredKeys): void
}

/** Where another process has begun to use another key, that is noticed after this time. */
const compareAgainMs = 10_000
const keyBytes = 32

/**
 * The keys of the suppression list. An entry is found by none but the key that it was made with, so that a process without
 * one of them would send to people who do not want it: the store holds a check value of each key that is in use.
 */
export function createSuppressionKeys(
  list: Pick<SuppressionStore, 'keys' | 'count'>,
  configured: ConfiguredKeys,
): SuppressionKeys {
  let wanted = configured
  let held: ListKeys | undefined
  let heldChecks: readonly string[] = []
  let own: Buffer | undefined
  let seen: readonly string[] = []
  let comparedAt = Number.NEGATIVE_INFINITY
  let comparing: Promise<void> | undefined

  /** What was made with the same keys before stays good. */
  const hold = (keys: readonly [Buffer, ...Buffer[]]): void => {
    const now = keys.map(checkOf)
    if (held !== undefined && now.join() === heldChecks.join()) return
    const [first, ...others] = keys
    held = [addressDigest(first), ...others.map(addressDigest)]
    heldChecks = now
  }
  const compareNow = async (): Promise<void> => {
    const { key, oldKeys } = wanted
    try {
      own = await ownKey(list.keys, own, key === undefined)
      const [first, ...others] = withoutRepeats([key, ...oldKeys, own])
      seen = await list.keys.checks()
      const lacking = lackingIn(seen, [first, ...others])
      if (lacking.length > 0) await giveUp(list, lacking)
      const check = checkOf(first)
      if (!seen.includes(check)) await list.keys.addCheck(check)
      seen = [...seen.filter((one) => !lacking.includes(one)), check]
      if (wanted.key === key && wanted.oldKeys === oldKeys) hold([first, ...others])
      comparedAt = performance.now()
    } catch (error) {
      if (error instanceof WrongSuppressionKey) held = undefined
      throw error
    }
  }
  const compare = (): Promise<void> => {
    comparing ??= compareNow().finally(() => {
      comparing = undefined
    })
    return comparing
  }
  const compared = async (): Promise<ListKeys> => {
    // Other keys may have been taken over meanwhile.
    do await compare()
    while (held === undefined)
    return held
  }
  return {
    current() {
      if (held === undefined) return compared()
      // The answer is not waited for: what was true a moment ago is good enough for what begins now.
      if (comparing === undefined && performance.now() - comparedAt > compareAgainMs) compare().catch(() => {})
      return held
    },
    compare,
    objectionTo: ({ key, oldKeys }) =>
      lackingIn(seen, withoutRepeats([key, ...oldKeys, own])).length > 0 ? isLacking : undefined,
    take(next) {
      if (isSame(wanted, next)) return
      wanted = next
      held = undefined
    },
  }
}

/** The gateway's own key: the list gets it back where it has lost it. Made only where none is configured. */
async function ownKey(
  keys: SuppressionStore['keys'],
  known: Buffer | undefined,
  isNeeded: boolean,
): Promise<Buffer | undefined> {
  for (;;) {
    const kept = await keys.own()
    const offer = known ?? (isNeeded ? randomBytes(keyBytes) : undefined)
    if (kept !== undefined || offer === undefined) return kept
    if (await keys.replaceOwn(undefined, offer)) return offer
  }
}

/** A list without entries was made with no key: its check values are of no use, and go. */
async function giveUp(list: Pick<SuppressionStore, 'keys' | 'count'>, lacking: readonly string[]): Promise<void> {
  if ((await list.count()) > 0) throw new WrongSuppressionKey(isLacking)
  for (const check of lacking) await list.keys.removeCheck(check)
}

function lackingIn(checks: readonly string[], keys: readonly Buffer[]): string[] {
  const have = new Set(keys.map(checkOf))
  return checks.filter((check) => !have.has(check))
}

function withoutRepeats(keys: readonly (Buffer | undefined)[]): [Buffer, ...Buffer[]] {
  const known = keys.filter((key) => key !== undefined)
  return known.filter((key, index) => known.findIndex((one) => one.equals(key)) === index) as [Buffer, ...Buffer[]]
}

function isSame(one: ConfiguredKeys, other: ConfiguredKeys): boolean {
  const textOf = ({ key, oldKeys }: ConfiguredKeys) => [key, ...oldKeys].map((part) => part?.toString('hex')).join()
  return textOf(one) === textOf(other)
}

const isLacking =
  'lacks a key that the suppression list in this store was made with: entries of that key would not be found, and their people contacted. Put it back, into suppressions.oldKeys where it is not to be used any more, or give the gateway another store.'

import type { CallContext } from '../../domain/call-context.ts'
import type { Failure, FailureKind } from '../../domain/failure.ts'
import type { Account } from '../../providers/account.ts'
import { execute } from '../../providers/execute.ts'
import type { ListAtAccount } from '../catalog/catalog.ts'

/** Sees to it that a list is there at a provider that wants it made first. */
export type ListKeeper = {
  /** Makes the list unless this process has seen it lately; a failure when it cannot be made. */
  ensure(at: ListAtAccount, context: CallContext): Promise<Failure | undefined>
  /** After the provider denied knowing the list: true when it can be made (again). */
  forget(at: ListAtAccount): boolean
  /** A failure of a call that added to the list, once it was made: that it is not there may mean "not yet". */
  afterMaking(at: ListAtAccount, failure: Failure): Failure
}

/** A list may be deleted by hand at any time; to make it again costs one call, and does no harm. */
const seenForMs = 10 * 60_000

/**
 * What a provider answers to a list that it has already is rarely documented: a refusal of the data may mean that. The list
 * may be there then, and adding to it tells. Refused credentials, limits and failures stop.
 */
const mayBeThere: ReadonlySet<FailureKind> = new Set(['conflict', 'invalid'])

/** Is a list made by the gateway, where it is not there? */
export function makesLists({ adapter, createLists }: Account): boolean {
  return createLists && adapter.operations.ensureList !== undefined
}

/** A list that was made, or was there, is not asked for again for some minutes. */
export function createListKeeper(): ListKeeper {
  const making = new WeakMap<ListAtAccount, Promise<Failure | undefined>>()
  const seenAt = new WeakMap<ListAtAccount, number>()
  /** Those that the provider's own words say are there. */
  const certain = new WeakSet<ListAtAccount>()

  const make = async (at: ListAtAccount, context: CallContext): Promise<Failure | undefined> => {
    const operation = at.account.adapter.operations.ensureList
    if (operation === undefined) return undefined
    const input = { target: at.target, settings: at.account.settings }
    const result = await execute(at.account, 'ensureList', operation, input, context)
    if ('failure' in result && !mayBeThere.has(result.failure.kind)) return { ...result.failure, beforeSending: true }
    seenAt.set(at, at.account.policies.clock.now())
    if ('ok' in result || result.failure.kind === 'conflict') certain.add(at)
    return undefined
  }

  const isSeen = (at: ListAtAccount): boolean => {
    const seen = seenAt.get(at)
    return seen !== undefined && at.account.policies.clock.now() < seen + seenForMs
  }

  return {
    async ensure(at, context) {
      if (!makesLists(at.account) || isSeen(at)) return undefined
      // Who comes while another makes it waits for that, and tries itself when the other failed, at its deadline perhaps.
      const others = making.get(at)
      if (others !== undefined && (await others) === undefined) return undefined
      const own = make(at, context)
      making.set(at, own)
      try {
        return await own
      } finally {
        if (making.get(at) === own) making.delete(at)
      }
    },
    // Several calls may be told so at once, of which only the first finds that the list was thought to be there.
    forget(at) {
      seenAt.delete(at)
      certain.delete(at)
      return makesLists(at.account)
    },
    afterMaking: (at, failure) =>
      failure.kind === 'notFound' && certain.has(at) ? { ...failure, soon: true } : failure,
  }
}

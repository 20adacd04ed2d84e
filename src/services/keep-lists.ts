import type { CallContext } from '../domain/call-context.ts'
import type { Failure } from '../domain/failure.ts'
import { execute } from '../providers/execute.ts'
import type { ListAtAccount } from './catalog.ts'

/** Sees to it that a list is there at a provider that wants it made first. */
export type ListKeeper = {
  /** Makes the list unless this process has seen it; a failure when it cannot be made. */
  ensure(at: ListAtAccount, context: CallContext): Promise<Failure | undefined>
  /** After the provider denied knowing the list: true when it can be made (again). */
  forget(at: ListAtAccount): boolean
}

/** A list that was made, or was there, is not asked for again while the process lives. */
export function createListKeeper(): ListKeeper {
  const making = new WeakMap<ListAtAccount, Promise<Failure | undefined>>()
  const made = new WeakSet<ListAtAccount>()

  const make = async (at: ListAtAccount, context: CallContext): Promise<Failure | undefined> => {
    const operation = at.account.adapter.operations.ensureList
    if (operation === undefined) return undefined
    const input = { target: at.target, settings: at.account.settings }
    const result = await execute(at.account, 'ensureList', operation, input, context)
    if ('failure' in result) return { ...result.failure, beforeSending: true }
    made.add(at)
    return undefined
  }

  return {
    async ensure(at, context) {
      if (made.has(at) || at.account.adapter.operations.ensureList === undefined) return undefined
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
      made.delete(at)
      return at.account.adapter.operations.ensureList !== undefined
    },
  }
}

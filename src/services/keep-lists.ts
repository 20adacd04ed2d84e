import type { CallContext } from '../domain/call-context.ts'
import { beforeSending, type Failure } from '../domain/failure.ts'
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
  const known = new WeakMap<ListAtAccount, Promise<Failure | undefined>>()

  const make = async (at: ListAtAccount, context: CallContext): Promise<Failure | undefined> => {
    const operation = at.account.adapter.operations.ensureList
    if (operation === undefined) return undefined
    const input = { target: at.target, settings: at.account.settings }
    const made = await execute(at.account, 'ensureList', operation, input, context)
    return 'failure' in made ? beforeSending(made.failure) : undefined
  }

  return {
    async ensure(at, context) {
      if (at.account.adapter.operations.ensureList === undefined) return undefined
      let making = known.get(at)
      if (making === undefined) {
        making = make(at, context)
        known.set(at, making)
      }
      const failure = await making
      if (failure !== undefined && known.get(at) === making) known.delete(at)
      return failure
    },
    forget: (at) => at.account.adapter.operations.ensureList !== undefined && known.delete(at),
  }
}

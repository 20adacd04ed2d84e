import type { CallContext } from '../../domain/call-context.ts'
import type { Failure, FailureKind, Result } from '../../domain/failure.ts'
import type { ListTarget } from '../../providers/adapter-port.ts'
import { execute } from '../../providers/execute.ts'
import type { Destination, ListDestination } from '../catalog/catalog.ts'

/** Sees to it that a list is there at a provider that wants it made first. */
export type ListKeeper = {
  /** Makes the list unless this process has seen it lately; a failure when it cannot be made. */
  ensure(at: Destination, context: CallContext): Promise<Failure | undefined>
  /**
   * Makes a call that adds to the list. Where the provider denies knowing the list, it is made again and what was refused
   * for its sake is sent once more; that it is not there even then may mean "not yet".
   */
  send<Value>(at: Destination, context: CallContext, call: () => Promise<Result<Value>>): Promise<Result<Value>>
}

/** A list may be deleted by hand at any time; to make it again costs one call, and does no harm. */
const seenForMs = 10 * 60_000

/**
 * What a provider answers to a list that it has already is rarely documented: a refusal of the data may mean that. The list
 * may be there then, and adding to it tells. Refused credentials, limits and failures stop.
 */
const mayBeThere: ReadonlySet<FailureKind> = new Set(['conflict', 'invalid'])

/** How the list is made, where that is the gateway's to do. */
export function listMaker({ account, target }: Pick<Destination, 'account' | 'target'>) {
  return account.createLists && target !== undefined ? account.adapter.operations.ensureList : undefined
}

function rememberTarget(
  { account, target }: Pick<Destination, 'account' | 'target'>,
  named: ListTarget | undefined,
): void {
  const { namedTargets, clock } = account.policies
  if (target !== undefined && named !== undefined) namedTargets.set(target, { target: named, at: clock.now() })
}

/** The target as other calls are given it: as the provider named it, where it did, else as it is configured. */
export function namedTarget<Target extends ListTarget | undefined>({
  account,
  target,
}: Pick<Destination<Target>, 'account' | 'target'>): Target {
  if (target === undefined) return target
  return (account.policies.namedTargets.get(target)?.target as Target | undefined) ?? target
}

/**
 * The same for calls that do not add to the list: where they cannot do without its name it is asked for, and again after some
 * minutes, since the list may have been deleted and made again under another one.
 */
export async function askedTarget(
  at: Pick<ListDestination, 'account' | 'target'>,
  context: CallContext,
): Promise<Result<ListTarget>> {
  const { account, target } = at
  const maker = listMaker(at)
  const { namedTargets, clock } = account.policies
  const knownAt = namedTargets.get(target)?.at ?? Number.NEGATIVE_INFINITY
  if (maker?.namesTarget !== true || clock.now() < knownAt + seenForMs) return { ok: namedTarget(at) }
  const input = { target, settings: account.settings }
  const named = await execute(account, 'ensureList', maker, input, context)
  if ('failure' in named) return { failure: { ...named.failure, beforeSending: true } }
  rememberTarget(at, named.ok)
  return { ok: namedTarget(at) }
}

/** A list that was made, or was there, is not asked for again for some minutes. */
export function createListKeeper(): ListKeeper {
  const making = new WeakMap<Destination, Promise<Failure | undefined>>()
  const seenAt = new WeakMap<Destination, number>()
  /** Those that the provider's own words say are there. */
  const certain = new WeakSet<Destination>()

  const make = async (at: Destination, context: CallContext): Promise<Failure | undefined> => {
    const maker = listMaker(at)
    if (maker === undefined) return undefined
    const input = { target: at.target ?? {}, settings: at.account.settings }
    const result = await execute(at.account, 'ensureList', maker, input, context)
    const isNeeded = maker.namesTarget === true
    if ('failure' in result && (isNeeded || !mayBeThere.has(result.failure.kind)))
      return { ...result.failure, beforeSending: true }
    if ('ok' in result) rememberTarget(at, result.ok)
    seenAt.set(at, at.account.policies.clock.now())
    if ('ok' in result || result.failure.kind === 'conflict') certain.add(at)
    return undefined
  }

  const isSeen = (at: Destination): boolean => {
    const seen = seenAt.get(at)
    return seen !== undefined && at.account.policies.clock.now() < seen + seenForMs
  }

  const ensure: ListKeeper['ensure'] = async (at, context) => {
    if (listMaker(at) === undefined || isSeen(at)) return undefined
    // Whoever comes while another makes the list waits, and tries itself if the other failed, perhaps at its own deadline.
    const others = making.get(at)
    if (others !== undefined && (await others) === undefined) return undefined
    const own = make(at, context)
    making.set(at, own)
    try {
      return await own
    } finally {
      if (making.get(at) === own) making.delete(at)
    }
  }

  const sendToMade: ListKeeper['send'] = async (at, context, call) => {
    const first = await call()
    if ('ok' in first || first.failure.kind !== 'notFound') return first
    // Several calls may be told so at once, of which only the first finds that the list was thought to be there.
    seenAt.delete(at)
    certain.delete(at)
    const missing = await ensure(at, context)
    if (missing !== undefined) return { failure: missing }
    const second = await call()
    const mayComeSoon = 'failure' in second && second.failure.kind === 'notFound' && certain.has(at)
    return mayComeSoon ? { failure: { ...second.failure, soon: true } } : second
  }

  return {
    ensure,
    send: (at, context, call) => (listMaker(at) === undefined ? call() : sendToMade(at, context, call)),
  }
}

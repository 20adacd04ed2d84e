import type { FastifyBaseLogger } from 'fastify'
import type { Mistake } from './config/mistakes.ts'
import type { GatewayConfig } from './config/schema.ts'
import { suppressionKeyBytes } from './config/suppressions.ts'
import type { NotReady } from './http/services.ts'
import type { OptOutSink } from './services/opt-out-sink.ts'
import { type Store, StoreUnavailable } from './services/store-port.ts'
import { keepOptOuts } from './services/suppressions/keep-opt-outs.ts'
import type { ListNotices } from './services/suppressions/list-notices.ts'
import { createLookUp, type SuppressionLookUp } from './services/suppressions/look-up.ts'
import {
  createSuppressionKeys,
  type SuppressionKeys,
  suppressionKeyPlace,
  WrongSuppressionKey,
} from './services/suppressions/suppression-keys.ts'
import {
  createSuppressions,
  type SuppressionObserver,
  type Suppressions,
} from './services/suppressions/suppressions.ts'

const noLimit = Number.MAX_SAFE_INTEGER

/** The suppression list of a gateway, under the keys that are configured. */
export type WatchedSuppressions = {
  readonly list: Suppressions
  readonly people: SuppressionLookUp
  readonly keys: Pick<SuppressionKeys, 'current'>
  /** Takes what providers tell, however much. */
  readonly optOuts: OptOutSink
  /** Why it keeps requests from being served, if it does. */
  problem(): Promise<NotReady | undefined>
  /** What the list has against another configuration; `undefined`: nothing. */
  objectionTo(next: GatewayConfig): Mistake | undefined
  /** Takes over the keys of another configuration. */
  take(next: GatewayConfig): void
}

/**
 * Opens the list and makes sure that the keys are those that it was made with; of a store that is away that is asked when it
 * is there.
 * @throws WrongSuppressionKey
 */
export async function openSuppressions(
  config: GatewayConfig,
  { suppressions: list }: Pick<Store, 'suppressions'>,
  observer: SuppressionObserver,
  logger: FastifyBaseLogger,
  notices: ListNotices,
): Promise<WatchedSuppressions> {
  const keys = createSuppressionKeys(list, suppressionKeyBytes(config.suppressions))
  try {
    await keys.compare()
    if (config.suppressions.key !== undefined && (await list.count()) === 0)
      logger.warn({ event: 'suppressions' }, isEmpty)
  } catch (error) {
    if (error instanceof WrongSuppressionKey || !(error instanceof StoreUnavailable)) throw error
  }
  return {
    list: createSuppressions(
      { list, keys, perDay: config.limits.suppressionsPerDay, now: Date.now, notices },
      observer,
    ),
    optOuts: keepOptOuts(createSuppressions({ list, keys, perDay: noLimit, now: Date.now, notices }, observer)),
    people: createLookUp(list, keys),
    keys,
    problem: () => problemOf(keys),
    objectionTo({ suppressions }) {
      const message = keys.objectionTo(suppressionKeyBytes(suppressions))
      return message === undefined ? undefined : { place: suppressionKeyPlace, message }
    },
    take: ({ suppressions }) => keys.take(suppressionKeyBytes(suppressions)),
  }
}

async function problemOf(keys: Pick<SuppressionKeys, 'compare'>): Promise<NotReady | undefined> {
  try {
    await keys.compare()
    return undefined
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    const detail = error instanceof WrongSuppressionKey ? `${suppressionKeyPlace} ${error.message}` : isAway
    return { slug: 'store-unavailable', detail }
  }
}

const isAway = 'The suppression list cannot be read. Until it can, nobody is contacted.'
const isEmpty =
  'The suppression list is empty, and suppressions.key is configured: if it was in use before, the store has lost it. Restore it before people are contacted who did not want it.'

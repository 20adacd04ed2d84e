import type { AccountSettings, Adapter, ListTarget } from './adapter-port.ts'
import type { Channel } from './channel.ts'
import type { CallPolicies } from './policies.ts'

export type {
  Channel,
  Failure,
  SendOptions,
  TokenGrant,
  TokenSource,
  TransportAnswer,
  Unsent,
} from './channel.ts'
export { type GroupLease, type GroupTurn, type Lease, type Turn, traceMs, type WriterLeases } from './person-writers.ts'

/** One account: an adapter with its settings, ready to be called. Its credentials are known to the transport alone. */
export type Account = {
  readonly id: string
  readonly adapter: Adapter
  readonly settings: AccountSettings
  readonly batchSize: number | undefined
  readonly maxConcurrency: number
  readonly timeoutMs: number
  /** A contact that was written, or that the provider says it has, is looked for during so many milliseconds. */
  readonly settleAfterMs: number
  /** Whether the provider is told of traces. */
  readonly sendTraceparent: boolean
  /**
   * Whether a batch that is refused whole is split until the bad contacts stand alone. `undefined`: where that can do no
   * harm, because a refusal leaves nothing applied or the call may be repeated.
   */
  readonly isolateRejected: boolean | undefined
  /** Whether lists are made where the provider wants them made first; false: they are made by hand. */
  readonly createLists: boolean
  readonly defaultTarget: ListTarget | undefined
  readonly channel: Channel
  /** What bounds the calls to this account; shared by all of them. */
  readonly policies: CallPolicies
}

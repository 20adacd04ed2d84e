import type { MessagingChannel } from '../providers/adapter-port.ts'

/** A person's wish that a provider told of. One of the addresses is there; a phone is in E.164. */
export type OptOutEntry = {
  /** Whose provider told it. */
  readonly account: string
  readonly phone?: string
  readonly email?: string
  /** On which it is not to be written to any more. */
  readonly channel: MessagingChannel
  /** RFC 3339, UTC. */
  readonly saidAt: string
}

/** Where wishes are kept. */
export type OptOutSink = {
  /**
   * Resolves with true once they are durable, with false where an address among them is none: the others are kept. What is
   * there already stays as it is. `request`: id of the request that they came with.
   * @throws StoreUnavailable when that is not known
   */
  put(entries: readonly OptOutEntry[], request: string): Promise<boolean>
}

import type { CallerEventType } from '../../domain/caller-event.ts'
import type { EndpointName } from '../event-store-port.ts'

/** An event as it is sent. `at`: milliseconds since 1970. */
export type SentEvent = { readonly id: string; readonly at: number; readonly body: string }

/** What came of sending one. Of an answer nothing but these is known. */
export type SendResult =
  | { readonly status: number; readonly retryAfter?: string | undefined }
  | {
      readonly failure: 'redirected' | 'timeout' | 'unreachable' | 'address_refused'
      readonly status?: number | undefined
    }

/** Where a client is told of events, as it is configured now. */
export type EventEndpoint = EndpointName & {
  readonly url: string | undefined
  /** Where it stands in the configuration, for the log. */
  readonly place: string
  /** What stands for its entry in the configuration, secrets included; nothing of it can be told from that. */
  readonly entry: string
  readonly events: ReadonlySet<CallerEventType>
  /** Whether it is told of addresses. */
  readonly addresses: boolean
  readonly mayUseAccount: (account: string) => boolean
  /** Absent: nobody is called, and events are kept to be read. */
  readonly send: ((event: SentEvent) => Promise<SendResult>) | undefined
}

/** By id; exchanged when the configuration is. */
export type Endpoints = ReadonlyMap<string, EventEndpoint>

/** Told of what becomes of events, for metrics. Must not throw. */
export type EventObserver = {
  /** A try ended. */
  tried(client: string, result: 'delivered' | 'failed'): void
  /** Nothing more is tried. `dropped`: its endpoint left the configuration, or there were too many. */
  ended(client: string, outcome: 'delivered' | 'given_up' | 'dropped', count?: number): void
  /** An endpoint said that it is gone. */
  turnedOff(client: string): void
}

export type EventLog = {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

import type { CallerEventType } from '../domain/caller-event.ts'

/**
 * Events for callers as a store keeps them: first where their causes are, written in the same atomic step (the outbox), then
 * as deliveries to endpoints, with a queue for each endpoint. Every method fails with `StoreUnavailable` when the store cannot
 * be reached. Two implementations (Redis, SQLite) pass one conformance suite. Times are in milliseconds since 1970.
 */
export type EventStore = {
  /** Keeps an event whose cause is in no store, durably. */
  put(event: OutboxEvent): Promise<void>
  /** Events that wait to be carried to their deliveries: some of each place that causes are in. */
  waiting(): Promise<readonly WaitingEvent[]>
  /**
   * Takes away what was carried: where that is no single step, in this order. Others may have done so.
   */
  carried(events: readonly WaitingEvent[]): Promise<void>
  /**
   * Keeps deliveries of a client, durably, and puts them into the queues of their endpoints; those that are there already stay
   * as they are. Where there would be more than `mostDeliveries` the oldest go: the number of those that were still pending.
   */
  add(client: string, deliveries: readonly NewDelivery[], now: number): Promise<number>
  get(client: string, id: string): Promise<StoredDelivery | undefined>
  /** From the newest to the oldest. */
  page(client: string, query: DeliveryQuery): Promise<DeliveryPage>
  /** Tries once more at `now`, whatever became of it; false: there is none. */
  retry(client: string, id: string, now: number): Promise<boolean>
  /**
   * Works off the queue of an endpoint, at most `concurrency` at a time over all processes, until closed. A delivery whose
   * worker died is given to another within about twice `leaseMs`.
   */
  work(endpoint: EndpointName, handler: DeliveryHandler, options: DeliveryWorkOptions): EventWorker
  /** Puts those that are late by more than `lateMs` into their queues again, where these have lost them. */
  requeue(client: string, now: number, lateMs: number): Promise<void>
  /**
   * Says that these endpoints are configured now. Returns those that nobody has said so of for `goneMs`, and of which something
   * may wait.
   */
  noteConfigured(endpoints: readonly EndpointName[], now: number, goneMs: number): Promise<readonly EndpointName[]>
  /** Gives up all that waits for an endpoint that is not configured any more; how many that were. */
  drop(endpoint: EndpointName, now: number): Promise<number>
  /**
   * Of deliveries that wait and hold more than is kept of them afterwards: takes that away from those whose body is such a one.
   */
  lessen(isMeant: (body: string, id: string) => boolean): Promise<void>
  /** Turns an endpoint off for as long as its entry in the configuration is this one (any text). */
  turnOff(endpoint: string, entry: string): Promise<void>
  /** The entry with which an endpoint was turned off. */
  turnedOff(endpoint: string): Promise<string | undefined>
  /** What processes agree on about an account, as text. */
  reach(account: string): Promise<string | undefined>
  /** Atomic: puts another text in the place of `before`, with an event. False: there is another one than `before`. */
  replaceReach(account: string, before: string | undefined, after: string, event?: OutboxEvent): Promise<boolean>
  /** How many deliveries are pending, of all clients. */
  countPending(): Promise<number>
}

/** An event as its cause leaves it. */
export type OutboxEvent = {
  readonly type: Exclude<CallerEventType, 'test'>
  /** The same for the same event, however often it is written; no two events of one type have the same. */
  readonly cause: string
  readonly at: number
  /** Id of the request that caused it. */
  readonly request?: string | undefined
  /** Who alone is told; absent: all who may know. */
  readonly client?: string | undefined
  /** What it is of, as plain data: for the relay. */
  readonly data: unknown
}

/** Written with each part of a change of the suppression list that some endpoint wants to be told of. */
export type ListChangeNote = {
  /** The same for all that one request writes. */
  readonly cause: string
  readonly at: number
  readonly request?: string | undefined
  /** Of changed entries, for endpoints that are told of addresses. Sealed like all that is kept of people. */
  readonly addresses?: Readonly<Record<string, string>> | undefined
}

/** What `suppressions.changed` has for data in the outbox: of one part of the list. */
export type ListChange = {
  readonly created: readonly string[]
  readonly updated: readonly string[]
  readonly removed: readonly string[]
  /** By the store's clock. */
  readonly since: number
  readonly addresses?: Readonly<Record<string, string>> | undefined
}

/** One that waits. `place` and `entry`: where it stands and as what, for the store alone. */
export type WaitingEvent = { readonly place: string; readonly entry: string; readonly event: OutboxEvent }

/** An endpoint as stores know it. `id`: 16 hexadecimal digits. */
export type EndpointName = { readonly id: string; readonly client: string }

/** `kept`: it is for nobody to be called, but to be read. */
export const deliveryStates = ['pending', 'delivered', 'given_up', 'kept'] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** Why a try did not deliver, beside the status of an answer. */
export const deliveryFailures = [
  'status',
  'redirected',
  'timeout',
  'unreachable',
  'address_refused',
  'endpoint_off',
  'endpoint_gone',
  'unreadable',
] as const
export type DeliveryFailure = (typeof deliveryFailures)[number]

/** How far one event is at one endpoint. */
export type Delivery = {
  /** 32 hexadecimal digits. */
  readonly id: string
  /** The `webhook-id`: the same at all endpoints of the client. */
  readonly eventId: string
  readonly client: string
  readonly endpoint: string
  readonly type: CallerEventType
  readonly createdAt: number
  readonly state: DeliveryState
  readonly tries: number
  readonly lastTryAt?: number | undefined
  readonly lastStatus?: number | undefined
  readonly lastFailure?: DeliveryFailure | undefined
  /** Of those that are pending. */
  readonly nextTryAt?: number | undefined
  readonly endedAt?: number | undefined
  /** A person asked for one more try: where it fails nothing follows. */
  readonly isLastTry?: boolean | undefined
  /** Names of what it tells, where that is several parts of one write. */
  readonly parts?: readonly string[] | undefined
}

export type NewDelivery = { readonly delivery: Delivery; readonly payload: Payload }

/** The body that is sent. `afterwards`: what is kept of it once it has ended, where that is less. */
export type Payload = { readonly body: string; readonly afterwards?: string | undefined }

export type StoredDelivery = { readonly delivery: Delivery; readonly payload: Payload; readonly version: number }

/** `next`: where to go on; `undefined` at the end. */
export type DeliveryPage = { readonly items: readonly StoredDelivery[]; readonly next: string | undefined }

export type DeliveryQuery = {
  readonly limit: number
  /** `next` of the page before. */
  readonly from?: string | undefined
  readonly state?: DeliveryState | undefined
}

/** Makes one try; resolves with what the delivery is afterwards. Where it throws the try counts for nothing. */
export type DeliveryHandler = (delivery: Delivery, body: string) => Promise<Delivery>

export type DeliveryWorkOptions = {
  readonly concurrency: number
  readonly leaseMs: number
  /** Told of a store that cannot be reached, or of a defect; holds no secret. */
  readonly onError: (error: Error) => void
}

export type EventWorker = {
  /** No new try; resolves when the running ones have ended. */
  close(): Promise<void>
}

const dayMs = 86_400_000

/** How long a delivery is kept after its end. */
export const deliveryKeptMs = 7 * dayMs
/** How many deliveries of a client are kept. */
export const mostDeliveries = 10_000

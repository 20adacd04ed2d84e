import type { EventStore, OutboxEvent, WaitingEvent } from '../event-store-port.ts'
import { StoreUnavailable } from '../store-port.ts'
import type { Endpoints, EventEndpoint, EventLog, EventObserver } from './endpoints.ts'
import { bodyOf } from './event-body.ts'
import { keepDeliveries, type WritePayload } from './keep-deliveries.ts'
import { inOrder, tellParts } from './tell-parts.ts'

type Data = Readonly<Record<string, unknown>>

export type RelayOptions = {
  readonly store: Pick<EventStore, 'waiting' | 'carried' | 'add' | 'get' | 'turnedOff'>
  readonly endpoints: Endpoints
  /** What is told of an event about an import or an erasure; `undefined`: what it is of is gone, or another told it. */
  readonly describe: (event: OutboxEvent) => Promise<Data | undefined>
  readonly log: EventLog
  readonly observer: EventObserver
  readonly now: () => number
  readonly everyMs?: number
}

export type Relay = {
  /** Something was left just now; `cause`: all parts of it. Nobody waits for it. */
  nudge(cause?: string): void
  close(): Promise<void>
}

/** How often is looked for what was left by others, who may have died. */
const lookEveryMs = 5_000
/** Parts of a write that may still go on are left to who makes it for so long. */
const partsAfterMs = 2_000
const mostRounds = 1_000

/** Carries events from where their causes have left them to the queues of the endpoints that want them. */
export function startRelay({ everyMs = lookEveryMs, ...options }: RelayOptions): Relay {
  const { log } = options
  const own = new Set<string>()
  let isClosing = false
  let isAway = false
  let isAsked = false
  let running: Promise<void> | undefined
  const run = async () => {
    try {
      for (let round = 0; round < mostRounds && (await carryOnce(options, own)); round++);
      isAway = false
    } catch (error) {
      // That the store is away is told by whoever asks it all the time; what waits is carried when it is back.
      if (!(error instanceof StoreUnavailable)) log.error({ event: 'webhook', err: error }, cannotCarry)
      else if (!isAway) log.warn({ event: 'webhook' }, storeAway)
      isAway = error instanceof StoreUnavailable
    }
  }
  const look = () => {
    if (isClosing) return
    if (running !== undefined) {
      isAsked = true
      return
    }
    running = run().finally(() => {
      running = undefined
      if (!isAsked) return
      isAsked = false
      look()
    })
  }
  const timer = setInterval(look, everyMs).unref()
  setImmediate(look)
  return {
    nudge(cause) {
      if (cause !== undefined) own.add(cause)
      look()
    },
    async close() {
      clearInterval(timer)
      // What was left a moment ago is not left to others.
      while (running !== undefined) await running
      isClosing = true
    },
  }
}

const cannotCarry = 'Events could not be carried to their queues; they wait, and are tried again.'
const storeAway = 'The store cannot be used: events wait in it, and are carried when it is back.'

/** One look; true: something was carried, and there may be more. `own`: causes whose parts are all there. */
async function carryOnce(options: RelayOptions, own: Set<string>): Promise<boolean> {
  const { store, now } = options
  const complete = new Set(own)
  const waiting = await store.waiting()
  const ready = waiting.filter(
    ({ event }) => !isPart(event) || complete.has(event.cause) || event.at <= now() - partsAfterMs,
  )
  const groups = Map.groupBy(ready, (one) => (isPart(one.event) ? one.event.cause : one))
  for (const parts of groups.values()) await carry(options, parts)
  for (const cause of complete) own.delete(cause)
  return ready.length > 0
}

function isPart({ type }: OutboxEvent): boolean {
  return type === 'suppressions.changed'
}

async function carry(options: RelayOptions, parts: readonly WaitingEvent[]): Promise<void> {
  const [{ event } = { event: undefined }] = parts
  if (event === undefined) return
  const wanting = [...options.endpoints.values()].filter((endpoint) => isWantedBy(endpoint, event))
  if (isPart(event)) {
    const ordered = inOrder(parts)
    if (wanting.length > 0) await tellParts(options, wanting, ordered)
    return options.store.carried(ordered.toReversed())
  }
  const write = wanting.length > 0 ? await writerOf(options, parts) : undefined
  if (write !== undefined) await keepDeliveries(options, wanting, event, write)
  await options.store.carried(parts)
}

function isWantedBy(
  { events, client, mayUseAccount }: EventEndpoint,
  { type, client: of, data }: OutboxEvent,
): boolean {
  if (!events.has(type) || (of !== undefined && of !== client)) return false
  const { account } = data as { readonly account?: unknown }
  return !type.startsWith('account.') || mayUseAccount(String(account))
}

async function writerOf(
  options: Pick<RelayOptions, 'store' | 'describe' | 'log'>,
  [waiting]: readonly WaitingEvent[],
): Promise<WritePayload | undefined> {
  if (waiting === undefined) return undefined
  const { type, at, request, data: given } = waiting.event
  const data = type.startsWith('account.') ? (given as Data) : await describedOr(options, waiting)
  if (data === undefined) return undefined
  const body = bodyOf({ type, at, request, data })
  return () => ({ body })
}

/** `undefined`: there is nothing that could be told, which the log says. */
async function describedOr(
  { store, describe, log }: Pick<RelayOptions, 'store' | 'describe' | 'log'>,
  { event, place, entry }: WaitingEvent,
): Promise<Data | undefined> {
  const { type, client } = event
  try {
    const data = await describe(event)
    // Another may have told it meanwhile, and with that what was kept for it is gone.
    const isLost = async () => (await store.waiting()).some((one) => one.place === place && one.entry === entry)
    if (data === undefined && (await isLost()))
      log.warn({ event: 'webhook', type, client }, 'An event is of something that is gone: nobody is told.')
    return data
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error
    log.error({ event: 'webhook', type, client, err: error }, 'An event cannot be told: what it is of cannot be read.')
    return undefined
  }
}

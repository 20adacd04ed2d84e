/** Events whose cause is in no store, and what processes agree on about accounts: in one slot of a cluster. */
export const ownOutboxKey = 'cgw:{events}:outbox'
export const reachKey = 'cgw:{events}:reach'

/** In the slot of the erasures. */
export const erasureOutboxKey = 'cgw:{erasures}:outbox'

/** In the slot of this part of the suppression list. */
export function listOutboxKey(part: string): string {
  return `cgw:{suppressed ${part}}:outbox`
}

/** The keys of a client's deliveries, as `lua/delivery-add.lua` describes them. */
export function deliveryKeys(client: string): readonly [string, string, string, string, string] {
  const of = (name: string) => `cgw:{webhooks ${client}}:${name}`
  return [of('records'), of('payloads'), of('order'), of('waiting'), of('ends')]
}

/** Clients that have had deliveries: a set. */
export const clientsKey = 'cgw:webhooks:clients'
/** When each endpoint was last said to be configured, and whose it is: a hash. */
export const configuredKey = 'cgw:webhooks:configured'
/** The entries with which endpoints were turned off: a hash. */
export const turnedOffKey = 'cgw:webhooks:off'

/** What BullMQ puts before the names of the keys of an endpoint's queue. */
export function deliveryQueuePrefix(endpoint: string): string {
  return `cgw:{webhooks-to ${endpoint}}`
}

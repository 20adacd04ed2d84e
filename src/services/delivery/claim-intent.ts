import { isPassedOver } from './not-for-target.ts'
import type { Delivery, DeliveryPlan } from './plan-delivery.ts'

/**
 * How the sending of calls that can be neither repeated nor asked about is noted: with at most one of them the claim on
 * the key is the note, with more each is marked before it goes.
 */
export type NotedBy = 'claim' | 'marks'

/** Which contacts of a batch each account was for when it was first tried: by account, a bit for each contact. */
export type Routing = ReadonlyMap<string, Uint8Array>

/**
 * What a claim on a key says of a batch: how its sending is noted and, where its list has targets that are not for all,
 * whom each account is for: `marks <account>=<bits in base64url> …`.
 */
export function intentOf(notedBy: NotedBy, deliveries: readonly Delivery[]): string {
  if (deliveries.every(({ at }) => at.when === undefined)) return notedBy
  const routed = deliveries.map(({ at, plan }) => `${at.account.id}=${Buffer.from(bitsOf(plan)).toString('base64url')}`)
  return [notedBy, ...routed].join(' ')
}

/** Contacts that are rejected have their bit too: it is asked for after their values were found valid. */
function bitsOf({ outcomes }: DeliveryPlan): Uint8Array {
  const bits = new Uint8Array(Math.ceil(outcomes.length / 8))
  outcomes.forEach((outcome, index) => {
    if (outcome !== undefined && isPassedOver(outcome)) return
    bits[index >> 3] = (bits[index >> 3] as number) | (1 << (index & 7))
  })
  return bits
}

export function readIntent(intent: string): { readonly notedBy: NotedBy; readonly routing: Routing | undefined } {
  const [notedBy, ...routed] = intent.split(' ')
  const routing = routed.map((text) => {
    const [account = '', bits = ''] = text.split('=')
    return [account, Buffer.from(bits, 'base64url')] as const
  })
  return { notedBy: notedBy as NotedBy, routing: routing.length === 0 ? undefined : new Map(routing) }
}

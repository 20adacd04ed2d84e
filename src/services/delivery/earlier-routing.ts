import { isPassedOver } from './not-for-target.ts'
import type { Delivery, DeliveryPlan } from './plan-delivery.ts'
import type { Earlier, NotedBy } from './resume.ts'

/** Which contacts of a batch each account was for when it was first tried: by account, a bit for each contact. */
export type Routing = ReadonlyMap<string, Uint8Array>

/**
 * What a claim on a key says of a batch: how its sending is noted and, where its list has targets that are not for all,
 * whom each account is for: `marks oblic-main=<base64url> octopush-fr=<base64url>`, 125 bytes for 1,000 contacts.
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

/**
 * Whether an account was for a contact when the request was first tried. An answer tells it by its outcomes, else the claim
 * does; an account that neither names is new since then. Where nothing was kept the list had no conditions.
 */
export function wasForIt({ outcomes, routing }: Earlier, account: string, index: number): boolean {
  if (outcomes !== undefined) {
    const known = outcomes[index]?.find((outcome) => outcome.account === account)
    return known !== undefined && !isPassedOver(known)
  }
  if (routing === undefined) return true
  return (((routing.get(account)?.[index >> 3] ?? 0) >> (index & 7)) & 1) === 1
}

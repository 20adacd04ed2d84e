import type { CallContext } from '../domain/call-context.ts'
import type { ConflictPolicy, ContactDraft } from '../domain/contact.ts'
import type { Outcome, OutcomeSummary, Warning } from '../domain/outcome.ts'
import { readContact } from '../domain/read-contact.ts'
import type { ProviderRequest } from '../providers/port.ts'
import type { ContactList } from './catalog.ts'
import { type Delivery, deliver, previewRequests } from './deliver.ts'
import type { ListKeeper } from './keep-lists.ts'
import { summarize } from './outcomes.ts'
import { type DeliveryPlan, planDelivery } from './plan-delivery.ts'

export type AddContacts = {
  readonly list: ContactList
  readonly contacts: readonly ContactDraft[]
  readonly onConflict: ConflictPolicy
  /** ISO 3166 alpha-2, for numbers without a country code. */
  readonly defaultCountry?: string
  /** Check and preview only: no provider is called. */
  readonly validateOnly: boolean
  /** Accept no loss: any warning but `value_normalized` ends the request before anything is sent. */
  readonly strict: boolean
}

/** Outcomes by contact, in the order of the input; within a contact in the order of the list's targets. */
export type AddedContacts = {
  readonly summary: OutcomeSummary
  readonly results: readonly { readonly ref: string | undefined; readonly outcomes: readonly Outcome[] }[]
  /** With `validateOnly`: what would be sent to each target, without credentials. */
  readonly preview?: readonly { readonly account: string; readonly requests: readonly ProviderRequest[] }[]
}

/** The losses that `strict` does not accept, each with the index of its contact. */
export type LossNotAccepted = { readonly losses: readonly (Warning & { readonly index: number })[] }

/**
 * Adds contacts to a list at all its accounts at the same time. An account that hangs or fails does not touch the
 * others' outcomes; the result is whole when the last account has ended, at the deadline at the latest.
 */
export async function addContacts(
  request: AddContacts,
  lists: ListKeeper,
  context: CallContext,
): Promise<AddedContacts | LossNotAccepted> {
  const contacts = request.contacts.map((draft) => readContact(draft, request.defaultCountry))
  const deliveries = request.list.targets.map((at): Delivery => {
    const plan = planDelivery(at, contacts, request.onConflict)
    return { at, contacts, onConflict: request.onConflict, plan }
  })
  const losses = request.strict ? deliveries.flatMap(({ plan }) => lossesOf(plan)) : []
  if (losses.length > 0) return { losses }

  const perAccount = await Promise.all(
    deliveries.map((delivery) => (request.validateOnly ? withheld(delivery) : deliver(delivery, lists, context))),
  )
  return {
    summary: summarize(perAccount),
    results: request.contacts.map(({ ref }, index) => ({
      ref,
      outcomes: perAccount.map((outcomes) => outcomes[index] as Outcome),
    })),
    ...(request.validateOnly && {
      preview: deliveries.map((delivery) => ({ account: delivery.at.account.id, requests: previewRequests(delivery) })),
    }),
  }
}

function lossesOf({ outcomes, warnings }: DeliveryPlan): (Warning & { index: number })[] {
  return warnings.flatMap((ofContact, index) => {
    const all = outcomes[index]?.warnings ?? ofContact
    return all.filter(({ code }) => code !== 'value_normalized').map((warning) => ({ ...warning, index }))
  })
}

const notSent: Warning = {
  code: 'validate_only',
  pointer: '',
  detail: 'It is acceptable here; with validateOnly nothing was sent.',
}

function withheld({ at, plan }: Delivery): readonly Outcome[] {
  return plan.outcomes.map((outcome, index) => {
    const warnings = [...(plan.warnings[index] ?? []), notSent]
    return outcome ?? { account: at.account.id, provider: at.account.adapter.id, status: 'skipped', warnings }
  })
}

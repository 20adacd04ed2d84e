import type { CallContext } from '../../domain/call-context.ts'
import type { Contact } from '../../domain/contact.ts'
import { certainlyNotApplied, type Failure, type Result } from '../../domain/failure.ts'
import type { OutcomeError, Warning } from '../../domain/outcome.ts'
import type { ItemResult } from '../../providers/adapter-port.ts'
import { StoreUnavailable } from '../store-port.ts'
import type { Barred } from '../suppressions/look-up.ts'
import type { SuppressionWatch } from '../suppressions/watch-suppressions.ts'
import { stoppedAt, without } from './leave-out.ts'
import type { Delivery } from './plan-delivery.ts'

/**
 * Keeps a delivery from sending people who were suppressed since it was planned, whatever its calls had to wait for: each
 * attempt asks when it is about to go out, and looks them up again where that was more than a second ago. A call that must
 * not go is made anew without those people, or without their fields.
 */
export type DeliveryGuard = {
  /** What may go of a contact of the plan, as far as is known now; `undefined`: nothing. */
  allowed(contact: Contact): Contact | undefined
  /** What a call with these brings along, as `allowed` gave them for the contacts `of` the plan. */
  around(of: readonly Contact[], sent: readonly (Contact | undefined)[]): GuardedContext
  /** What has become of a contact of the plan. */
  settle(contact: Contact, result: Result<ItemResult>): Result<ItemResult>
  /** A call with these contacts may have been applied, and ended without telling. */
  mayBeThere(contacts: readonly Contact[]): void
}

/** What has come to be known of a contact after the plan was made. */
type Late = { readonly contact: Contact | undefined; readonly warnings: readonly Warning[] }

export function guardDelivery({ at, contacts, plan, watch }: Delivery, context: CallContext): DeliveryGuard {
  let known: Barred | undefined
  // Nearly all deliveries do without these.
  let late: Map<Contact, Late> | undefined
  let inDoubt: Set<Contact> | undefined
  let places: ReadonlyMap<Contact, number> | undefined

  /** What is stopped stays stopped in this delivery. */
  const look = (contact: Contact, barred: Barred): void => {
    places ??= new Map(plan.contacts.map((read, index) => [read.contact, index]))
    const index = places.get(contact)
    const before = late?.get(contact)
    if (index === undefined || (before !== undefined && before.contact === undefined)) return
    const asked = (contacts[index] as Delivery['contacts'][number]).contact
    const stopped = stoppedAt(at, asked, (field) => barred.on(index, field))
    if (stopped === undefined) return
    const now = before?.contact ?? contact
    late ??= new Map()
    if (stopped.whole) late.set(contact, { contact: undefined, warnings: stopped.warnings })
    else if (stopped.fields.some((field) => now[field] !== undefined)) {
      const told = stopped.warnings.filter((_, place) => contact[stopped.fields[place] as 'email'] !== undefined)
      late.set(contact, { contact: without(now, stopped.fields), warnings: told })
    }
  }
  const lookAtAll = (): void => {
    const { barred } = watch
    if (barred === known) return
    known = barred
    if (!barred.none) for (const { contact } of plan.contacts) look(contact, barred)
  }
  const allowed = (contact: Contact): Contact | undefined => {
    lookAtAll()
    const found = late?.get(contact)
    return found === undefined ? contact : found.contact
  }

  return {
    allowed,
    around(of, sent) {
      return new GuardedContext(context, watch, () => of.every((contact, place) => allowed(contact) === sent[place]))
    },
    settle(contact, result) {
      lookAtAll()
      const found = late?.get(contact)
      if (found === undefined) return result
      const { warnings } = found
      if ('ok' in result && result.ok !== withheld) {
        // It had gone before it was known, or went without a field.
        const told = found.contact === undefined ? [] : warnings
        return { ok: { ...result.ok, warnings: [...told, ...(result.ok.warnings ?? [])] } }
      }
      if (found.contact !== undefined) return result
      const isOpen = inDoubt?.has(contact) === true || ('failure' in result && !certainlyNotApplied(result.failure))
      return { ok: isOpen ? sentBefore(warnings) : { status: 'skipped', warnings } }
    },
    mayBeThere(some) {
      inDoubt ??= new Set()
      for (const contact of some) inDoubt.add(contact)
    },
  }
}

/** Stands for a contact that was taken out of a call. */
export const withheld: ItemResult = Object.freeze({ status: 'skipped' })

/** Nobody can be asked whether it was applied, and it must not be sent again. */
export function sentBefore(warnings: readonly Warning[]): ItemResult {
  return { status: 'unknown', warnings, error: sentAndSuppressed }
}

export const sentAndSuppressed: OutcomeError = Object.freeze({
  code: 'provider_timeout',
  detail:
    'It may have been sent before the person was suppressed, and is not sent again. Look there, and take the contact out if it must not be there.',
  retriable: false,
})

/**
 * A context whose calls ask `isAllowed` before each attempt goes out, after the people of `watch` were looked up again
 * where that is due. The deadline of an import moves on.
 */
export class GuardedContext implements CallContext {
  readonly #around: CallContext
  readonly #watch: SuppressionWatch
  readonly #isAllowed: () => boolean
  readonly log: CallContext['log']
  readonly priority: NonNullable<CallContext['priority']>
  readonly trace: CallContext['trace']
  readonly calls: CallContext['calls']
  /** The latest attempt was stopped: the call is to be made anew with what is allowed now. */
  isStopped = false

  constructor(around: CallContext, watch: SuppressionWatch, isAllowed: () => boolean) {
    this.#around = around
    this.#watch = watch
    this.#isAllowed = isAllowed
    this.log = around.log
    this.priority = around.priority ?? 'interactive'
    this.trace = around.trace
    this.calls = around.calls
  }

  get deadlineAt(): number {
    return this.#around.deadlineAt
  }

  giveWay(): Promise<void> | undefined {
    return this.#around.giveWay?.()
  }

  mayGo(): Failure | undefined | Promise<Failure | undefined> {
    const looking = this.#watch.refresh()
    return looking === undefined ? this.#verdict() : looking.then(() => this.#verdict(), unasked)
  }

  #verdict(): Failure | undefined {
    this.isStopped = !this.#isAllowed()
    return this.isStopped ? { kind: 'suppressed' } : undefined
  }
}

function unasked(error: unknown): Failure {
  if (error instanceof StoreUnavailable) return { kind: 'unasked' }
  throw error
}

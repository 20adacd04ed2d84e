import type { Contact } from '../../domain/contact.ts'
import type { Warning } from '../../domain/outcome.ts'
import type { ParsedContact } from '../../domain/parse-contact.ts'
import {
  type ChannelName,
  type ChannelSet,
  channelBits,
  channelsOfKind,
  everyChannel,
  holdsOn,
  type SuppressionChannel,
} from '../../domain/suppression.ts'
import { requires, standsInForPhone, takesField } from '../../providers/fields.ts'
import type { Destination } from '../catalog/catalog.ts'
import { type AddressField, addressFields } from '../suppressions/look-up.ts'

type Place = Pick<Destination, 'account' | 'fields'>

/** What a contact must not bring to an account, since somebody does not want to be reached there. */
export type Stopped = {
  /** Nothing of the contact may go there; the warning says so. */
  readonly whole: boolean
  /** What may not go there; all else may. */
  readonly fields: readonly AddressField[]
  readonly warnings: readonly Warning[]
}

/**
 * What suppressions stop of a contact at an account; `undefined`: nothing. `on`: the channels that the address in a field
 * is suppressed on. A person who is suppressed is not sent at all, whatever fields the account takes; of others, the
 * fields are left out that serve a suppressed channel there. What the account knows people by, and what it requires,
 * cannot be left out.
 */
export function stoppedAt(at: Place, contact: Contact, on: (field: AddressField) => ChannelSet): Stopped | undefined {
  const left: { readonly field: AddressField; readonly channel: ChannelName }[] = []
  for (const field of addressFields) {
    const channels = contact[field] === undefined ? 0 : on(field)
    if (channels === 0) continue
    if ((channels & channelBits[everyChannel]) !== 0) return wholly(field, everyChannel)
    const channel = takesField(at.fields, field, contact)
      ? servedBy(at, field, contact).find((served) => holdsOn(channels, served))
      : undefined
    if (channel !== undefined) left.push({ field, channel })
  }
  if (left.length === 0) return undefined
  const essential =
    left.find(({ field }) => isEssential(at, field)) ?? (isAllOf(at, contact, left) ? left[0] : undefined)
  if (essential !== undefined) return wholly(essential.field, essential.channel)
  return {
    whole: false,
    fields: left.map(({ field }) => field),
    warnings: left.map(({ field, channel }) => leftOut(field, channel)),
  }
}

/** A contact as it was read, without some fields and what was said of their values. */
export function readWithout(read: ParsedContact, { fields, warnings }: Stopped): ParsedContact {
  const isLeft = ({ pointer }: Warning) => fields.some((field) => pointer === `/${field}`)
  return {
    contact: without(read.contact, fields),
    warnings: [...read.warnings.filter((warning) => !isLeft(warning)), ...warnings],
    error: read.error,
  }
}

export function without(contact: Contact, fields: readonly AddressField[]): Contact {
  return { ...contact, ...Object.fromEntries(fields.map((field) => [field, undefined])) }
}

/** What the provider uses the field for. A WhatsApp number that stands in for the phone is used as that. */
function servedBy({ account, fields }: Place, field: AddressField, contact: Contact): readonly SuppressionChannel[] {
  const as = field === 'whatsapp' && standsInForPhone(fields) && contact.phone === undefined ? 'phone' : field
  // What nothing is known of may be used for all that there is.
  return account.adapter.channels?.[as] ?? channelsOfKind[as === 'email' ? 'email' : 'phone']
}

/** Required there; or a number in whose place another one would go. */
function isEssential({ fields }: Place, field: AddressField): boolean {
  if (field === 'email') return requires(fields, 'email')
  return field === 'phone' ? requires(fields, 'phone') || standsInForPhone(fields) : standsInForPhone(fields)
}

function isAllOf({ fields }: Place, contact: Contact, left: readonly { readonly field: AddressField }[]): boolean {
  return addressFields.every(
    (field) =>
      contact[field] === undefined || !takesField(fields, field, contact) || left.some((one) => one.field === field),
  )
}

function wholly(field: AddressField, channel: ChannelName): Stopped {
  return { whole: true, fields: [], warnings: [suppressed(field, channel)] }
}

/** Each warning is made once; it says the channel, and nothing of why, since when or by whom. */
const made = new Map<string, Warning>()

function once(
  code: 'suppressed' | 'field_suppressed',
  field: AddressField,
  channel: ChannelName,
  end: string,
): Warning {
  const name = `${code} ${field} ${channel}`
  const on = channel === everyChannel ? 'every channel' : channelTitles[channel]
  const detail = `The address is suppressed for ${on}: ${end}`
  const warning = made.get(name) ?? Object.freeze({ code, pointer: `/${field}`, detail })
  made.set(name, warning)
  return warning
}

const channelTitles: Readonly<Record<SuppressionChannel, string>> = {
  email: 'e-mail',
  sms: 'SMS',
  whatsapp: 'WhatsApp',
}

function suppressed(field: AddressField, channel: ChannelName): Warning {
  return once('suppressed', field, channel, 'nothing of the contact was sent to this account.')
}

function leftOut(field: AddressField, channel: ChannelName): Warning {
  return once('field_suppressed', field, channel, 'it was not sent to this account.')
}

import { holdsAddress } from '../../domain/holds-address.ts'
import {
  type AddressRefusal,
  readSuppressedEmail,
  readSuppressedPhone,
  type SuppressedAddress,
} from '../../domain/suppressed-address.ts'
import {
  type ChannelName,
  channelSet,
  channelsOfKind,
  everyChannel,
  type Suppression,
  type SuppressionKind,
  type SuppressionReason,
} from '../../domain/suppression.ts'
import { tidyText } from '../../domain/tidy-text.ts'

/** An address as a caller writes it. */
export type AddressDraft = { readonly phone?: string; readonly email?: string }

/** What is said of somebody, as a caller writes it: of the right shape, its values not yet looked at. */
export type SuppressionDraft = AddressDraft & {
  readonly channels?: readonly ChannelName[]
  readonly reason: Exclude<SuppressionReason, 'erasure'>
  readonly source?: string
  readonly note?: string
  /** RFC 3339. */
  readonly saidAt?: string
}

/** Why one entry is not taken. `pointer`: the member that is to blame, or empty. */
export type SuppressionRefusal = {
  readonly code: SuppressionRefusalCode
  readonly pointer: string
  readonly detail: string
}
export type SuppressionRefusalCode =
  | AddressRefusal['code']
  | 'one_address_required'
  | 'channel_impossible'
  | 'holds_address'
  | 'time_invalid'

export type ReadSuppression = { readonly compared: string; readonly entry: Suppression }

/** Where something was said, when nobody says where. */
const ownSource = 'api'
/** How far the clock of who says it may be ahead. */
const clockSkewMs = 5 * 60_000

export type SaidBy = { readonly client: string; readonly defaultCountry: string | undefined; readonly now: number }

/** Checks what is said of one address; what is wrong with it keeps that entry alone from being taken. */
export function readSuppression(
  { phone, email, channels, reason, source = ownSource, note, saidAt }: SuppressionDraft,
  { client, defaultCountry, now }: SaidBy,
): ReadSuppression | SuppressionRefusal {
  const address = readAddress(
    { ...(phone !== undefined && { phone }), ...(email !== undefined && { email }) },
    defaultCountry,
  )
  if ('code' in address) return address
  const { kind, compared, hint } = address
  const impossible = channels?.findIndex((name) => !isPossible(kind, name)) ?? -1
  if (impossible >= 0) return notAChannelOf(kind, impossible)
  const texts = { source: tidyText(source) || ownSource, note: note === undefined ? '' : tidyText(note) }
  for (const name of ['source', 'note'] as const)
    if (holdsAddress(texts[name])) return { code: 'holds_address', pointer: `/${name}`, detail: withAddress }
  const at = saidAt === undefined ? now : Date.parse(saidAt)
  if (!(at >= 0 && at <= now + clockSkewMs)) return { code: 'time_invalid', pointer: '/saidAt', detail: notPast }
  const entry: Suppression = {
    kind,
    hint,
    channels: channelSet(channels ?? (reason === 'bounce' ? channelsOfKind[kind] : [everyChannel])),
    reason,
    source: texts.source,
    note: texts.note || undefined,
    saidAt: at,
    createdBy: client,
  }
  return { compared, entry }
}

/** Reads the one address of a draft. */
export function readAddress(
  { phone, email }: AddressDraft,
  defaultCountry?: string,
): SuppressedAddress | SuppressionRefusal {
  if (phone !== undefined && email === undefined) return inMember(readSuppressedPhone(phone, defaultCountry), '/phone')
  if (email !== undefined && phone === undefined) return inMember(readSuppressedEmail(email), '/email')
  return { code: 'one_address_required', pointer: '', detail: oneAddress }
}

function inMember(read: SuppressedAddress | AddressRefusal, pointer: string): SuppressedAddress | SuppressionRefusal {
  return 'code' in read ? { ...read, pointer } : read
}

function isPossible(kind: SuppressionKind, name: ChannelName): boolean {
  return name === everyChannel || channelsOfKind[kind].includes(name)
}

function notAChannelOf(kind: SuppressionKind, index: number): SuppressionRefusal {
  const possible = [everyChannel, ...channelsOfKind[kind]].join(', ')
  const what = kind === 'phone' ? 'A phone number' : 'An e-mail address'
  const detail = `${what} has no such channel. It has ${possible}.`
  return { code: 'channel_impossible', pointer: `/channels/${index}`, detail }
}

const oneAddress = 'An entry is of one address: give phone or email. Make two entries of somebody who has both.'
const withAddress =
  'This text seems to hold an e-mail address or a phone number, and the list keeps no address. Say it without; a number of 8 digits or more reads as a phone number.'
const notPast = 'This is no time between 1970 and now. Give when the person said it, with its zone, or leave it out.'

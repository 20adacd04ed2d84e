/** What somebody does not want, or must not get: at every provider, for every list, until it is taken back. */
export type Suppression = {
  readonly kind: SuppressionKind
  /** What is shown of the address, which is not kept: `+33••••78`, `j••••@e••••.com`. */
  readonly hint: string
  readonly channels: ChannelSet
  readonly reason: SuppressionReason
  /** Where it was said, in the words of who says so; at most 128 characters, without an address. */
  readonly source: string
  /** At most 256 characters, without an address. */
  readonly note: string | undefined
  /** When the person said it, in milliseconds since 1970. */
  readonly saidAt: number
  /** The client that passed it on. */
  readonly createdBy: string
}

export const suppressionKinds = ['phone', 'email'] as const
export type SuppressionKind = (typeof suppressionKinds)[number]

/** From the weakest to the strongest. */
export const suppressionReasons = ['manual', 'bounce', 'opt_out', 'complaint', 'erasure'] as const
export type SuppressionReason = (typeof suppressionReasons)[number]

export const suppressionChannels = ['email', 'sms', 'whatsapp'] as const
export type SuppressionChannel = (typeof suppressionChannels)[number]
/** The person: no account gets a contact with this address in any field. More than all channels together. */
export const everyChannel = '*'
export type ChannelName = SuppressionChannel | typeof everyChannel

/** Channels as bits, as they are kept and asked for; 0: none. */
export type ChannelSet = number

export const channelBits: Readonly<Record<ChannelName, ChannelSet>> = { email: 1, sms: 2, whatsapp: 4, '*': 8 }
const names = Object.keys(channelBits) as readonly ChannelName[]

/** Where an address of a kind can be reached. */
export const channelsOfKind: Readonly<Record<SuppressionKind, readonly SuppressionChannel[]>> = {
  phone: ['sms', 'whatsapp'],
  email: ['email'],
}

export function channelSet(channels: readonly ChannelName[]): ChannelSet {
  return channels.reduce((set, name) => set | channelBits[name], 0)
}

/** `*` alone where it is among them: beside it others say nothing. */
export function channelNames(set: ChannelSet): readonly ChannelName[] {
  if ((set & channelBits[everyChannel]) !== 0) return [everyChannel]
  return names.filter((name) => (set & channelBits[name]) !== 0)
}

/** Whether a set of channels keeps somebody from being reached on this one. */
export function holdsOn(set: ChannelSet, channel: ChannelName): boolean {
  return (set & (channelBits[channel] | channelBits[everyChannel])) !== 0
}

/**
 * What holds when an address is suppressed once more: its channels are united and never narrowed, and the stronger reason
 * counts, with its own source, note, time and client. `undefined`: it is as it was.
 */
export function unite(before: Suppression, said: Suppression): Suppression | undefined {
  const channels = widened(before.channels | said.channels)
  const isStronger = strengthOf(said.reason) > strengthOf(before.reason)
  if (isStronger) return { ...said, channels, hint: before.hint }
  return channels === before.channels ? undefined : { ...before, channels }
}

/** `*` is more than the channels beside it, which would only make the same set look different. */
function widened(set: ChannelSet): ChannelSet {
  return (set & channelBits[everyChannel]) === 0 ? set : channelBits[everyChannel]
}

function strengthOf(reason: SuppressionReason): number {
  return suppressionReasons.indexOf(reason)
}

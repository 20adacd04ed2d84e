/** What else an adapter may say of its provider, as data: what is known of opt-outs and erasures. */

/** What a person may be known by. */
export type AddressField = 'email' | 'phone' | 'whatsapp'

/** How people are written to. */
export type MessagingChannel = 'email' | 'sms' | 'whatsapp'

/**
 * On which channels the provider uses each field that it takes; an empty list where it only keeps it. What is not
 * documented counts as used, so that nobody is written to who does not wish it.
 */
export type FieldChannels = { readonly [Field in AddressField]?: readonly MessagingChannel[] }

/** A person's wish, as the provider tells it: this address is not to be written to on this channel any more. */
export type OptOut = {
  readonly phone?: string
  readonly email?: string
  readonly channel: MessagingChannel
  /** When it was said, RFC 3339, UTC, where the provider names a moment. */
  readonly at?: string
}

/** Words for a person who has to do in the provider's own console what no calls do. */
export type ByHand = {
  /** Deleting somebody of whom this address is known and nothing else. */
  readonly deletion?: { readonly [Field in AddressField]?: string }
}

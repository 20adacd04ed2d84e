import { Type } from 'typebox'
import { contactLimits } from '../../domain/contact-limits.ts'
import {
  type ChannelName,
  suppressionChannels,
  suppressionKinds,
  suppressionReasons,
} from '../../domain/suppression.ts'
import type { SuppressionRefusalCode } from '../../services/suppressions/read-suppression.ts'
import { defaultCountrySchema } from '../contacts/contact-schema.ts'
import { oneOf } from '../openapi/one-of.ts'

const channelWords: readonly ChannelName[] = ['*', ...suppressionChannels]

export const channelSchema = oneOf(
  channelWords,
  'A way to reach somebody; `*`: the person, who is not to be contacted at all.',
  'SuppressionChannel',
  ['all', ...suppressionChannels],
)
export const reasonSchema = oneOf(suppressionReasons, 'Why; from the weakest to the strongest.', 'SuppressionReason')

const sayableReasons = suppressionReasons.filter((reason) => reason !== 'erasure')
const mostSuppressions = 1_000
export const suppressionLimits = { source: 128, note: 256, takeBackReason: 256 } as const

const addressMembers = {
  phone: Type.Optional(
    Type.String({
      maxLength: contactLimits.phone,
      description: 'A phone or WhatsApp number: + and 7 to 15 digits, in use or not; all its forms are meant.',
      examples: ['+33612345678'],
    }),
  ),
  email: Type.Optional(
    Type.String({
      maxLength: contactLimits.email,
      description: 'An e-mail address; dots and +tags count, upper and lower case do not.',
      examples: ['jane@example.com'],
    }),
  ),
}

const SuppressionDraftSchema = Type.Object(
  {
    ...addressMembers,
    channels: Type.Optional(
      Type.Array(channelSchema, {
        minItems: 1,
        maxItems: 4,
        description: 'Where it holds; `["*"]` when it is left out, or for a bounce the channels of the address.',
      }),
    ),
    reason: oneOf(sayableReasons, 'Why. An erasure makes its own entries.', 'SayableReason'),
    source: Type.Optional(
      Type.String({
        maxLength: suppressionLimits.source,
        description: 'Where it was said, without an address; `api` when it is left out.',
      }),
    ),
    note: Type.Optional(
      Type.String({ maxLength: suppressionLimits.note, description: 'What else is to be known, without an address.' }),
    ),
    saidAt: Type.Optional(
      Type.String({ format: 'date-time', description: 'When the person said it; now when it is left out.' }),
    ),
  },
  {
    title: 'SuppressionDraft',
    additionalProperties: false,
    description: 'What is said of one address: phone or email.',
  },
)

export const NewSuppressionsSchema = Type.Object(
  {
    suppressions: Type.Array(SuppressionDraftSchema, {
      minItems: 1,
      maxItems: mostSuppressions,
      description: 'The entries, in the order of the results.',
    }),
    defaultCountry: Type.Optional(defaultCountrySchema),
  },
  { title: 'NewSuppressions', additionalProperties: false, description: 'Entries for the suppression list.' },
)

export const SoughtAddressSchema = Type.Object(addressMembers, {
  title: 'SoughtAddress',
  additionalProperties: false,
  description: 'One address: phone or email.',
})

const time = (description: string) => Type.String({ format: 'date-time', description: `${description} RFC 3339, UTC.` })

export const SuppressionSchema = Type.Object(
  {
    id: Type.String({ description: 'Name of the entry in paths; nobody can tell the address from it.' }),
    kind: oneOf(suppressionKinds, 'What the address is.', 'SuppressionKind'),
    hint: Type.String({ description: 'What is shown of the address, which is not kept.' }),
    channels: Type.Immutable(Type.Array(channelSchema, { description: 'Where it holds.' })),
    reason: reasonSchema,
    source: Type.String({ description: 'Where it was said.' }),
    note: Type.Optional(Type.String({ description: 'What else is to be known.' })),
    saidAt: time('When the person said it.'),
    createdAt: time('When it came onto the list.'),
    updatedAt: time('When it was last written.'),
    createdBy: Type.String({ description: 'The client that passed on what counts of it.' }),
  },
  {
    title: 'Suppression',
    description: 'Somebody who is not to be contacted, at any provider, on some channels or all.',
  },
)

/** `accepted`: what a client is told that may not know who is on the list. */
export const additionStatuses = ['created', 'updated', 'unchanged', 'accepted', 'rejected'] as const

const refusalCodes: readonly SuppressionRefusalCode[] = [
  'phone_invalid',
  'phone_not_e164',
  'phone_ambiguous',
  'email_invalid',
  'one_address_required',
  'channel_impossible',
  'holds_address',
  'time_invalid',
]

export const AddedSuppressionsSchema = Type.Object(
  {
    summary: Type.Object(
      {
        suppressions: Type.Integer({ description: 'How many were sent in.' }),
        statuses: Type.Object(
          Object.fromEntries(
            additionStatuses.map((status) => [
              status,
              Type.Optional(Type.Integer({ description: `Entries that are ${status}.` })),
            ]),
          ),
          { description: 'Entries by status, without zeros.' },
        ),
      },
      { description: 'The counts.' },
    ),
    results: Type.Array(
      Type.Object(
        {
          index: Type.Integer({ description: 'Place in the input.' }),
          status: oneOf(
            additionStatuses,
            'created: it is new. updated: it holds on more channels than before, or for a stronger reason. unchanged: it held already. accepted: it holds; what was there before is told to clients with suppressions:read alone. rejected: it was not taken.',
            'AdditionStatus',
          ),
          id: Type.Optional(Type.String({ description: 'Name of the entry in paths.' })),
          error: Type.Optional(
            Type.Object(
              {
                code: oneOf(refusalCodes, 'Stable word for what is wrong. More may be added.', 'SuppressionErrorCode'),
                pointer: Type.String({ description: 'JSON Pointer into the request body, in fragment form.' }),
                detail: Type.String({ description: 'What is wrong and how to mend it.' }),
              },
              { title: 'SuppressionError', description: 'Why an entry was not taken.' },
            ),
          ),
        },
        { description: 'What became of one entry.' },
      ),
      { description: 'As long as the input, in its order.' },
    ),
  },
  { title: 'AddedSuppressions', description: 'What became of entries for the suppression list.' },
)

export const suppressionIdParams = Type.Object({
  suppressionId: Type.String({ maxLength: 200, description: 'An entry of the suppression list.' }),
})

import { Type } from 'typebox'
import { accountErasureStatuses, erasureStatuses } from '../../domain/erasure.ts'
import { oneOf } from '../openapi/one-of.ts'
import { PersonAddressesSchema } from '../people/person-schema.ts'

export const erasureLimits = { reference: 128, by: 128, note: 256 } as const

const time = (description: string) => Type.String({ format: 'date-time', description: `${description} RFC 3339, UTC.` })

export const NewErasureSchema = Type.Object(
  {
    ...PersonAddressesSchema.properties,
    reference: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: erasureLimits.reference,
        description: 'Your name of the case; it is kept, so that it must not tell the address.',
      }),
    ),
    receivedAt: Type.Optional(
      Type.String({ format: 'date-time', description: 'When the person asked for it; now when it is left out.' }),
    ),
  },
  {
    title: 'NewErasure',
    additionalProperties: false,
    description: 'A person who is to be forgotten: at least one of phone, email and whatsapp, of the same person.',
  },
)

export const accountErasureStatusSchema = oneOf(
  accountErasureStatuses,
  '`deleted`: the provider confirmed it, and was asked once more a minute later. `not_found`: it can be asked, and has nobody. `by_hand`: no call does it, and `detail` says what a person has to do. `pending`: it is being tried, for 72 hours. `failed`: given up. `done_by_hand`: a person said so.',
  'AccountErasureStatus',
)
export const erasureStatusSchema = oneOf(
  erasureStatuses,
  '`running`; `needs_person`: an account is `by_hand` or `failed`; `completed`: it is done everywhere.',
  'ErasureStatus',
)

const AccountErasureSchema = Type.Object(
  {
    account: Type.String({ description: 'The account.' }),
    provider: Type.String({ description: 'Its provider.' }),
    status: accountErasureStatusSchema,
    at: Type.Optional(time('When it was last tried, or got its status.')),
    detail: Type.String({ description: 'What is known, or what a person has to do.' }),
    attempts: Type.Integer({ description: 'How often it was tried.' }),
    by: Type.Optional(Type.String({ description: 'Who did it by hand.' })),
    note: Type.Optional(Type.String({ description: 'What they said of it.' })),
  },
  { title: 'AccountErasure', description: 'What became of the person at one account.' },
)

const accounts = Type.Array(AccountErasureSchema, { description: 'Each account.' })

export const ErasurePreviewSchema = Type.Object(
  { accounts },
  { title: 'ErasurePreview', description: 'Who would be asked. Nothing was kept, and nobody was asked.' },
)

export const ErasureSchema = Type.Object(
  {
    id: Type.String({ description: 'Name of the erasure in paths.' }),
    reference: Type.Optional(Type.String({ description: 'Your name of the case.' })),
    hints: Type.Immutable(Type.Array(Type.String(), { description: 'What is shown of the addresses for good.' })),
    addresses: Type.Optional(
      Type.Object(PersonAddressesSchema.properties, {
        title: 'ErasedAddresses',
        description: 'The addresses, until it is completed; then they are gone.',
      }),
    ),
    status: erasureStatusSchema,
    createdAt: time('When it came in here.'),
    finishedAt: Type.Optional(time('When it was completed.')),
    dueAt: time('When it has to be done: a month after the person asked for it.'),
    suppressionIds: Type.Immutable(
      Type.Array(Type.String(), { description: 'The entries of the suppression list that it made.' }),
    ),
    accounts,
    gateway: Type.Object(
      {
        status: oneOf(['pending', 'done'], 'Whether all imports have been gone through.', 'GatewayErasureStatus'),
        importRowsErased: Type.Integer({ description: 'Rows of imports that were taken out.' }),
        heldUntil: time(
          'Until when stored answers, and rows of imports that no search can find, may still hold something of the person.',
        ),
      },
      { title: 'GatewayErasure', description: 'What became of it in the gateway itself.' },
    ),
  },
  { title: 'Erasure', description: 'A person who is to be forgotten, and how far that is.' },
)

export const ErasurePageSchema = Type.Object(
  {
    items: Type.Array(ErasureSchema, { description: 'The erasures, the newest first.' }),
    nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'For the next page; null on the last one.' }),
  },
  { title: 'ErasurePage', description: 'A page of erasures.' },
)

export const DoneByHandSchema = Type.Object(
  {
    by: Type.String({ minLength: 1, maxLength: erasureLimits.by, description: 'Who did it.' }),
    note: Type.Optional(
      Type.String({ maxLength: erasureLimits.note, description: 'What is to be known of it; without the address.' }),
    ),
  },
  { title: 'DoneByHand', additionalProperties: false, description: 'Somebody did it by hand.' },
)

export const erasureIdParams = Type.Object({
  erasureId: Type.String({ maxLength: 200, description: 'An erasure.' }),
})

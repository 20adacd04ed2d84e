import { Type } from 'typebox'
import { contactLimits } from '../../domain/contact-limits.ts'
import { personStatuses } from '../../services/people/search-people.ts'
import { StoredContactSchema } from '../contacts/stored-contact-schema.ts'
import { oneOf } from '../openapi/one-of.ts'
import { SuppressionSchema } from '../suppressions/suppression-schema.ts'

export const PersonAddressesSchema = Type.Object(
  {
    phone: Type.Optional(
      Type.String({
        maxLength: contactLimits.phone,
        description:
          'A phone number with its country code. Where a country knows a phone by two numbers, both are asked for.',
        examples: ['+919876543210'],
      }),
    ),
    email: Type.Optional(
      Type.String({
        maxLength: contactLimits.email,
        description: 'An e-mail address.',
        examples: ['jane@example.com'],
      }),
    ),
    whatsapp: Type.Optional(
      Type.String({
        maxLength: contactLimits.whatsapp,
        description: 'A WhatsApp number, as phone.',
        examples: ['+919876543210'],
      }),
    ),
  },
  {
    title: 'PersonAddresses',
    additionalProperties: false,
    minProperties: 1,
    description: 'What a person is known by: one address, or several of the same person.',
  },
)

const PersonAtAccountSchema = Type.Object(
  {
    account: Type.String({ description: 'The account.' }),
    provider: Type.String({ description: 'Its provider.' }),
    status: oneOf(
      personStatuses,
      '`found`; `not_found`: it can be asked for all of it, and has nobody; `not_readable`: it cannot be asked, so that the person may be there; `failed`: it gave no usable answer this time.',
      'PersonStatus',
    ),
    contacts: Type.Optional(
      Type.Array(StoredContactSchema, { description: 'Everybody who was found, where somebody was.' }),
    ),
    detail: Type.Optional(Type.String({ description: 'What is not known, and why.' })),
  },
  { title: 'PersonAtAccount', description: 'Whether an account has the person.' },
)

export const PersonSearchSchema = Type.Object(
  {
    suppressions: Type.Array(SuppressionSchema, {
      description: 'What is on the suppression list of these addresses; empty: nothing.',
    }),
    accounts: Type.Array(PersonAtAccountSchema, { description: 'The accounts that the client may use.' }),
    complete: Type.Boolean({ description: 'False where there are accounts that the client may not use.' }),
  },
  { title: 'PersonSearch', description: 'Where a person is, as far as it can be known.' },
)

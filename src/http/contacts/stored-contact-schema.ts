import { Type } from 'typebox'
import { WarningSchema } from '../lists/outcome-schema.ts'
import { anyJson } from '../openapi/document-schemas.ts'

const text = (description: string) => Type.Optional(Type.String({ description }))
const time = (description: string) =>
  Type.Optional(Type.String({ format: 'date-time', description: `${description} RFC 3339, UTC.` }))

const members = {
  id: text('<account>:<key>; absent where the provider tells no key.'),
  provider: Type.String({ description: "The account's provider." }),
  account: Type.String({ description: 'The account that holds it.' }),
  name: text('Display name.'),
  firstName: text('Given name, where the provider keeps it apart.'),
  lastName: text('Family name, where the provider keeps it apart.'),
  email: text('E-mail address.'),
  phone: text('Phone number in E.164.'),
  whatsapp: text('WhatsApp number in E.164.'),
  tags: Type.Optional(
    Type.Immutable(
      Type.Array(Type.String(), { description: 'Tags. Absent where the provider does not tell what it holds.' }),
    ),
  ),
  attributes: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(anyJson), {
      description:
        'Further values by name; numbers stand digit by digit as the provider has them. Absent where the provider does not tell what it holds.',
    }),
  ),
  createdAt: time('When it was created.'),
  updatedAt: time('When it was changed last.'),
  lastActivityAt: time('When the person was active last.'),
}

/** A contact as an account holds it. */
export const StoredContactSchema = Type.Object(members, {
  title: 'StoredContact',
  description:
    'A contact as its account holds it. Where the provider cannot be read, it is what was sent there; what it held before is not in it.',
})

export const PatchedContactSchema = Type.Object(
  {
    ...members,
    warnings: Type.Array(WarningSchema, {
      description: 'Everything that was lost, tidied or could not be cleared.',
    }),
  },
  { title: 'PatchedContact', description: 'A contact as its account holds it after the change.' },
)

export const ContactPageSchema = Type.Object(
  {
    items: Type.Array(StoredContactSchema, { description: "Contacts, in the provider's order." }),
    nextCursor: Type.Union([Type.String(), Type.Null()], {
      description: 'Where the next page begins; null on the last one.',
    }),
    warnings: Type.Optional(
      Type.Array(WarningSchema, { description: 'Only where contacts of this page could not be shown.' }),
    ),
  },
  {
    title: 'ContactPage',
    description: 'One page of contacts. Contacts that change meanwhile may be missed or repeated.',
  },
)

export const contactIdParams = {
  contactId: Type.String({
    maxLength: 200,
    description: '<account>:<key>, URL-encoded.',
    examples: ['sms-main:+33612345678'],
  }),
}

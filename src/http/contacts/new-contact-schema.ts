import { Type } from 'typebox'
import { OutcomeSchema } from '../lists/outcome-schema.ts'
import { ContactSchema, defaultCountrySchema, numbersSchema, onConflictSchema } from './contact-schema.ts'
import { StoredContactSchema } from './stored-contact-schema.ts'

export const accountQuery = Type.Optional(
  Type.String({ maxLength: 64, description: 'The account. Needed when the client may use several that can do this.' }),
)

export const NewContactSchema = Type.Object(
  {
    ...ContactSchema.properties,
    onConflict: Type.Optional(onConflictSchema),
    defaultCountry: Type.Optional(defaultCountrySchema),
    numbers: Type.Optional(numbersSchema),
  },
  { title: 'NewContact', additionalProperties: false, description: 'A contact to create, and how.' },
)

export const CreatedContactSchema = Type.Object(
  {
    ref: Type.Optional(Type.String({ description: "The caller's own reference." })),
    ...OutcomeSchema.properties,
    contact: Type.Optional(StoredContactSchema),
  },
  {
    title: 'CreatedContact',
    description: 'The outcome, and the contact as far as it is known; of one that was skipped unseen only its number.',
  },
)

const nullable = <
  Schema extends (typeof ContactSchema.properties)[Exclude<keyof typeof ContactSchema.properties, 'ref'>],
>(
  schema: Schema,
) => Type.Union([schema, Type.Null()], { description: (schema as { description?: string }).description ?? '' })

const { ref: _, ...fields } = ContactSchema.properties

export const ContactPatchSchema = Type.Object(
  {
    name: Type.Optional(nullable(fields.name)),
    firstName: Type.Optional(nullable(fields.firstName)),
    lastName: Type.Optional(nullable(fields.lastName)),
    email: Type.Optional(nullable(fields.email)),
    phone: Type.Optional(nullable(fields.phone)),
    whatsapp: Type.Optional(nullable(fields.whatsapp)),
    tags: Type.Optional(nullable(fields.tags)),
    attributes: Type.Optional(nullable(fields.attributes)),
    defaultCountry: Type.Optional(defaultCountrySchema),
  },
  {
    title: 'ContactPatch',
    additionalProperties: false,
    minProperties: 1,
    description:
      'What to change: a member that is absent stays; null, or a text with nothing to see in it, clears it. Tags are replaced; attributes are merged, and null clears one.',
  },
)

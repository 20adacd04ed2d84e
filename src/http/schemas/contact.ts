import { Type } from 'typebox'
import type { ExactNumber } from '../../domain/exact-number.ts'

const attributeName = '^(?!constructor$|prototype$)[A-Za-z][A-Za-z0-9_]{0,63}$'

/** A number that is handed on as it was written. */
const carriedNumber = Type.Unsafe<number | ExactNumber>(Type.Number())

/** A contact as a caller writes it. `title` names the schema in the OpenAPI document's components. */
export const ContactSchema = Type.Object(
  {
    ref: Type.Optional(
      Type.String({ maxLength: 128, description: "The caller's own reference: echoed in results, sent to nobody." }),
    ),
    name: Type.Optional(
      Type.String({ maxLength: 255, description: 'Display name; or firstName and lastName, or all three.' }),
    ),
    firstName: Type.Optional(Type.String({ maxLength: 255, description: 'Given name.' })),
    lastName: Type.Optional(Type.String({ maxLength: 255, description: 'Family name.' })),
    email: Type.Optional(
      Type.String({ maxLength: 254, description: 'E-mail address.', examples: ['jane@example.com'] }),
    ),
    phone: Type.Optional(
      Type.String({
        maxLength: 64,
        description:
          'Phone number in E.164. Spaces, dots, dashes, parentheses and a leading 00 are tidied (warning value_normalized).',
        examples: ['+919876543210'],
      }),
    ),
    whatsapp: Type.Optional(
      Type.String({ maxLength: 64, description: 'WhatsApp number, as phone.', examples: ['+919876543210'] }),
    ),
    tags: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
        maxItems: 50,
        description: 'Tags; repeats are taken out.',
      }),
    ),
    attributes: Type.Optional(
      Type.Record(
        Type.String({ pattern: attributeName }),
        Type.Union([Type.String({ maxLength: 1000 }), carriedNumber, Type.Boolean(), Type.Null()]),
        {
          maxProperties: 50,
          additionalProperties: false,
          description: `Further values by name (${attributeName}); null clears one. Numbers are sent digit by digit as they are written; one beyond ±2^53 is refused, as many would round it: send it as a string.`,
          examples: [{ title: 'Ms', city: 'Pune' }],
        },
      ),
    ),
  },
  {
    title: 'Contact',
    additionalProperties: false,
    description: 'A person. At least one of email, phone and whatsapp is needed.',
  },
)

export const onConflictSchema = Type.Union([Type.Literal('update'), Type.Literal('skip')], {
  // Not as "default": generators would make it a member that has to be given.
  description: 'What to do with a contact that the provider has already; update when it is not given.',
})

export const defaultCountrySchema = Type.String({
  maxLength: 2,
  pattern: '^[A-Z]{2}$',
  description: 'ISO 3166 alpha-2 country of numbers that lack a country code.',
  examples: ['IN'],
})

import { Type } from 'typebox'
import { attributeNamePattern, contactLimits } from '../../domain/contact-limits.ts'
import type { ExactNumber } from '../../domain/exact-number.ts'
import { international } from '../../domain/phone.ts'
import { oneOf } from '../openapi/one-of.ts'

/** A number that is handed on as it was written. */
const carriedNumber = Type.Unsafe<number | ExactNumber>(Type.Number())

/** A contact as a caller writes it. `title` names the schema in the OpenAPI document's components. */
export const ContactSchema = Type.Object(
  {
    ref: Type.Optional(
      Type.String({
        maxLength: contactLimits.ref,
        description: "The caller's own reference: echoed in results, sent to nobody.",
      }),
    ),
    name: Type.Optional(
      Type.String({
        maxLength: contactLimits.name,
        description:
          'Display name; or firstName and lastName, or all three. As in every text, blanks and invisible characters at the ends go, and line breaks and control characters inside become one blank (warning value_normalized); a text with nothing to see in it is absent.',
      }),
    ),
    firstName: Type.Optional(Type.String({ maxLength: contactLimits.firstName, description: 'Given name.' })),
    lastName: Type.Optional(Type.String({ maxLength: contactLimits.lastName, description: 'Family name.' })),
    email: Type.Optional(
      Type.String({
        maxLength: contactLimits.email,
        description:
          "One e-mail address, without a name beside it; ASCII before the @. Blanks, invisible characters and a spreadsheet's leading apostrophe go, and an internationalised domain takes its ASCII form (warning value_normalized).",
        examples: ['jane@example.com'],
      }),
    ),
    phone: Type.Optional(
      Type.String({
        maxLength: contactLimits.phone,
        description:
          'One phone number, best in E.164. It is read as libphonenumber reads it: punctuation, full-width and Arabic digits, tel: and, with defaultCountry, the prefixes of that country are tidied, and forms that a country has replaced become those of today (warning value_normalized). Extensions, decimals, and several numbers are refused (phone_invalid), as is a text that could be two numbers (phone_ambiguous).',
        examples: ['+919876543210'],
      }),
    ),
    whatsapp: Type.Optional(
      Type.String({
        maxLength: contactLimits.whatsapp,
        description: 'WhatsApp number, as phone.',
        examples: ['+919876543210'],
      }),
    ),
    tags: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: contactLimits.tag }), {
        maxItems: contactLimits.tags,
        description: 'Tags; blanks around them, repeats and empty ones are taken out.',
      }),
    ),
    attributes: Type.Optional(
      Type.Record(
        Type.String({ pattern: attributeNamePattern }),
        Type.Union([Type.String({ maxLength: contactLimits.attribute }), carriedNumber, Type.Boolean(), Type.Null()]),
        {
          maxProperties: contactLimits.attributes,
          additionalProperties: false,
          description: `Further values by name (${attributeNamePattern}); null clears one. Texts are tidied as names are. Numbers are sent digit by digit as they are written; one beyond ±2^53 is refused, as many would round it: send it as a string.`,
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
  title: 'OnConflict',
  // Not as "default": generators would make it a member that has to be given.
  description: 'What to do with a contact that the provider has already; update when it is not given.',
})

export const numbersSchema = oneOf(
  [international],
  'How numbers without + are written: international, with their country code in front (33612345678). Not together with defaultCountry. A list may be configured so; what is said here counts before that.',
  'Numbers',
)

export const defaultCountrySchema = Type.String({
  maxLength: 2,
  pattern: '^[A-Z]{2}$',
  description:
    'ISO 3166 alpha-2 country that numbers are dialled from: of those that lack a country code, and whose prefix for abroad others begin with.',
  examples: ['IN'],
})

import { Type } from 'typebox'
import { askedFields } from '../../domain/routing/when.ts'
import { oneOf } from '../openapi/one-of.ts'

const texts = (description: string) => Type.Immutable(Type.Array(Type.String(), { description }))

const countries = Type.Union(
  [
    texts('Of one of these.'),
    Type.Object({ not: texts('Of none of these.') }, { description: 'Of any other country, or of none.' }),
  ],
  {
    description: 'ISO 3166 alpha-2 codes of the countries that the number is of. Without the number it does not hold.',
  },
)

const ofCountries = (description: string) => Type.Optional(Type.Object({ countries }, { description }))

/** Which contacts a target is for, as it is configured. */
export const WhenSchema = Type.Object(
  {
    has: Type.Optional(
      Type.Immutable(
        Type.Array(oneOf(askedFields, 'A field that has to be there; of the name one part is enough.', 'AskedField'), {
          description: 'Fields that have to be there.',
        }),
      ),
    ),
    tags: Type.Optional(
      Type.Object(
        {
          any: Type.Optional(texts('One of these has to be there.')),
          all: Type.Optional(texts('All of these have to be there.')),
          none: Type.Optional(texts('None of these may be there.')),
        },
        { description: 'Tags, compared as they are written.' },
      ),
    ),
    attributes: Type.Optional(
      Type.Record(Type.String(), texts('The values that count.'), {
        description: 'Attributes whose value, as text, has to be one of those listed.',
      }),
    ),
    phone: ofCountries('Of which countries the phone has to be.'),
    whatsapp: ofCountries('Of which countries the WhatsApp number has to be.'),
  },
  {
    title: 'When',
    description:
      'Which contacts the target is for: all of it has to hold. Others are skipped there, with the warning not_for_this_target. Absent: it is for all.',
  },
)

import { type TSchema, Type } from 'typebox'
import { configuredAttributePattern, contactLimits } from '../domain/contact-limits.ts'
import { numberedCountries } from '../domain/routing/number-countries.ts'
import { askedFields, type Countries, isListOfCountries, type When } from '../domain/routing/when.ts'
import { tidyText } from '../domain/tidy-text.ts'
import type { Path } from './mistakes.ts'
import type { Reading } from './reading.ts'

/** Of each condition. */
const mostValues = 50

function Values<Item extends TSchema>(item: Item, what: string) {
  return Type.Array(item, { minItems: 1, maxItems: mostValues, expects: `a list of 1 to ${mostValues} ${what}` })
}

/** Parts of which one at least has to be there: with none of them there would be no condition. */
const someOf = (parts: string) => ({ minProperties: 1, expects: `a mapping with one or more of ${parts}` })

const CountryList = Values(
  Type.String({ pattern: '^[A-Z]{2}$', expects: 'an ISO 3166 alpha-2 code in capitals, such as FR' }),
  'countries',
)
const CountriesSchema = Type.Union([CountryList, Type.Object({ not: CountryList })], {
  expects: 'a list of countries, or a mapping with such a list under "not"',
})
const OfCountries = Type.Object({ countries: CountriesSchema })
const Tags = Values(Type.String({ minLength: 1, maxLength: contactLimits.tag }), 'tags')

/** Which contacts a target is for; all that is given must hold. */
export const WhenSchema = Type.Object(
  {
    has: Type.Optional(Values(Type.Enum([...askedFields]), `of ${askedFields.join(', ')}`)),
    tags: Type.Optional(
      Type.Object(
        { any: Type.Optional(Tags), all: Type.Optional(Tags), none: Type.Optional(Tags) },
        someOf('any, all, none'),
      ),
    ),
    attributes: Type.Optional(
      Type.Record(
        Type.String({ pattern: configuredAttributePattern }),
        Values(Type.String({ minLength: 1, maxLength: contactLimits.attribute }), 'texts'),
        { minProperties: 1, maxProperties: mostValues, expects: `a mapping of 1 to ${mostValues} names of attributes` },
      ),
    ),
    phone: Type.Optional(OfCountries),
    whatsapp: Type.Optional(OfCountries),
  },
  {
    ...someOf('has, tags, attributes, phone, whatsapp'),
    description: 'Which contacts the target is for: all must hold.',
  },
)

/** Notes what no contact could meet, and countries that have no numbers. */
export function checkWhen(when: When, path: Path, reading: Reading): void {
  checkTags(when.tags ?? {}, [...path, 'tags'], reading)
  for (const [name, values] of Object.entries(when.attributes ?? {}))
    refuseUntidy(values, [...path, 'attributes', name], reading)
  for (const field of ['phone', 'whatsapp'] as const) {
    const countries = when[field]?.countries
    if (countries !== undefined) checkCountries(countries, [...path, field, 'countries'], reading)
  }
}

function checkTags({ any, all = [], none = [] }: NonNullable<When['tags']>, path: Path, reading: Reading): void {
  for (const [name, tags] of Object.entries({ any, all, none })) refuseUntidy(tags ?? [], [...path, name], reading)
  const isAllOfAny = any?.every((tag) => none.includes(tag)) === true
  none.forEach((tag, index) => {
    const place = [...path, 'none', index]
    if (all.includes(tag)) reading.mistakes.add(place, 'is in all too: no contact could have it and not have it')
    else if (isAllOfAny && any?.includes(tag))
      reading.mistakes.add(place, 'leaves nothing of any: no contact could have one of those tags and none of these')
  })
}

/** Contacts are compared as they are sent, which is tidied. */
function refuseUntidy(texts: readonly string[], path: Path, reading: Reading): void {
  texts.forEach((text, index) => {
    if (tidyText(text) === text) return
    const message = 'has blanks or invisible characters at its ends or in it, which contacts never have: take them away'
    reading.mistakes.add([...path, index], message)
  })
}

function checkCountries(countries: Countries, path: Path, reading: Reading): void {
  const [codes, place] = isListOfCountries(countries) ? [countries, path] : [countries.not, [...path, 'not']]
  codes.forEach((code, index) => {
    if (numberedCountries.has(code)) return
    const hint = code === 'UK' ? '; the United Kingdom is GB' : ''
    reading.mistakes.add(
      [...place, index],
      `is no country with phone numbers of its own; write its ISO 3166 code${hint}`,
    )
  })
}

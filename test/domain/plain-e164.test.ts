import fc from 'fast-check'
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import metadata from 'libphonenumber-js/max/metadata'
import examples from 'libphonenumber-js/mobile/examples'
import { describe, expect, test } from 'vitest'
import { isPlainE164 } from '../../src/domain/plain-e164.ts'

/** The library's judgement: valid, and E.164 as it stands. */
function libraryAccepts(text: string): boolean {
  const parsed = parsePhoneNumberFromString(text, { extract: false })
  return parsed?.isValid() === true && parsed.number === text
}

const callingCodes = [...Object.keys(metadata.country_calling_codes), '800', '808', '870', '882', '883', '979', '999']
const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength })

/** A valid mobile number of each country, and what comes of it when a few digits are changed, added or taken away. */
const exampleOf = (country: CountryCode) => getExampleNumber(country, examples)?.number as string | undefined
const exampleNumbers = getCountries().flatMap((country) => exampleOf(country) ?? [])
const nearExamples = fc
  .tuple(
    fc.constantFrom(...exampleNumbers),
    fc.array(fc.tuple(fc.nat(15), fc.constantFrom(...'0123456789')), { maxLength: 8 }),
    fc.nat(2),
    digits(0, 2),
  )
  .map(([number, changes, cut, more]) => {
    const changed = [...number]
    for (const [place, digit] of changes) if (place > 1 && place < changed.length) changed[place] = digit
    return changed.slice(0, changed.length - cut).join('') + more
  })

describe('what is accepted without the parser', () => {
  test('is what the library accepts as it stands, at every calling code', () => {
    for (const code of callingCodes)
      fc.assert(
        fc.property(digits(4, 13), (national) => {
          const text = `+${code}${national}`
          return !isPlainE164(text) || libraryAccepts(text)
        }),
        { numRuns: 200 },
      )
  })

  test('is what the library accepts as it stands, around numbers that exist', () => {
    fc.assert(
      fc.property(nearExamples, (text) => !isPlainE164(text) || libraryAccepts(text)),
      { numRuns: 30_000 },
    )
  })

  test('is never a text that is not plain E.164', () => {
    fc.assert(
      fc.property(fc.string(), (text) => !isPlainE164(text) || /^\+[1-9]\d+$/.test(text)),
      { numRuns: 2_000 },
    )
  })
})

describe('what is left to the parser', () => {
  test.each(['FR', 'IN', 'GB', 'US', 'DE', 'ES', 'IT', 'RU', 'CA', 'JE', 'BR', 'AR', 'PK', 'NG', 'ZA'] as const)(
    'is no ordinary number of %s',
    (country) => {
      expect(isPlainE164(exampleOf(country) as string)).toBe(true)
    },
  )

  test('is little of what the library accepts', () => {
    const left = exampleNumbers.filter((number) => !isPlainE164(number))
    expect(left.length / exampleNumbers.length).toBeLessThan(0.05)
  })

  test.each([
    ['+330612345678', 'a national prefix'],
    ['+33 6 12 34 56 78', 'punctuation'],
    ['0612345678', 'no country code'],
    ['+9991234567', 'no country'],
    [`+${getCountryCallingCode('IN')}12`, 'too short'],
  ])('is %s (%s)', (text) => {
    expect(isPlainE164(text)).toBe(false)
  })
})

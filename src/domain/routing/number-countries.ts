import { type CountryCode, getCountries, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import metadata from 'libphonenumber-js/max/metadata'
import { plainCountry } from '../plain-e164.ts'
import { type Countries, isListOfCountries } from './when.ts'

/** The countries of a numbering plan. The library tells these apart where people do not: +44 7911 is Guernsey's to it. */
const alsoTakes: Readonly<Record<string, readonly string[]>> = {
  GB: ['GG', 'JE', 'IM'],
  IT: ['VA'],
  NO: ['SJ'],
  AU: ['CX', 'CC'],
  FI: ['AX'],
}

/** The digits behind the `+` that tell a plan: calling codes have three at most, and numbers more. */
const prefixDigits = 3
const prefixes = 10 ** prefixDigits

/** The countries whose numbers begin with each prefix: several where they share a plan, none where it is no country's. */
const sharedBy: readonly (readonly CountryCode[])[] = plansByPrefix()

function plansByPrefix(): readonly (readonly CountryCode[])[] {
  const plans: (readonly CountryCode[])[] = new Array(prefixes).fill([])
  for (const [code, countries] of Object.entries(metadata.country_calling_codes)) {
    const width = 10 ** (prefixDigits - code.length)
    plans.fill(countries, Number(code) * width, (Number(code) + 1) * width)
  }
  return plans
}

/** Every country that a number can be of, by ISO 3166 alpha-2. */
export const numberedCountries: ReadonlySet<string> = new Set(getCountries())

const no = 0
const yes = 1
/** The plan is shared by countries of which some are meant. */
const byNumber = 2

/**
 * Makes the question whether a number, valid and in E.164, is of the countries. What its prefix tells is worked out here,
 * so that a number is looked at whole only where a plan is shared.
 */
export function compileCountries(countries: Countries): (e164: string) => boolean {
  const isList = isListOfCountries(countries)
  const listed = new Set((isList ? countries : countries.not).flatMap((code) => [code, ...(alsoTakes[code] ?? [])]))
  const isMeant = (country: string | undefined) => (country !== undefined && listed.has(country)) === isList
  const verdicts = Uint8Array.from(sharedBy, (plan) => {
    const [first, ...others] = plan
    const verdict = isMeant(first)
    return others.some((country) => isMeant(country) !== verdict) ? byNumber : verdict ? yes : no
  })
  return (e164) => {
    const verdict = verdicts[Number(e164.slice(1, 1 + prefixDigits))]
    return verdict === byNumber ? isMeant(countryOf(e164)) : verdict === yes
  }
}

function countryOf(e164: string): string | undefined {
  return plainCountry(e164) ?? parsePhoneNumberFromString(e164)?.country
}

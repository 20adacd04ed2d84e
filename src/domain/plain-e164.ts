import type { CountryCode } from 'libphonenumber-js/max'
import metadata from 'libphonenumber-js/max/metadata'

/** The numbering plan of one country, compiled once. */
type Country = {
  readonly id: CountryCode
  readonly leadingDigits: RegExp | undefined
  readonly general: RegExp
  /** Fixed line, mobile, toll-free …: a valid number is of one of them. */
  readonly types: readonly { readonly lengths: readonly number[]; readonly pattern: RegExp }[]
}

/** What a calling code leads to. */
type CallingCode = { readonly nationalPrefix: RegExp | undefined; readonly countries: readonly Country[] }

const e164 = /^\+[1-9]\d{5,14}$/
const longestCallingCode = 3
const compiled = new Map<string, CallingCode>()

/**
 * Whether a text is a valid number, written in E.164 as it stands. True only where libphonenumber says the same: its own
 * patterns are asked, without its parser, at a tenth of the time. False says nothing: a number that might begin with a
 * national prefix, one of no country, and whatever is not plain E.164, is for the library to judge.
 */
export function isPlainE164(text: string): boolean {
  return plainCountry(text) !== undefined
}

/** The country (ISO 3166 alpha-2) of a text that `isPlainE164` is true of, as the library names it; else `undefined`. */
export function plainCountry(text: string): CountryCode | undefined {
  if (!e164.test(text)) return undefined
  for (let length = 1; length <= longestCallingCode; length++) {
    const code = callingCode(text.slice(1, 1 + length))
    if (code !== undefined) return countryAt(code, text.slice(1 + length))?.id
  }
  return undefined
}

function countryAt({ nationalPrefix, countries }: CallingCode, national: string): Country | undefined {
  const prefix = nationalPrefix?.exec(national)
  if (prefix !== null && prefix !== undefined && prefix[0] !== '') return undefined
  if (countries.length === 1) return ifValid(countries[0] as Country, national)
  // As the library picks one of several: by its leading digits alone where it has some, else by the whole plan.
  for (const country of countries) {
    if (country.leadingDigits === undefined) {
      if (isValidIn(country, national)) return country
    } else if (country.leadingDigits.test(national)) return ifValid(country, national)
  }
  return undefined
}

function ifValid(country: Country, national: string): Country | undefined {
  return isValidIn(country, national) ? country : undefined
}

function isValidIn({ general, types }: Country, national: string): boolean {
  if (!general.test(national)) return false
  for (const { lengths, pattern } of types) if (lengths.includes(national.length) && pattern.test(national)) return true
  return false
}

function callingCode(digits: string): CallingCode | undefined {
  const known = compiled.get(digits)
  if (known !== undefined) return known
  const ids = (metadata.country_calling_codes as Readonly<Record<string, readonly CountryCode[]>>)[digits]
  const [main] = ids ?? []
  if (ids === undefined || main === undefined) return undefined
  const plan = planOf(main)
  const prefix = plan[places.prefixForParsing] || plan[places.nationalPrefix]
  const code = { nationalPrefix: prefix ? new RegExp(`^(?:${prefix})`) : undefined, countries: ids.map(compile) }
  compiled.set(digits, code)
  return code
}

/** The places of a plan in version 4 of the library's metadata; what is not there is 0 or left out. */
const places = { pattern: 2, lengths: 3, nationalPrefix: 5, prefixForParsing: 7, leadingDigits: 10, types: 11 } as const
type Plan = readonly unknown[]

function planOf(id: CountryCode): Plan {
  return (metadata.countries as unknown as Readonly<Record<CountryCode, Plan>>)[id]
}

function compile(id: CountryCode): Country {
  const plan = planOf(id)
  const leadingDigits = plan[places.leadingDigits]
  const types = (plan[places.types] ?? []) as readonly (readonly [string, (readonly number[])?] | 0)[]
  return {
    id,
    leadingDigits: leadingDigits ? new RegExp(`^(?:${leadingDigits})`) : undefined,
    general: entirely(plan[places.pattern] as string),
    types: types.flatMap((type) => {
      if (type === 0 || type[0] === '') return []
      return [{ lengths: type[1] ?? (plan[places.lengths] as readonly number[]), pattern: entirely(type[0]) }]
    }),
  }
}

function entirely(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`)
}

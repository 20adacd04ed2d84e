import { type CountryCode, getCountryCallingCode, isSupportedCountry, Metadata } from 'libphonenumber-js/max'

const letters = /^[A-Za-z]{2}$/
const digits = /^(?:\+|00)?([1-9]\d{0,2})$/

/** Where several countries share a calling code, the one whose plan the others are parts of comes first; not in its types. */
const plans = new Metadata() as Metadata & {
  getCountryCodesForCallingCode(code: string): readonly string[] | undefined
}

/**
 * The ISO 3166 alpha-2 code of the country that a code stands for: `IN`, or its calling code as `91`, `+91` or `0091`.
 * `undefined` for what is neither, and for countries without a numbering plan.
 */
export function readCountryCode(text: string): string | undefined {
  if (letters.test(text)) {
    const country = text.toUpperCase()
    return isSupportedCountry(country) ? country : undefined
  }
  const [, code] = digits.exec(text) ?? []
  const sharing = code === undefined ? undefined : plans.getCountryCodesForCallingCode(code)
  return sharing?.find((country) => isSupportedCountry(country))
}

/** True for a number in E.164 that begins with the calling code of the country, which others may share. */
export function hasCallingCodeOf(country: string, e164: string): boolean {
  return e164.startsWith(`+${getCountryCallingCode(country as CountryCode)}`)
}

/** True for one number that is written in two ways. */
export function isSameNumberText(one: string, other: string): boolean {
  return one === other || digitsOf(one) === digitsOf(other)
}

/** Digits alone, with the country code: how numbers are compared that were written in different ways. */
export function digitsOf(number: string): string {
  return number.replace(/\D/g, '').replace(/^00/, '')
}

const fewestNational = 7

/** True for a number without its country code that may be this one. */
export function isNationalForm(national: string, number: string): boolean {
  if (/^\s*(?:\+|00)/.test(national)) return false
  const own = digitsOf(national).replace(/^0+/, '')
  const digits = digitsOf(number)
  return own.length >= fewestNational && own.length < digits.length && digits.endsWith(own)
}

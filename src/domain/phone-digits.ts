/** Digits alone, with the country code: how numbers are compared that were written in different ways. */
export function digitsOf(number: string): string {
  return number.replace(/\D/g, '').replace(/^00/, '')
}

/** True for one number that is written in two ways. */
export function isSameNumberText(one: string, other: string): boolean {
  return one === other || digitsOf(one) === digitsOf(other)
}

/** Digits alone, with the country code: how numbers are compared that were written in different ways. */
export function digitsOf(number: string): string {
  return number.replace(/\D/g, '').replace(/^00/, '')
}

/** In which form a number is shown, whoever's it is; `undefined`: in none that is known. */
export function writtenForm(shown: string): string | undefined {
  if (/^\+\d+$/.test(shown)) return 'plus'
  if (/^00\d+$/.test(shown)) return 'double-zero'
  if (/^0\d+$/.test(shown)) return 'national'
  if (/^\d+$/.test(shown)) return 'digits'
  return /^\+[\d .()-]+$/.test(shown) ? 'grouped' : undefined
}

/** What each of these forms is, in a sentence. */
export const writtenForms = {
  plus: 'E.164 with +.',
  digits: 'Digits with the country code.',
  grouped: 'E.164 in groups.',
  'double-zero': 'With 00.',
  national: 'Without the country code.',
} as const

/** Whether a number may be this one, in any form: one without its country code ends as the other does. */
export function endsAlike(one: string | undefined, other: string): boolean {
  if (one === undefined) return false
  const [left, right] = [plainDigits(one), plainDigits(other)]
  return left === right || (Math.min(left.length, right.length) >= 7 && (left.endsWith(right) || right.endsWith(left)))
}

/** Without what stands before a number that is dialled. */
function plainDigits(number: string): string {
  return number.replace(/\D/g, '').replace(/^0+/, '')
}

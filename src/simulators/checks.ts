/** Small checks of values from outside, each with the words for what was expected. */
export type Check = readonly [accepts: (value: unknown) => boolean, expected: string]

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

export const oneOf = (...values: readonly unknown[]): Check => [
  (value) => values.includes(value),
  `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`,
]
export const text: Check = [(value) => typeof value === 'string', 'a text']
export const name: Check = [(value) => typeof value === 'string' && value !== '', 'a text that is not empty']
export const textOrNull: Check = [(value) => value === null || typeof value === 'string', 'a text or null']
export const texts: Check = [
  (value) => Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string'),
  'a list of texts',
]
export const whole: Check = [isWhole, 'a whole number, 0 or more']
export const positive: Check = [(value) => isWhole(value) && value > 0, 'a whole number, 1 or more']
export const share: Check = [(value) => typeof value === 'number' && value >= 0 && value <= 1, 'a number from 0 to 1']
export const status: Check = [(value) => isWhole(value) && value >= 200 && value <= 599, 'a status from 200 to 599']
export const json: Check = [(value) => value !== undefined, 'a JSON value']
export const isTrue: Check = oneOf(true)

/** The names of headers, each with its value or with null to leave it out. */
export const headers: Check = [
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(([key, content]) => /^[\w-]+$/.test(key) && textOrNull[0](content)),
  'an object of header names with texts or null',
]

/** One JSON pointer or several, with `*` for every item or member. */
export const pointers: Check = [
  (value) => {
    const all = Array.isArray(value) ? value : [value]
    return all.length > 0 && all.every((item) => typeof item === 'string' && /^(\/.*)?$/s.test(item))
  },
  'a JSON pointer such as "/items/*/id", or a list of them',
]

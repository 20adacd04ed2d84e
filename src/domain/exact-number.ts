/**
 * A number of a JSON text that a double would change: `9007199254740993`, `1e400`, `-0`, `1.0`. It is carried as the
 * text that it was written as, and `JSON.stringify` writes that text. All other numbers stay ordinary numbers.
 * `structuredClone` does not keep it.
 */
export class ExactNumber {
  // Private, so that no spread and no schema takes it for an object with members.
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }

  toJSON(): unknown {
    return rawJson(this.#text)
  }
}

type SourceReviver = (this: unknown, key: string, value: unknown, context: { readonly source: string }) => unknown

/** What the library's types do not have yet. */
const { rawJSON: rawJson, parse } = JSON as unknown as {
  readonly rawJSON: (text: string) => unknown
  readonly parse: (text: string, reviver?: SourceReviver) => unknown
}

/**
 * `JSON.parse`, with an `ExactNumber` for each number that a double would change.
 * @throws SyntaxError; RangeError for one that is nested thousands of times and holds such a number
 */
export function parseJson(text: string): unknown {
  const value = parse(text)
  return mayBeExact.test(text) && exactNumbers(text).next().done !== true ? parseExactly(text) : value
}

/** What a number that a double would change looks like. Few texts without one match: a time with milliseconds does. */
const mayBeExact = /(?:^|[:[,])\s*(?:-|\d{16}|\d{1,15}[.eE])/

/** What begins a text that stands for a number: no JSON text can hold it other than by this escape. */
const mark = '\\u0000'
const markCharacter = 0

/**
 * `parseJson` for a valid text that is known to hold such numbers. They are read as marked texts and then made numbers: to
 * have each value's source handed to a function, as it is done where the mark is in use, takes several times as long.
 */
export function parseExactly(text: string): unknown {
  if (text.includes(mark)) return parse(text, numberOfSource)
  let marked = ''
  let copied = 0
  for (const [start, end] of exactNumbers(text)) {
    marked += `${text.slice(copied, start)}"${mark}${text.slice(start, end)}"`
    copied = end
  }
  return withExactNumbers(parse(marked + text.slice(copied)))
}

const numberOfSource: SourceReviver = (_key, value, { source }) =>
  typeof value === 'number' && isChanged(source) ? new ExactNumber(source) : value

/** Puts numbers in the places of the texts that are marked. */
function withExactNumbers(value: unknown): unknown {
  if (typeof value === 'string') return value.charCodeAt(0) === markCharacter ? new ExactNumber(value.slice(1)) : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) value[index] = withExactNumbers(value[index])
    return value
  }
  const members = value as Record<string, unknown>
  for (const name in members) {
    const member = members[name]
    if (typeof member === 'string' || typeof member === 'object') members[name] = withExactNumbers(member)
  }
  return value
}

const quote = 0x22
const backslash = 0x5c

/** The places (from, to) in a valid JSON text of the numbers that a double would change. */
function* exactNumbers(text: string): Generator<readonly [number, number], void> {
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === quote) at = endOfString(text, at)
    else if (beginsNumber(character)) {
      const end = endOfNumber(text, at)
      if (isExactBetween(text, at, end)) yield [at, end]
      at = end - 1
    }
  }
}

/** The closing quote of the string that begins at `start`: the next one with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); ; at = text.indexOf('"', at + 1)) {
    let first = at
    while (text.charCodeAt(first - 1) === backslash) first--
    if ((at - first) % 2 === 0) return at
  }
}

/** Whether a number begins with this character, which stands outside of strings in a valid JSON text. */
export function beginsNumber(character: number): boolean {
  return character >= 0x2d && character <= 0x39
}

/** The place behind the last character of the number that begins at `start` of a valid JSON text. */
export function endOfNumber(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    const character = text.charCodeAt(at)
    // What may follow a number is white space, a comma, a bracket or the end.
    if (!(character > 0x2c || character === 0x2b) || character === 0x5d || character === 0x7d) return at
  }
}

/** No number of so few digits is too long for a double. */
const fewDigits = 15

/** Whether a double would change the number between two places of a valid JSON text. */
export function isExactBetween(text: string, start: number, end: number): boolean {
  return !(end - start <= fewDigits && isDigits(text, start, end)) && isChanged(text.slice(start, end))
}

function isDigits(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const character = text.charCodeAt(at)
    if (character < 0x30 || character > 0x39) return false
  }
  return true
}

/** Up to here a double holds every whole number. */
const mostExact = 2 ** 53

/** Beyond ±2^53 all are taken to be changed: that some come back alike says nothing of their neighbours. */
function isChanged(source: string): boolean {
  const double = Number(source)
  return String(double) !== source || Math.abs(double) > mostExact
}

const parts = /^-?(?<whole>\d+)(?:\.(?<fraction>\d+))?(?:[eE](?<exponent>[+-]?\d+))?$/

/** True for a number beyond ±2^53 by its text: `9007199254740993` is, though its double is 2^53. */
export function isBeyondExact(number: ExactNumber): boolean {
  const source = String(number)
  const double = Math.abs(Number(source))
  if (double !== mostExact) return double > mostExact
  const { whole = '', fraction = '', exponent = '0' } = parts.exec(source)?.groups ?? {}
  const digits = whole + fraction
  const point = whole.length + Number(exponent)
  const integer = BigInt(digits.slice(0, point).padEnd(point, '0'))
  return integer > BigInt(mostExact) || (integer === BigInt(mostExact) && /[1-9]/.test(digits.slice(point)))
}

/** True for two values that are the same number, however they are written: 1.0 is 1, 0.1 is not 0.1000000000000000055. */
export function isSameNumber(one: number | ExactNumber, other: number | ExactNumber): boolean {
  return one === other || canonical(String(one)) === canonical(String(other))
}

/** Sign, digits without zeros at either end, and the power of ten of the last one. */
function canonical(source: string): string {
  const { whole = '', fraction = '', exponent = '0' } = parts.exec(source)?.groups ?? {}
  const digits = (whole + fraction).replace(/^0+/, '')
  let end = digits.length
  while (digits[end - 1] === '0') end--
  if (end === 0) return '0'
  const power = BigInt(exponent) + BigInt(digits.length - end - fraction.length)
  return `${source.startsWith('-') ? '-' : ''}${digits.slice(0, end)}e${power}`
}

/** The value with the nearest double in place of each `ExactNumber`, and the largest one where there is none. */
export function withDoubles(value: unknown): unknown {
  if (value instanceof ExactNumber) return nearestDouble(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withDoubles)
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withDoubles(member)]))
}

export function nearestDouble(number: ExactNumber): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, Number(String(number))))
}

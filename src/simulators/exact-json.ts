/** JSON's own wrapper of a number that keeps its text; `JSON.stringify` writes it as it is. */
export interface RawNumber {
  readonly rawJSON: string
}

type Reviver = (key: string, value: unknown, context: { readonly source: string }) => unknown
const json = JSON as unknown as {
  parse(text: string, reviver: Reviver): unknown
  rawJSON(text: string): RawNumber
  isRawJSON(value: unknown): value is RawNumber
}

/** Fractions, exponents, many digits and a minus before a zero; a text that looks like one costs time only. */
const suspicious = /[[:,\s](?:-?\d+(?:[.eE]|\d{15})|-0)|^-?\d/

/**
 * Reads JSON and keeps each number as it was written: where a double would lose digits or write it in another way, as a
 * `RawNumber`.
 * @throws SyntaxError
 */
export function parseExact(text: string): unknown {
  if (!suspicious.test(text)) return JSON.parse(text)
  return json.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && String(value) !== source ? json.rawJSON(source) : value,
  )
}

/** The digits of a number as it was written; undefined for what is none. */
export function numberText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return isRawNumber(value) ? value.rawJSON : undefined
}

export const isRawNumber = (value: unknown): value is RawNumber => json.isRawJSON(value)

/** A copy of a JSON value, without the members that are undefined. */
export function copyJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null || isRawNumber(value)) return value
  if (Array.isArray(value)) return value.map(copyJson) as T
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(members.map(([name, member]) => [name, copyJson(member)])) as T
}

/**
 * Octopush's lenient reading of input (docs/providers.md, "Octopush: calls and credentials"): a value of the wrong type
 * is cast or cleaned, one that cannot be recognised is ignored and the request still goes through.
 */

import { isRawNumber, numberText, parseExact } from './exact-json.ts'
/** Documented for deleting; for creating it is assumed, as the lowest number that is published. */
export const maxContacts = 200
export const maxListName = 30
export const maxTagName = 20

/** A JSON object whatever the Content-Type says (the header stands in the samples only), or undefined. */
export function readObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = parseExact(body.toString('utf8'))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value)
}

/** True, 1 and their texts; anything else is not recognised and leaves the default, false. */
export function castBoolean(value: unknown): boolean {
  return value === true || value === 1 || (typeof value === 'string' && /^(true|1)$/i.test(value))
}

/** Texts and numbers; anything else is null. */
export function castText(value: unknown): string | null {
  return typeof value === 'string' ? value : (numberText(value) ?? null)
}

/** One value or several; a single value where an array belongs is taken as an array of one. */
export function castArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
}

/**
 * A list's or tag's name, as given: that names match exactly is assumed. So is that an empty or too long one is
 * ignored: the documents give the lengths, and say that what is wrong is ignored.
 */
export function castName(value: unknown, maxLength: number): string | undefined {
  const name = castText(value)
  return name === null || name === '' || [...name].length > maxLength ? undefined : name
}

/**
 * A phone number cleaned of prohibited characters, always with `+`, or undefined when it is not one: 6 to 16 digits as in
 * the provider's own samples, with a country code, so not beginning with 0 (code 117).
 */
export function castPhoneNumber(value: unknown): string | undefined {
  const digits = castText(value)
    ?.replace(/[^\d+]/g, '')
    .replace(/^(\+|00)/, '')
  return digits !== undefined && /^[1-9]\d{5,15}$/.test(digits) ? `+${digits}` : undefined
}

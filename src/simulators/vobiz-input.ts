import { copyJson, isRawNumber, parseExact } from './exact-json.ts'
import { isRefusedEmail } from './magic-values.ts'
import type { VobizFields } from './vobiz-contacts.ts'
import type { FieldError } from './vobiz-errors.ts'

/** E.164 with `+`. */
export function isVobizPhone(value: unknown): value is string {
  return typeof value === 'string' && /^\+[1-9]\d{6,14}$/.test(value)
}

type Input = Record<string, unknown>

/** A JSON object sent as such, with its documented Content-Type, else what is wrong with it. */
export function readJsonObject(body: Buffer, contentType: string | undefined): Input | string {
  if (!/^application\/json\b/i.test(contentType ?? '')) return 'Content-Type must be application/json'
  try {
    const value: unknown = parseExact(body.toString('utf8'))
    return isObject(value) ? value : 'The body must be a JSON object'
  } catch {
    return 'The body is not valid JSON'
  }
}

/** `phone_number` and `name` are required (docs/providers.md, "Vobiz: creating, changing and deleting"). */
export function checkNewContact(input: Input): FieldError[] {
  const required = ['phone_number', 'name'].filter((field) => input[field] === undefined)
  const missing = required.map(
    (field): FieldError => ({ field, message: `${field} is required`, code: 'REQUIRED', value: null }),
  )
  const { phone_number: value } = input
  if (value !== undefined && !isVobizPhone(value))
    missing.push({ field: 'phone_number', message: 'must be E.164 format', code: 'INVALID_FORMAT', value })
  return [...missing, ...checkFields(input)]
}

/** The types of the fields that a contact can be given; lengths are not documented and not limited. */
export function checkFields({ name, tags, custom_attributes }: Input): FieldError[] {
  const errors: FieldError[] = []
  const complain = (field: string, message: string, value: unknown, code: FieldError['code'] = 'INVALID_FORMAT') =>
    errors.push({ field, message, code, value })
  if (name !== undefined && typeof name !== 'string') complain('name', 'must be a string', name)
  if (typeof name === 'string' && name.trim() === '') complain('name', 'must not be empty', name, 'MIN_LENGTH')
  if (tags !== undefined && !(Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')))
    complain('tags', 'must be an array of strings', tags)
  if (custom_attributes === undefined) return errors
  if (!isObject(custom_attributes)) complain('custom_attributes', 'must be an object', custom_attributes)
  else
    for (const [key, value] of Object.entries(custom_attributes))
      if (isRefusedEmail(value)) complain(`custom_attributes.${key}`, 'is not an acceptable email address', value)
  return errors
}

/** The fields that were sent; others, an update's `phone_number` too, are ignored, since no document names them. */
export function pickFields({ name, tags, custom_attributes }: Input): VobizFields {
  return copyJson({ name, tags, custom_attributes }) as VobizFields
}

function isObject(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value)
}

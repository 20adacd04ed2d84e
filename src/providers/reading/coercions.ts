import { ExactNumber } from '../../domain/exact-number.ts'
import type { NoteDrift } from './drift.ts'

/** Makes of a value what was meant by it; `undefined` when nothing can be made of it. */
export type Coercion<Value> = (value: unknown, drift: NoteDrift) => Value | undefined

/** An object that is no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function asText(value: unknown, drift: NoteDrift): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value !== 'number' && typeof value !== 'boolean' && !(value instanceof ExactNumber)) return undefined
  drift('number_form')
  return String(value)
}

const longestId = 512
/** A segment of a path that would lead elsewhere, and what no path may hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const noId = /^\.+$|[\u0000-\u001f\u007f]/

/** What names a contact: a text, or a whole number of any length. */
export function asId(value: unknown, drift: NoteDrift): string | undefined {
  if (typeof value === 'number' || value instanceof ExactNumber) {
    const digits = String(value)
    if (!/^\d{1,40}$/.test(digits) || (typeof value === 'number' && !Number.isSafeInteger(value))) return undefined
    drift('number_form')
    return digits
  }
  return typeof value === 'string' && value !== '' && value.length <= longestId && !noId.test(value) ? value : undefined
}

/** A whole number, 0 or more, also where it came as a text. */
export function asCount(value: unknown, drift: NoteDrift): number | undefined {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value.trim()) ? Number(value) : value
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) return undefined
  if (count !== value) drift('number_form')
  return count
}

/** Yes or no, also as a text or a number. */
export function asFlag(value: unknown, drift: NoteDrift): boolean | undefined {
  if (typeof value === 'boolean') return value
  const word = String(value).toLowerCase()
  if (!/^(?:true|false|yes|no|[01])$/.test(word)) return undefined
  drift('number_form')
  return word === 'true' || word === 'yes' || word === '1'
}

/** A list; also one whose places are names (`{"0": …, "1": …}`). `undefined` for what is none. */
export function asList(value: unknown, drift: NoteDrift): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (!isRecord(value)) return undefined
  const names = Object.keys(value)
  if (names.length === 0 || !names.every((name) => /^\d{1,6}$/.test(name))) return undefined
  drift('list_form')
  return Object.values(value)
}

/** The members under which an object in a list of texts has its text. */
const textMembers = ['name', 'label', 'tag', 'title', 'value', 'slug'] as const

/**
 * A list of texts: also of objects that have a name, inside one more list, or one text, as JSON or with commas. What is
 * nothing in it is left out; with anything else in it nobody knows what the list holds.
 */
export function asTexts(value: unknown, drift: NoteDrift): string[] | undefined {
  if (typeof value === 'string') {
    const inner = parseText(value)
    drift(inner === undefined ? 'list_form' : 'json_text')
    if (inner !== undefined) return asTexts(inner, drift)
    const parts = value.split(',').map((part) => part.trim())
    return parts.filter((part) => part !== '')
  }
  const list = asList(value, drift)
  if (list === undefined) return undefined
  if (list.length === 1 && Array.isArray(list[0])) {
    drift('list_form')
    return asTexts(list[0], drift)
  }
  const texts: string[] = []
  for (const item of list) {
    const text = typeof item === 'string' ? item : textIn(item, drift)
    if (text === undefined) return undefined
    if (text !== '') texts.push(text)
  }
  return texts
}

/** The text of an item: empty where it holds nothing, `undefined` where it holds something else. */
function textIn(item: unknown, drift: NoteDrift): string | undefined {
  const isNothing = item === null || (isRecord(item) && Object.keys(item).length === 0)
  const text = isRecord(item) ? textMembers.map((name) => item[name]).find(isText) : asText(item, drift)
  drift(text === undefined ? 'member_type' : 'list_form')
  return isNothing ? '' : text
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** Values by name: also an empty list, a JSON text, or a list of `{name, value}`. */
export function asRecord(value: unknown, drift: NoteDrift): Record<string, unknown> | undefined {
  if (isRecord(value)) return value
  if (typeof value === 'string') {
    const inner = parseText(value)
    if (!isRecord(inner)) return undefined
    drift('json_text')
    return inner
  }
  if (!Array.isArray(value)) return undefined
  const pairs = value.map(pairOf)
  if (pairs.includes(undefined)) return undefined
  drift('list_form')
  return Object.fromEntries(pairs as [string, unknown][])
}

function pairOf(item: unknown): [string, unknown] | undefined {
  if (!isRecord(item) || !('value' in item)) return undefined
  const name = item.name ?? item.key
  return typeof name === 'string' ? [name, item.value] : undefined
}

/** The value of a JSON text; `undefined` for any other text. */
export function parseText(text: string): unknown {
  const first = text.trimStart().charAt(0)
  if (first !== '{' && first !== '[') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

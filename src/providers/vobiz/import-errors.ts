import { type Contact, displayName, numberOf } from '../../domain/contact.ts'
import { withDoubles } from '../../domain/exact-number.ts'
import { isRecord } from '../reading/coercions.ts'
import { matchNumbers } from '../reading/match-numbers.ts'

/** One error of an import's answer, whatever its form. */
type RowError = { readonly number?: string; readonly row?: number; readonly reason?: string; readonly name?: string }

/** Who failed, as far as the errors of an answer tell it. */
export type FailedRows = {
  /** Reasons by the contact's place: these failed certainly. */
  readonly certain: ReadonlyMap<number, string | undefined>
  /** Each of these may be one that failed. */
  readonly possible: ReadonlySet<number>
}

const nobody: FailedRows = { certain: new Map(), possible: new Set() }

/** The first row may be 0 or 1, or the second line of a file whose first one is its header. */
const bases = [0, 1, 2]

/**
 * Finds the contacts that errors are about. A row is matched by its number, or by a text that fits one contact alone. Where
 * rows begin to count is learnt from those that were matched; where that is not possible, an error is about one of the
 * contacts that its row may mean. `failed`: so many failed by the counts of the answer.
 */
export function findFailedRows(errors: unknown, contacts: readonly Contact[], failed: number): FailedRows {
  const read = readErrors(errors)
  if (read.length === 0 && failed === 0) return nobody
  const places = matchErrors(read, contacts)
  const certain = new Map<number, string | undefined>()
  const base = learnBase(read, places, contacts)
  const unmatched: RowError[] = []
  read.forEach((error, index) => {
    const place = places[index] ?? (base === undefined || error.row === undefined ? undefined : error.row - base)
    if (place !== undefined && contacts[place] !== undefined) certain.set(place, error.reason)
    else unmatched.push(error)
  })
  if (certain.size > failed) return { certain: new Map(), possible: new Set(contacts.keys()) }
  const isClear = certain.size === failed && unmatched.length === 0
  const possible = isClear ? new Set<number>() : placesOf(unmatched, certain, contacts, failed)
  return { certain, possible }
}

/** The contacts that may be meant by errors that could not be matched, or that failed without an error. */
function placesOf(
  errors: readonly RowError[],
  certain: ReadonlyMap<number, unknown>,
  contacts: readonly Contact[],
  failed: number,
): ReadonlySet<number> {
  const others = [...contacts.keys()].filter((place) => !certain.has(place))
  const perError = errors.map(({ row }) => (row === undefined ? [] : rowsMeant(row, contacts, certain)))
  const isTold = certain.size + errors.length >= failed && perError.every((places) => places.length > 0)
  return new Set(isTold ? perError.flat() : others)
}

function rowsMeant(row: number, contacts: readonly Contact[], certain: ReadonlyMap<number, unknown>): number[] {
  const places = [...bases.map((base) => row - base), ...placesAtLine(row, contacts)]
  return places.filter((place) => contacts[place] !== undefined && !certain.has(place))
}

/** The contact whose name, which may have several lines, stands at a line of the file. */
function placesAtLine(line: number, contacts: readonly Contact[]): number[] {
  if (!contacts.some(hasLines)) return []
  let first = 2
  for (const [place, contact] of contacts.entries()) {
    const next = first + lineBreaks(contact) + 1
    if (line < next) return line >= first ? [place] : []
    first = next
  }
  return []
}

function hasLines(contact: Contact): boolean {
  return lineBreaks(contact) > 0
}

function lineBreaks(contact: Contact): number {
  return displayName(contact)?.match(/\r\n|\n|\r/g)?.length ?? 0
}

/** What the row of the first contact is, where all errors that were matched agree on it. */
function learnBase(
  errors: readonly RowError[],
  places: readonly (number | undefined)[],
  contacts: readonly Contact[],
): number | undefined {
  const learnt = new Set<number>()
  errors.forEach(({ row }, index) => {
    const place = places[index]
    if (row !== undefined && place !== undefined) learnt.add(row - place)
  })
  // Where names have several lines, lines and rows part on the way.
  return learnt.size === 1 && !contacts.some(hasLines) ? [...learnt][0] : undefined
}

function matchErrors(errors: readonly RowError[], contacts: readonly Contact[]): readonly (number | undefined)[] {
  const byNumber = matchNumbers(
    errors.map(({ number }) => number),
    contacts.map(numberOf),
  )
  return byNumber.map((place, index) => place ?? placeByTexts(errors[index] as RowError, contacts))
}

const numberInText = /\+?\d[\d\s().-]{5,20}\d/g

/** By a number that stands in the reason, or by a name that is one contact's alone. */
function placeByTexts({ reason, name }: RowError, contacts: readonly Contact[]): number | undefined {
  const inReason = matchNumbers(reason?.match(numberInText) ?? [], contacts.map(numberOf))
  const told = new Set(inReason.filter((place) => place !== undefined))
  if (told.size === 1) return [...told][0]
  if (name === undefined || name.trim() === '') return undefined
  const named = [...contacts.keys()].filter((place) => displayName(contacts[place] as Contact)?.trim() === name.trim())
  return named.length === 1 ? named[0] : undefined
}

/** Errors as a list of objects or of texts, or as an object whose names are rows. */
function readErrors(errors: unknown): readonly RowError[] {
  if (Array.isArray(errors)) return errors.map(readError)
  if (!isRecord(errors)) return []
  return Object.entries(errors).map(([row, error]) => ({
    ...readError(Array.isArray(error) ? error[0] : error),
    ...optional('row', rowOf(row)),
  }))
}

const rowInText = /\b(?:row|line|zeile|ligne|linha|fila)\s*(?:(?:no\.?|number|#)\s*)?(?::\s*)?(\d{1,7})\b/i

function readError(error: unknown): RowError {
  if (typeof error === 'string') {
    return { reason: error, ...optional('row', rowOf(rowInText.exec(error)?.[1])) }
  }
  if (!isRecord(error)) return {}
  const { row, line, row_number, index, phone_number, phone, number, reason, message, error: said, name } = error
  const text = [reason, message, said].find((one) => typeof one === 'string')
  const shown = withDoubles(phone_number ?? phone ?? number)
  return {
    ...optional('row', rowOf(row ?? row_number ?? line ?? index)),
    ...optional('number', shown === undefined || shown === null ? undefined : String(shown)),
    ...optional('reason', text as string | undefined),
    ...optional('name', typeof name === 'string' ? name : undefined),
  }
}

function rowOf(value: unknown): number | undefined {
  const row = typeof value === 'string' && /^\d{1,7}$/.test(value.trim()) ? Number(value) : value
  return typeof row === 'number' && Number.isSafeInteger(row) && row >= 0 ? row : undefined
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [N in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [N in Name]?: Value }
}

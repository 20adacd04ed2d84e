import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { ExactNumber, isBeyondExact, withDoubles } from '../../domain/exact-number.ts'
import { readNumbers } from '../../domain/read-numbers.ts'
import { errorLister, type SchemaError } from './list-errors.ts'
import { holdsExactNumbers } from './strict-json.ts'

export type CheckedBody<Value> = { readonly value: Value } | { readonly errors: readonly SchemaError[] }

/** Whole numbers are for the gateway itself; what a schema calls a number is carried as it is written. */
const readTypes: ReadonlySet<unknown> = new Set(['integer'])

/** Makes the check of a JSON body, or of a part of one, that `parseStrictJson` read. */
export function bodyChecker<Schema extends TSchema>(schema: Schema): (body: unknown) => CheckedBody<Static<Schema>> {
  const validator = Compile(schema)
  const listErrors = errorLister(schema)
  const errorsOf = (value: unknown) => (validator.Check(value) ? [] : listErrors(value))
  return (body) => {
    const exact = holdsExactNumbers(body)
    // A schema knows nothing of exact numbers: it is asked about ordinary ones in their places.
    const errors = errorsOf(exact ? withDoubles(body) : body)
    if (exact) errors.push(...numberErrors(body, errors))
    if (errors.length > 0) return { errors }
    return { value: (exact ? readNumbers(body, schema, readTypes) : body) as Static<Schema> }
  }
}

/** The longest text that may stand for a number. */
const longestNumber = 1000
/** More are never shown. */
const mostErrors = 400

/** Errors of numbers in places where a number may stand. */
function numberErrors(body: unknown, errors: readonly SchemaError[]): SchemaError[] {
  const wrong = new Set(errors.filter(({ keyword }) => misplaced.has(keyword)).map(({ instancePath }) => instancePath))
  const found: SchemaError[] = []
  const look = (value: unknown, path: string) => {
    if (found.length >= mostErrors || typeof value !== 'object' || value === null) return
    if (value instanceof ExactNumber) {
      const fault = faultOf(value)
      if (fault !== undefined && !wrong.has(path)) found.push({ ...fault, instancePath: path, params: {} })
    } else if (!wrong.has(path)) {
      const members = value as Record<string, unknown>
      for (const name in members)
        if (typeof members[name] === 'object') look(members[name], `${path}/${escapePointer(name)}`)
    }
  }
  look(body, '')
  return found
}

/** Errors that say that something else should stand there, or nothing: nothing more need be said of the number. */
const misplaced: ReadonlySet<string> = new Set(['type', 'boolean'])

function faultOf(number: ExactNumber): Pick<SchemaError, 'keyword' | 'message'> | undefined {
  if (isBeyondExact(number)) return tooLarge
  return String(number).length > longestNumber ? tooLong : undefined
}

const tooLarge = {
  keyword: 'number_too_large',
  message: `must not be beyond ±${2 ** 53}, where numbers are rounded by many that read them; send it as a string`,
}
const tooLong = {
  keyword: 'number_too_long',
  message: `must not be written with more than ${longestNumber} characters; send it as a string`,
}

function escapePointer(name: string): string {
  return name.includes('~') || name.includes('/') ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name
}

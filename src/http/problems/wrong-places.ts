import type { TSchema } from 'typebox'
import type { SchemaError } from '../requests/list-errors.ts'
import type { ProblemPlace } from './problems.ts'
import { adviceForMember, frame } from './unknown-members.ts'
import { schemaAt, valueAt } from './value-at.ts'

/** What was checked: its value, and the schema that it does not match. */
export type Checked = { readonly schema: TSchema; readonly value: unknown }

/** Said of what other errors say better. */
const echoes: ReadonlySet<string> = new Set(['additionalProperties', 'anyOf', 'propertyNames'])

/** One more than an answer shows: it says then that there are more. What to do about each costs more than to find it. */
const mostPlaces = 101

/** One entry a place: TypeBox reports each branch of a union and both sides of a refused member. */
export function wrongPlaces(errors: readonly SchemaError[], checked: Checked, prefix: string): ProblemPlace[] {
  const told = errors.filter(({ keyword }) => !echoes.has(keyword))
  const byPlace = Map.groupBy(told, ({ instancePath }) => instancePath)
  const found = [...byPlace].slice(0, mostPlaces).flatMap(([path, ofPlace]) => {
    const missing = ofPlace.filter(({ keyword }) => keyword === 'required')
    const others = ofPlace.filter(({ keyword }) => keyword !== 'required')
    return [
      ...missing.flatMap((error) => missingMembers(error, checked, prefix)),
      ...(others.length === 0 ? [] : [wrongValue(path, others, checked, prefix)]),
    ]
  })
  // A member that is there and wrong is not missing.
  return [...new Map(found.map((place) => [place.pointer, place])).values()]
}

function missingMembers({ instancePath, params }: SchemaError, { value }: Checked, prefix: string): ProblemPlace[] {
  const { requiredProperties } = params as { requiredProperties: readonly string[] }
  return requiredProperties.map((name) => ({
    pointer: `${prefix}${instancePath}/${name}`,
    code: 'required',
    detail: name === 'contacts' && instancePath === '' ? frame(value) : 'This member is required.',
  }))
}

/** A pointer that is longer leads to nothing that a caller can mend by it. */
const longestPointer = 300

function wrongValue(path: string, errors: readonly SchemaError[], checked: Checked, prefix: string): ProblemPlace {
  const whole = encodeURI(path.slice(0, longestPointer).toWellFormed())
  const pointer = prefix + whole.slice(0, longestPointer).replace(/%.?$/, '')
  const telling =
    errors.find(({ keyword }) => keyword === 'pattern') ??
    errors.find(({ keyword }) => keyword !== 'type') ??
    (errors[0] as SchemaError)
  const { keyword } = telling
  if (keyword === 'boolean') return { pointer, code: 'unknown_member', detail: adviceForMember(path, checked) }
  if (keyword === 'type') return { pointer, code: keyword, detail: wrongType(path, errors, checked) }
  if (keyword === 'const') return { pointer, code: keyword, detail: oneOf(errors.flatMap(constOf)) }
  return { pointer, code: keyword, detail: inWords(telling, checked.schema) }
}

function constOf({ keyword, params }: SchemaError): unknown[] {
  return keyword === 'const' ? [(params as { allowedValue: unknown }).allowedValue] : []
}

function oneOf(values: readonly unknown[]): string {
  return `It has to be ${values.map((value) => JSON.stringify(value)).join(' or ')}.`
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
}

function wrongType(path: string, errors: readonly SchemaError[], { schema, value }: Checked): string {
  if (path === '' && 'contacts' in ((schema as { properties?: object }).properties ?? {})) return frame(value)
  const wanted = errors
    .filter(({ keyword }) => keyword === 'type')
    .map(({ params }) => (params as { type: string }).type)
  const came = typeOf(valueAt(value, path))
  const words = wanted.map((type) => typeWords[type] ?? type).join(' or ')
  return `It is ${typeWords[came]}, and has to be ${words}.${mendType(came, wanted)}`
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  const type = typeof value
  return type in typeWords ? type : 'object'
}

function mendType(came: string, wanted: readonly string[]): string {
  if (came === 'null') return ' Leave it out instead.'
  if (wanted.includes('array')) return ' Put it in brackets: [ … ].'
  if (wanted.includes('string') && (came === 'number' || came === 'boolean')) return ' Put it in quotes: " … ".'
  return ''
}

type Params = { readonly limit: number; readonly allowedValues: readonly unknown[] }

/** What each rule of a schema is to people. */
const rules: Readonly<Record<string, (params: Params) => string>> = {
  maxLength: ({ limit }) => `It has more than ${limit} characters, which is the most. Shorten it.`,
  minLength: ({ limit }) =>
    limit === 1 ? 'It is empty. Leave it out instead.' : `It has less than ${limit} characters.`,
  maxItems: ({ limit }) => `It has more than ${limit} items, which is the most.`,
  minItems: () => 'It is empty. Put something into it.',
  maxProperties: ({ limit }) => `It has more than ${limit} members, which is the most.`,
  minProperties: () => 'It is empty. Name what is to be changed.',
  minimum: ({ limit }) => `It has to be at least ${limit}.`,
  maximum: ({ limit }) => `It has to be at most ${limit}.`,
  uniqueItems: () => 'It names something twice. Name it once.',
  enum: ({ allowedValues }) => oneOf(allowedValues),
}

function inWords({ keyword, params, message, instancePath }: SchemaError, schema: TSchema): string {
  const rule = rules[keyword]
  if (rule !== undefined) return rule(params as Params)
  if (keyword !== 'pattern') return `It ${message}.`
  const example = (schemaAt(schema, instancePath) as { examples?: readonly unknown[] } | undefined)?.examples?.[0]
  return `It is not of the right form${example === undefined ? '' : `, which is for example ${JSON.stringify(example)}`}.`
}

import type { Static, TSchema } from 'typebox'
import Value from 'typebox/value'
import { describeSchema, type SchemaView } from './describe-schema.ts'
import type { Mistakes, Path } from './mistakes.ts'

/** What reading a value by a schema needs. `expand` gives `undefined` when it noted a mistake. */
export type ShapeReading = {
  readonly mistakes: Mistakes
  expand(text: string, path: Path): string | undefined
}

/** A value of which everything wrong has been taken out, so that the rest can be checked too. */
export type Sound<T> = T extends readonly (infer Item)[]
  ? readonly (Sound<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Sound<T[Key]> }
    : T

/**
 * Reads a value by a schema: fills in defaults, expands variables in every text, refuses unknown keys whether the
 * schema closes its objects or not, and notes every mistake at its place. TypeBox's own errors are not used: they stop
 * at eight, and a union's are several for one mistake. A copy comes back, without what was wrong; `undefined` when
 * nothing of it is right.
 */
export function readShape<Schema extends TSchema>(
  schema: Schema,
  value: unknown,
  path: Path,
  reading: ShapeReading,
): Sound<Static<Schema>> | undefined {
  return readValue(schema as SchemaView, value, path, reading) as Sound<Static<Schema>> | undefined
}

function readValue(schema: SchemaView, value: unknown, path: Path, reading: ShapeReading): unknown {
  if (schema.readApart === true) return value
  const before = reading.mistakes.count
  const read = readParts(schema, value, path, reading)
  if (reading.mistakes.count === before && !Value.Check(schema as TSchema, read)) {
    reading.mistakes.add(path, `must be ${describeSchema(schema)}${hint(schema, read)}`)
    return undefined
  }
  return read
}

function readParts(schema: SchemaView, value: unknown, path: Path, reading: ShapeReading): unknown {
  const member = memberFor(schema, value)
  if (member !== undefined) return readValue(member, value, path, reading)
  if (schema.type === 'object' && isMapping(value)) return readObject(schema, value, path, reading)
  if (schema.type === 'array' && Array.isArray(value)) {
    return value.map((item, index) => readValue(schema.items ?? {}, item, [...path, index], reading))
  }
  const before = reading.mistakes.count
  const expanded = expandTexts(value, (text) => reading.expand(text, path))
  return reading.mistakes.count === before ? expanded : undefined
}

/** Of a list or a mapping, what a union has for it: so that a mistake in it is told at its own place. */
function memberFor({ anyOf }: SchemaView, value: unknown): SchemaView | undefined {
  if (anyOf === undefined) return undefined
  const kind = Array.isArray(value) ? 'array' : isMapping(value) ? 'object' : undefined
  return kind && anyOf.find(({ type }) => type === kind)
}

/** Expands every text in a value whose parts have no schemas of their own. Their places are not shown, see below. */
function expandTexts(value: unknown, expand: (text: string) => string | undefined): unknown {
  if (typeof value === 'string') return expand(value)
  if (Array.isArray(value)) return value.map((item) => expandTexts(item, expand))
  if (!isMapping(value)) return value
  return toMapping(Object.entries(value).map(([key, member]) => [key, expandTexts(member, expand)]))
}

/** Makes own members of `__proto__` and the like, where an assignment would not. */
function toMapping(members: readonly (readonly [string, unknown])[]): Mapping {
  return Object.fromEntries(members)
}

function readObject(schema: SchemaView, value: Mapping, path: Path, reading: ShapeReading): Mapping {
  const members: [string, unknown][] = []
  const unknownKeys: string[] = []
  for (const [key, member] of Object.entries(value)) {
    const memberSchema = schemaOfMember(schema, key)
    if (memberSchema === undefined) unknownKeys.push(key)
    else members.push([key, readValue(memberSchema, member, [...path, key], reading)])
  }
  refuseUnknownKeys(schema, unknownKeys, path, reading.mistakes)
  for (const [key, memberSchema] of Object.entries(schema.properties ?? {})) {
    if (Object.hasOwn(value, key)) continue
    if (memberSchema.default !== undefined) {
      members.push([key, readValue(memberSchema, memberSchema.default, [...path, key], reading)])
    } else if (schema.required?.includes(key)) {
      reading.mistakes.add([...path, key], 'is missing')
    }
  }
  return toMapping(members.filter(([, member]) => member !== undefined))
}

function schemaOfMember(schema: SchemaView, key: string): SchemaView | undefined {
  if (schema.properties !== undefined && Object.hasOwn(schema.properties, key)) return schema.properties[key]
  for (const [pattern, memberSchema] of Object.entries(schema.patternProperties ?? {})) {
    if (new RegExp(pattern, 'u').test(key)) return memberSchema
  }
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined
}

/**
 * Notes keys that the schema does not have. A secret can become a key by a slip (`credentials: {s3cr3t}` is valid
 * YAML): the name is shown only where a typing error is likelier, outside of `secretKeys` and when it is a short word.
 */
function refuseUnknownKeys(schema: SchemaView, keys: readonly string[], path: Path, mistakes: Mistakes): void {
  const known = Object.keys(schema.properties ?? {})
  const pattern = Object.keys(schema.patternProperties ?? {})[0]
  const allowed = known.length > 0 ? `the keys here are ${known.join(', ')}` : `keys must match ${pattern ?? '(none)'}`
  for (const key of keys) {
    if (schema.secretKeys !== true && /^[A-Za-z_]\w{0,29}$/.test(key)) {
      mistakes.add([...path, key], `is not known; ${allowed}`)
    } else {
      mistakes.add(path, `has a key that is not known (not shown here, as it may be a secret); ${allowed}`)
    }
  }
}

/** What was given instead, by its kind only. */
function hint(schema: SchemaView, value: unknown): string {
  if (value === null) return '; it is empty'
  if (schema.type !== 'string') return ''
  return typeof value === 'number' || typeof value === 'boolean' ? '; put it in quotes' : ''
}

export type Mapping = Readonly<Record<string, unknown>>

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

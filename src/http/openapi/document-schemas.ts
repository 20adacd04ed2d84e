type Schema = Record<string, unknown>

/** Marks a schema of any JSON value; in the document it is a named type, as generated clients make little of none. */
export const anyJson = { 'x-json': true }

const mostItems = 100_000
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const scalars = ['string', 'number', 'boolean', 'null'].map((type) => ({ type }))

/** Lists and objects of another type, or a value without parts. */
function nested(inner: string) {
  return {
    description: 'A JSON value, as a provider has it.',
    anyOf: [
      ...scalars,
      { type: 'array', maxItems: mostItems, items: ref(inner) },
      { type: 'object', additionalProperties: ref(inner) },
    ],
  }
}

/** For `components.schemas`. A type for each depth, since types that hold themselves are beyond several generators. */
export const sharedSchemas = {
  JsonScalar: { description: 'A JSON value without parts.', anyOf: scalars },
  JsonDepth1: nested('JsonScalar'),
  JsonDepth2: nested('JsonDepth1'),
  JsonDepth3: nested('JsonDepth2'),
  JsonValue: nested('JsonDepth3'),
}

/** Puts what generators of clients stumble over into a form that all of them read. The meaning is the same. */
export function plainSchemas(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(plainSchemas)
  if ((value as Schema)['x-json'] === true) return ref('JsonValue')
  // Of names of members that are limited one generator makes names of any type; the description says the limit.
  const members = Object.entries(value).filter(([name]) => name !== 'propertyNames')
  const copy = Object.fromEntries(members.map(([name, member]) => [name, plainSchemas(member)]))
  return Array.isArray(copy.anyOf) ? asEnum(copy, copy.anyOf) : copy
}

/** A union of words is an enumeration. */
function asEnum(schema: Schema, branches: readonly Schema[]): Schema {
  const words = branches.map(({ type, enum: only, const: word = Array.isArray(only) ? only[0] : undefined }) =>
    type === 'string' && word !== undefined ? word : undefined,
  )
  if (words.includes(undefined)) return schema
  const { anyOf: _, ...rest } = schema
  return { type: 'string', enum: words, ...rest }
}

/** An answer without content has none in the document either. */
export function emptyNoContent(paths: object): void {
  for (const operations of Object.values(paths))
    for (const { responses = {} } of Object.values(operations as Record<string, { responses?: object }>)) {
      const none = (responses as Record<string, { content?: unknown }>)['204']
      if (none !== undefined) delete none.content
    }
}

/** A schema as the data that it is, with the options of schema.ts. */
export type SchemaView = {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  /** Completes "must be …". */
  readonly expects?: string
  /** Passed on as it is, for a reader of its own. */
  readonly readApart?: boolean
  /** Names of unknown members are not shown. */
  readonly secretKeys?: boolean
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly SchemaView[]
  readonly items?: SchemaView
  readonly minItems?: number
  readonly properties?: Readonly<Record<string, SchemaView>>
  readonly patternProperties?: Readonly<Record<string, SchemaView>>
  readonly additionalProperties?: boolean | SchemaView
  readonly required?: readonly string[]
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
}

/** What a schema wants, in words that complete "must be …". They are made from the schema alone, never from a value. */
export function describeSchema(schema: SchemaView): string {
  if (schema.expects !== undefined) return schema.expects
  if (schema.const !== undefined) return String(schema.const)
  if (schema.enum !== undefined) return `one of ${schema.enum.map(String).join(', ')}`
  if (schema.anyOf !== undefined) return schema.anyOf.map(describeSchema).join(' or ')
  switch (schema.type) {
    case 'boolean':
      return 'true or false'
    case 'integer':
      return `a whole number${describeRange(schema)}`
    case 'number':
      return `a number${describeRange(schema)}`
    case 'string':
      return `text${describeText(schema)}`
    case 'null':
      return 'null'
    case 'array':
      return schema.minItems === undefined ? 'a list' : `a list of at least ${schema.minItems}`
    case 'object':
      return 'a mapping of keys to values'
    default:
      return 'of another form'
  }
}

function describeRange({ minimum, maximum, exclusiveMinimum }: SchemaView): string {
  if (minimum !== undefined) return maximum === undefined ? ` from ${minimum}` : ` from ${minimum} to ${maximum}`
  const bounds: string[] = []
  if (exclusiveMinimum !== undefined) bounds.push(`above ${exclusiveMinimum}`)
  if (maximum !== undefined) bounds.push(`at most ${maximum}`)
  return bounds.length === 0 ? '' : ` ${bounds.join(' and ')}`
}

function describeText({ minLength, maxLength, pattern, description }: SchemaView): string {
  const parts: string[] = []
  if (maxLength !== undefined) parts.push(` of ${minLength ?? 0} to ${maxLength} characters`)
  else if (minLength !== undefined) parts.push(` of at least ${minLength} characters`)
  if (pattern !== undefined) parts.push(` that matches ${pattern}`)
  if (description !== undefined) parts.push(` (${description})`)
  return parts.join('')
}

import type { TSchema } from 'typebox'

/** The names in a JSON Pointer. */
export function segmentsOf(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** What stands at a JSON Pointer in a value; `undefined` where nothing does. */
export function valueAt(value: unknown, path: string): unknown {
  return segmentsOf(path).reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
        ? (inner as Record<string, unknown>)[name]
        : undefined,
    value,
  )
}

type AnySchema = {
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly patternProperties?: Readonly<Record<string, TSchema>>
  readonly items?: TSchema
  readonly anyOf?: readonly TSchema[]
}

/** The schema of what stands at a JSON Pointer: of a union the first that has something to say. */
export function schemaAt(schema: TSchema, path: string): TSchema | undefined {
  return segmentsOf(path).reduce<TSchema | undefined>((outer, name) => outer && innerSchema(outer, name), schema)
}

function innerSchema(outer: TSchema, name: string): TSchema | undefined {
  const { properties = {}, patternProperties = {}, items, anyOf = [] } = outer as AnySchema
  if (Object.hasOwn(properties, name)) return properties[name]
  const [ofPattern] = Object.values(patternProperties)
  if (ofPattern !== undefined) return ofPattern
  if (items !== undefined) return items
  for (const one of anyOf) {
    const inner = innerSchema(one, name)
    if (inner !== undefined) return inner
  }
  return undefined
}

/** The members that an object at a JSON Pointer may have; none for one that takes any. */
export function membersAt(schema: TSchema, path: string): readonly string[] {
  const { properties, anyOf = [] } = (schemaAt(schema, path) ?? {}) as AnySchema
  if (properties !== undefined) return Object.keys(properties)
  return anyOf.flatMap((one) => Object.keys((one as AnySchema).properties ?? {}))
}

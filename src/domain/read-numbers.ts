import { ExactNumber, nearestDouble } from './exact-number.ts'

/** What is looked at of a JSON schema. */
type Schema = {
  readonly type?: unknown
  readonly properties?: Readonly<Record<string, object>>
  readonly patternProperties?: Readonly<Record<string, object>>
  readonly items?: unknown
  readonly anyOf?: readonly object[]
}

/**
 * The value with an ordinary number wherever the schema asks for one of these types: 20.0 for a count is 20. What only
 * passes through keeps its `ExactNumber`. The value itself when there is nothing to change.
 */
export function readNumbers(value: unknown, schema: object, types: ReadonlySet<unknown>): unknown {
  const { type, properties, patternProperties, items, anyOf } = schema as Schema
  if (value instanceof ExactNumber) {
    const isRead = types.has(type) || anyOf?.some((member) => types.has((member as Schema).type)) === true
    return isRead ? nearestDouble(value) : value
  }
  if (typeof value !== 'object' || value === null) return value
  if (anyOf !== undefined) return anyOf.reduce((read, member) => readNumbers(read, member, types), value as unknown)
  if (Array.isArray(value)) {
    if (typeof items !== 'object' || items === null) return value
    return unlessSame(
      value,
      value.map((item) => readNumbers(item, items, types)),
    )
  }
  const [everyMember] = Object.values(patternProperties ?? {})
  const members = Object.entries(value).map(([name, member]) => {
    const known = Object.hasOwn(properties ?? {}, name) ? properties?.[name] : everyMember
    return [name, known === undefined ? member : readNumbers(member, known, types)] as const
  })
  return members.some(([name, member]) => member !== (value as Record<string, unknown>)[name])
    ? Object.fromEntries(members)
    : value
}

function unlessSame(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.some((item, index) => item !== before[index]) ? after : before
}

import type { Static, TObject } from 'typebox'
import { answerReader } from '../read-answer.ts'
import { type Coercion, isRecord } from './coercions.ts'
import type { NoteDrift } from './drift.ts'

/** For each member of a schema, how a value of another form is read. */
export type Coercions<Shape> = {
  readonly [Member in keyof Shape]-?: Coercion<Exclude<Shape[Member], null | undefined>>
}

/** Reads a value in its documented form or, where it has another one, member by member. */
export type TolerantReader<Shape> = (value: unknown, drift: NoteDrift) => Shape | undefined

/**
 * Makes a reader of objects. The documented form is one check of the schema. In any other, each member is read by its
 * coercion, one that cannot be read is left out, and `undefined` is what lacks a member that the schema requires.
 */
export function objectReader<Schema extends TObject>(
  schema: Schema,
  coercions: Coercions<Static<Schema>>,
): TolerantReader<Static<Schema>> {
  const readDocumented = answerReader(schema)
  const members = Object.entries(coercions) as [string, Coercion<unknown>][]
  return (value, drift) => {
    const documented = readDocumented(value)
    if (documented !== undefined) return documented
    if (!isRecord(value)) return undefined
    const read: Record<string, unknown> = {}
    for (const [name, coerce] of members) {
      const member = Object.hasOwn(value, name) ? value[name] : undefined
      if (member === undefined || member === null) continue
      const coerced = coerce(member, drift)
      if (coerced === undefined) drift('member_type')
      else read[name] = coerced
    }
    return readDocumented(read)
  }
}

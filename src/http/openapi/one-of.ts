import { Type } from 'typebox'

/** A string out of a list; one schema with `enum` reads better in a document than a union of literals. */
export function oneOf<Word extends string>(words: readonly Word[], description: string) {
  return Type.Unsafe<Word>({ type: 'string', enum: [...words], description })
}

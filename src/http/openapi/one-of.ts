import { Type } from 'typebox'

/**
 * A string out of a list, which is a type of its own where it has a `title`; one schema with `enum` reads better in a
 * document than a union of literals. `names`: what generated clients may call words that are no names.
 */
export function oneOf<Word extends string>(
  words: readonly Word[],
  description: string,
  title?: string,
  names?: readonly string[],
) {
  return Type.Unsafe<Word>({
    type: 'string',
    enum: [...words],
    description,
    ...(title !== undefined && { title }),
    ...(names !== undefined && { 'x-enum-varnames': names, 'x-enumNames': names }),
  })
}

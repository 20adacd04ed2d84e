import names from './header-names.json' with { type: 'json' }
import { type ContactField, splitWords, wordPattern } from './header-names.ts'

type Kind = { readonly words: readonly (string | readonly string[])[] }

/** Behind all first ones. */
const second = wordPattern(names.order.second)
const kinds = new Map(
  Object.entries(names.order.fields).map(([field, ofField]) => [
    field as ContactField,
    ofField.map(({ words }: Kind) => (words.length === 0 ? undefined : wordPattern(words.flat()))),
  ]),
)

/**
 * The place of a column among others of the same field, by its name: a mobile number before others, those before one at
 * work. `undefined` where names do not tell, and a guess would lose one of them.
 */
export function placeOfName(field: ContactField, header: string): number | undefined {
  const ofField = kinds.get(field)
  if (ofField === undefined) return undefined
  const words = splitWords(header)
  const named = ofField.findIndex((pattern) => pattern !== undefined && words.some((word) => pattern.test(word)))
  const place = named < 0 ? ofField.indexOf(undefined) : named
  if (place < 0) return undefined
  return words.some((word) => second.test(word)) ? ofField.length + place : place
}

import { type Static, Type } from 'typebox'
import type { Path } from './mistakes.ts'
import { isMadeUp, parseRandomKey } from './random-key.ts'
import type { Sound } from './read-shape.ts'
import type { Reading } from './reading.ts'
import { Secret } from './secret.ts'

/** Keys by which addresses on the suppression list are told. */
export const SuppressionsSchema = Type.Object(
  {
    /** Absent: one that is made once and kept in the store. */
    key: Type.Optional(Type.String()),
    /** Keys that the list was made with before. */
    oldKeys: Type.Array(Type.String(), { default: [], expects: 'a list of keys' }),
  },
  { default: {} },
)

export type SuppressionsConfig = { readonly key: Secret | undefined; readonly oldKeys: readonly Secret[] }

/** Notes keys that are none, were made up, or stand there twice. */
export function readSuppressions(
  { key, oldKeys = [] }: Sound<Static<typeof SuppressionsSchema>>,
  path: Path,
  reading: Reading,
): SuppressionsConfig {
  const known = new Set<string>()
  const read = (text: string | undefined, place: Path): Secret[] => {
    if (text === undefined) return []
    const bytes = parseRandomKey(text)
    const mistake = bytes === undefined ? noKey : isMadeUp(bytes) ? madeUp : undefined
    const name = bytes?.toString('hex') ?? ''
    if (mistake !== undefined) reading.mistakes.add(place, mistake)
    else if (known.has(name)) reading.mistakes.add(place, 'is the same key as another')
    known.add(name)
    return [new Secret(text)]
  }
  const [first] = read(key, [...path, 'key'])
  return { key: first, oldKeys: oldKeys.flatMap((text, index) => read(text, [...path, 'oldKeys', index])) }
}

/** The bytes of the keys of a configuration that was checked. */
export function suppressionKeyBytes({ key, oldKeys }: SuppressionsConfig) {
  const bytesOf = (secret: Secret) => parseRandomKey(secret.reveal()) as Buffer
  return { key: key && bytesOf(key), oldKeys: oldKeys.map(bytesOf) }
}

const makeOne = '`openssl rand -hex 32` makes one'
const noKey = `must be 32 random bytes in base64url or hexadecimal: ${makeOne}`
const madeUp = `must be 32 random bytes, not ones that somebody made up: ${makeOne}`

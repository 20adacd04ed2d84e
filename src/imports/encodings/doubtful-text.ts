import { isUtf8 } from 'node:buffer'
import { mostNatural } from './guess-encoding.ts'
import { naturalness } from './natural-text.ts'
import { encodeExactly } from './text-encoding.ts'

/** A text that was read in a wrong encoding, most likely, and in which one it seems to have been written. */
export type Doubt = { readonly example: string; readonly seemsToBe: string | undefined }

/** In which texts are read by mistake, if they were damaged before they came here. */
const usuallyMistaken = ['windows-1252', 'windows-1251', 'windows-1250', 'macintosh']
/** A text that is read so much better in another way was written in that way. */
const clearlyBetter = 0.2
const natural = 0.8
const unnatural = 0.5
/** Fewer, beyond ASCII, may be an odd name. */
const enoughCharacters = 3

/**
 * Looks for what a wrong encoding leaves behind: replacement characters, control characters of Latin-1, private characters, `Ã©` for
 * `é`, and words of letters that no language has together, which another encoding makes words. `readIn` is the encoding of the file;
 * `undefined`: UTF-8.
 */
export function findDoubt(texts: readonly string[], readIn: string | undefined): Doubt | undefined {
  const damaged = texts.find((text) => /[\ufffd\u0080-\u009f]|\p{Co}/u.test(text))
  const mistaken = readIn === undefined || readIn.startsWith('utf-16') ? usuallyMistaken : [readIn]
  for (const encoding of mistaken) {
    const example = texts.find((text) => isUtf8ReadIn(text, encoding))
    if (example !== undefined) return { example, seemsToBe: 'utf-8' }
    const better = readBetter(texts, encoding)
    if (better !== undefined) return { ...better, ...(damaged !== undefined && { example: damaged }) }
  }
  return damaged === undefined ? undefined : { example: damaged, seemsToBe: undefined }
}

function isUtf8ReadIn(text: string, encoding: string): boolean {
  const mended = text.replace(/[^\p{ASCII}]{2,}/gu, (run) => {
    const bytes = encodeExactly(run, encoding)
    return bytes !== undefined && isUtf8(bytes) ? Buffer.from(bytes).toString() : run
  })
  return mended !== text && (naturalness(mended) ?? 1) > (naturalness(text) ?? 1) + clearlyBetter
}

/** What most of the texts seem to be in, if they are no words as they are read. */
function readBetter(texts: readonly string[], encoding: string): Doubt | undefined {
  const telling = texts.filter((text) => encodeExactly(text, encoding) !== undefined)
  const text = telling.join('\n')
  const isEnough = 2 * telling.length >= texts.length && (text.match(/[^\p{ASCII}]/gu)?.length ?? 0) >= enoughCharacters
  if (!isEnough || (naturalness(text) ?? 1) > unnatural) return undefined
  const best = mostNatural(encodeExactly(text, encoding) as Uint8Array)
  if (best === undefined || best.natural < natural || best.encoding === encoding) return undefined
  return { example: telling[0] as string, seemsToBe: best.encoding }
}

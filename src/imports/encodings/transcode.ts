import { Utf8Check } from '../file/check-utf8.ts'
import { FileRefused } from '../file/file-refusal.ts'
import { isUtf8Instead, notInEncoding } from './encoding-refusals.ts'
import { guessEncoding } from './guess-encoding.ts'
import { decoderOf, strictDecoderOf } from './text-encoding.ts'

/** They can write U+FFFD itself, which then is text. */
const writeReplacement: ReadonlySet<string> = new Set(['utf-16le', 'utf-16be', 'gb18030', 'gbk'])

/**
 * A file as UTF-8 without a byte order mark, wherever its chunks are cut. `isPiece`: it may go on behind them, so that a
 * character which they cut is left out, and what they are does not tell what the file is.
 * @throws FileRefused for what is no text in the encoding, with its line, and at the end for a file that is UTF-8
 */
export async function* transcode(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string,
  isPiece = false,
): AsyncGenerator<Uint8Array> {
  const decoder = new LineDecoder(encoding)
  const utf8 = new Utf8Watch()
  for await (const chunk of chunks) {
    utf8.take(chunk)
    yield* decoder.take(chunk, true)
  }
  if (isPiece) return
  yield* decoder.take(new Uint8Array(0), false)
  if (utf8.isCertain()) throw new FileRefused(isUtf8Instead(encoding))
}

class LineDecoder {
  readonly #encoding: string
  readonly #decoder
  readonly #strict
  #line = 1
  #endedWithReturn = false

  constructor(encoding: string) {
    this.#encoding = encoding
    this.#decoder = decoderOf(encoding)
    this.#strict = writeReplacement.has(encoding) ? strictDecoderOf(encoding) : undefined
  }

  /** @throws FileRefused once all before it was handed on */
  *take(bytes: Uint8Array, isMoreToCome: boolean): Generator<Uint8Array> {
    const text = this.#decoder.decode(bytes, { stream: isMoreToCome })
    const isGood = this.#strict === undefined ? !text.includes('\ufffd') : isReadBy(this.#strict, bytes, isMoreToCome)
    const [good = ''] = isGood ? [text] : text.split('\ufffd', 1)
    this.#countLines(good)
    if (good !== '') yield Buffer.from(good)
    if (isGood) return
    throw new FileRefused(notInEncoding(this.#line, this.#encoding, guessEncoding(fromLineBreak(bytes, this.#line))))
  }

  /** A pair of CR and LF may come in two chunks. */
  #countLines(text: string): void {
    const isSecondHalf = this.#endedWithReturn && text.startsWith('\n')
    this.#line += (text.match(/\r\n|\n|\r/g)?.length ?? 0) - (isSecondHalf ? 1 : 0)
    if (text !== '') this.#endedWithReturn = text.endsWith('\r')
  }
}

function isReadBy(strict: TextDecoder, bytes: Uint8Array, isMoreToCome: boolean): boolean {
  try {
    strict.decode(bytes, { stream: isMoreToCome })
    return true
  } catch {
    return false
  }
}

const lineFeed = 0x0a

/** A chunk may begin inside a character, unless it is the first. */
function fromLineBreak(bytes: Uint8Array, line: number): Uint8Array {
  return line === 1 ? bytes : bytes.subarray(bytes.indexOf(lineFeed) + 1)
}

/** So many characters beyond ASCII are not UTF-8 by chance: a text of that kind in another encoding has one or two at most. */
const certainCharacters = 10

/** Looks whether a file that is declared to be something else is UTF-8. */
class Utf8Watch {
  readonly #check = new Utf8Check()
  #isPossible = true
  #characters = 0

  take(chunk: Uint8Array): void {
    if (!this.#isPossible) return
    const { text, isBroken } = this.#check.take(chunk)
    this.#isPossible = !isBroken
    // Each of them has one such byte, its first.
    for (const byte of text) if (byte >= 0xc0) this.#characters++
  }

  isCertain(): boolean {
    return this.#isPossible && !this.#check.endsBroken() && this.#characters >= certainCharacters
  }
}

import { isUtf8 } from 'node:buffer'

const none = new Uint8Array(0)

/** `text` is whole characters, all valid. When `isBroken`, what comes right after it is not UTF-8. */
export type CheckedBytes = { readonly text: Uint8Array; readonly isBroken: boolean }

/** Checks a stream of bytes for UTF-8, wherever its chunks are cut. At most three bytes are held back. */
export class Utf8Check {
  #held: Uint8Array = none

  /** The next bytes: those held back before come first, an unfinished character at the end waits for the next call. */
  take(chunk: Uint8Array): CheckedBytes {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const end = endOfWholeCharacters(bytes)
    this.#held = end === bytes.length ? none : bytes.slice(end)
    const text = bytes.subarray(0, end)
    return isUtf8(text) ? { text, isBroken: false } : { text: text.subarray(0, validLength(text)), isBroken: true }
  }

  /** True when the stream ended inside a character. */
  endsBroken(): boolean {
    return this.#held.length > 0
  }
}

function endOfWholeCharacters(bytes: Uint8Array): number {
  const { length } = bytes
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back] as number
    if (byte < 0x80) return length
    if (byte >= 0xc0) return back < lengthOfCharacter(byte) ? length - back : length
  }
  return length
}

function lengthOfCharacter(lead: number): number {
  if (lead < 0xe0) return 2
  return lead < 0xf0 ? 3 : 4
}

/** Where the first character begins that is not valid. */
function validLength(bytes: Uint8Array): number {
  let valid = 0
  let broken = bytes.length
  while (broken - valid > 1) {
    const middle = (valid + broken) >>> 1
    if (isUtf8(bytes.subarray(0, endOfWholeCharacters(bytes.subarray(0, middle))))) valid = middle
    else broken = middle
  }
  return endOfWholeCharacters(bytes.subarray(0, valid))
}

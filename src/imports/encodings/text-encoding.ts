import { normalizeEncoding, TextDecoder } from '@exodus/bytes/encoding.js'
import { createMultibyteEncoder } from '@exodus/bytes/multi-byte.js'
import { createSinglebyteEncoder } from '@exodus/bytes/single-byte.js'
import { bytesBeyondEncoder, joinEncoded } from './beyond-encoder.ts'

/**
 * Encodings as the Encoding Standard has them, there and back. Not by Node's own TextDecoder: it reads some of them in another
 * way, and takes there what is no text (docs/adr/0018).
 */

/** The standard's name for encodings that cannot be read safely. */
const unsafe = 'replacement'

/** The name of an encoding in lower case, `windows-1252` for `Latin1`; `undefined` for a label that the standard does not have. */
export function encodingOf(label: string): string | undefined {
  const name = normalizeEncoding(label)
  return name === null || name === unsafe ? undefined : name
}

/** Reads text of any encoding, also in pieces; U+FFFD stands for what is no character of it. */
export function decoderOf(encoding: string): TextDecoder {
  return new TextDecoder(encoding)
}

/** Reads text like `decoderOf`, and throws for what is no character of the encoding. */
export function strictDecoderOf(encoding: string): TextDecoder {
  return new TextDecoder(encoding, { fatal: true })
}

type Encode = (text: string) => Uint8Array

const encoders = new Map<string, Encode>()

function encoderOf(encoding: string): Encode {
  const known = encoders.get(encoding)
  if (known !== undefined) return known
  const made = makeEncoder(encoding)
  encoders.set(encoding, made)
  return made
}

const multibyte: ReadonlySet<string> = new Set([
  'gbk',
  'gb18030',
  'big5',
  'euc-jp',
  'iso-2022-jp',
  'shift_jis',
  'euc-kr',
])

function makeEncoder(encoding: string): Encode {
  if (encoding === 'utf-8') return (text) => Buffer.from(text)
  if (encoding === 'utf-16le') return (text) => Buffer.from(text, 'utf16le')
  if (encoding === 'utf-16be') return (text) => Buffer.from(text, 'utf16le').swap16()
  return multibyte.has(encoding) ? createMultibyteEncoder(encoding) : createSinglebyteEncoder(encoding)
}

/** The bytes that are read back as exactly this text; `undefined` where there are none. */
export function encodeExactly(text: string, encoding: string): Uint8Array | undefined {
  try {
    const bytes = encoderOf(encoding)(text)
    return readsBack(bytes, text, encoding) ? bytes : undefined
  } catch {
    // The encoder throws for a character that it does not have.
    return undefined
  }
}

function readsBack(bytes: Uint8Array, text: string, encoding: string): boolean {
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes) === text
}

/**
 * A text in an encoding. Whatever was read in the encoding is read back as it was; of other texts, characters that the encoding
 * lacks are written in ASCII: quotation marks and dashes as such, the others as `?`.
 */
export function encodeText(text: string, encoding: string): Uint8Array {
  return encodeExactly(text, encoding) ?? joinEncoded(encodeOneByOne([...text], encoding), encoding)
}

function encodeOneByOne(signs: readonly string[], encoding: string): Uint8Array[] {
  const written: Uint8Array[] = []
  for (let at = 0; at < signs.length; at++) {
    const sign = signs[at] as string
    // In big5 two characters may be one pair of bytes.
    const both = sign + (signs[at + 1] ?? '')
    const pair = bytesBeyondEncoder(both, encoding)
    if (pair !== undefined && both !== sign) at++
    const bytes = pair ?? encodeExactly(sign, encoding) ?? bytesBeyondEncoder(sign, encoding)
    written.push(bytes ?? encoderOf(encoding)(asciiFor[sign] ?? '?'))
  }
  return written
}

const asciiFor: Readonly<Record<string, string>> = {
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  '–': '-',
  '—': '-',
  '…': '...',
}

import { TextDecoder } from '@exodus/bytes/encoding.js'
import { createMultibyteEncoder } from '@exodus/bytes/multi-byte.js'

/**
 * The Encoding Standard reads more than it writes: signs of Hong Kong in big5, rare ones in euc-jp and shift_jis, all of Unicode
 * in gbk, katakana of half width in iso-2022-jp. What a file held of them has to come back.
 */
export function bytesBeyondEncoder(text: string, encoding: string): Uint8Array | undefined {
  if (encoding === 'gbk') return inGb18030(text)
  if (encoding === 'iso-2022-jp') return halfWidth(text)
  return sequences[encoding] === undefined ? undefined : tableOf(encoding).get(text)
}

const gb18030 = createMultibyteEncoder('gb18030')

/** It is read in the same way. */
function inGb18030(text: string): Uint8Array | undefined {
  return [...text].length === 1 ? gb18030(text) : undefined
}

const firstKatakana = 0xff61
const lastKatakana = 0xff9f

/** Between the escape sequences for katakana and for ASCII. */
function halfWidth(text: string): Uint8Array | undefined {
  const code = text.charCodeAt(0)
  if (text.length !== 1 || code < firstKatakana || code > lastKatakana) return undefined
  return Uint8Array.of(0x1b, 0x28, 0x49, code - firstKatakana + 0x21, 0x1b, 0x28, 0x42)
}

/** Characters that were encoded one by one. iso-2022-jp must not go back to ASCII between two that are not. */
export function joinEncoded(pieces: readonly Uint8Array[], encoding: string): Uint8Array {
  if (encoding !== 'iso-2022-jp') return Buffer.concat(pieces)
  const trimmed = pieces.map((piece, index) => (pieces[index + 1]?.[0] === escapeByte ? withoutReturn(piece) : piece))
  return Buffer.concat(trimmed)
}

const escapeByte = 0x1b

/** Without the escape sequence for ASCII, with which all end that begin with one. */
function withoutReturn(piece: Uint8Array): Uint8Array {
  return piece[0] === escapeByte ? piece.subarray(0, -3) : piece
}

const tables = new Map<string, ReadonlyMap<string, Uint8Array>>()

/** By text, the bytes that are read as it: made when it is first needed, in some milliseconds. */
function tableOf(encoding: string): ReadonlyMap<string, Uint8Array> {
  const known = tables.get(encoding)
  if (known !== undefined) return known
  const decoder = new TextDecoder(encoding)
  const table = new Map<string, Uint8Array>()
  for (const bytes of sequences[encoding]?.() ?? []) {
    const text = decoder.decode(bytes)
    if (!text.includes('\ufffd') && !table.has(text)) table.set(text, bytes)
  }
  tables.set(encoding, table)
  return table
}

const sequences: Readonly<Record<string, () => Iterable<Uint8Array>>> = {
  big5: () => pairs([]),
  shift_jis: () => pairs([]),
  'euc-jp': () => pairs([0x8f]),
}

function* pairs(before: readonly number[]): Generator<Uint8Array> {
  for (let lead = 0x81; lead <= 0xfe; lead++)
    for (let trail = 0x40; trail <= 0xfe; trail++) yield Uint8Array.of(...before, lead, trail)
}

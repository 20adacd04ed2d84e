import { isUtf8 } from 'node:buffer'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib'

/** A body as text. `recoded`: it was compressed, or began with a byte order mark, or was no UTF-8. */
export type DecodedBody = { readonly text: string; readonly recoded: boolean } | { readonly lost: 'tooLarge' }

const decompressions = {
  gzip: promisify(gunzip),
  deflate: inflateEither,
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
}

/** Some servers leave out the header that belongs to it. */
async function inflateEither(bytes: Buffer, options: { readonly maxOutputLength: number }): Promise<Buffer> {
  const isZlib = ((bytes[0] ?? 0) & 0x0f) === 8 && bytes.length > 1 && bytes.readUInt16BE(0) % 31 === 0
  return promisify(isZlib ? inflate : inflateRaw)(bytes, options)
}

/** True for what is read as it is, which is nearly everything: no compression is asked for. */
export function isPlain(bytes: Buffer, encoding: string | undefined): boolean {
  return (encoding === undefined || encoding === 'identity') && !hasMark(bytes) && !isGzip(bytes) && isUtf8(bytes)
}

/** A byte order mark in UTF-8. */
function hasMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}

/** No text begins like this: some proxies compress without saying so. */
function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/**
 * Takes compression and a byte order mark from a body. What unpacks to more than `maxBytes` is too large; what cannot be
 * unpacked is handed on as it is, and read by nobody.
 */
export async function decodeBody(bytes: Buffer, encoding: string | undefined, maxBytes: number): Promise<DecodedBody> {
  try {
    let plain = bytes
    for (const name of encodingsOf(bytes, encoding)) {
      if (plain.length === 0) break
      plain = await decompressions[name](plain, { maxOutputLength: maxBytes })
    }
    if (isGzip(plain)) plain = await decompressions.gzip(plain, { maxOutputLength: maxBytes })
    return { text: textOf(plain), recoded: true }
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') return { lost: 'tooLarge' }
    return { text: bytes.toString('utf8'), recoded: false }
  }
}

/**
 * By its byte order mark, else as UTF-8; bytes that are not UTF-8 were written by a program that knows the old Western
 * alphabet alone.
 */
function textOf(bytes: Buffer): string {
  const name =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined
  return new TextDecoder(name ?? (isUtf8(bytes) ? 'utf-8' : 'windows-1252')).decode(bytes)
}

/** In the order in which they are to be undone; one that is not known is none. A header may lie: then the bytes count. */
function encodingsOf(bytes: Buffer, encoding = ''): readonly (keyof typeof decompressions)[] {
  const names = encoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim().replace(/^x-/, ''))
    .filter((name) => name in decompressions) as (keyof typeof decompressions)[]
  const first = bytes.subarray(0, 8).toString('latin1').trimStart().charAt(0)
  return first === '{' || first === '[' ? [] : names.reverse()
}

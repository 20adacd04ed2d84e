import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import type { StoredAnswer } from '../services/store-port.ts'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** Bodies above this many bytes are compressed; below it there is too little to win. */
const compressAbove = 4096

const resumableBit = 0b0000_0001
const compressedBit = 0b0000_0010
/** The upper half of the first byte. A later layout takes another number, so that an older gateway knows it cannot read it. */
const layout = 0x10
const headSize = 7

/**
 * An answer as bytes, the same in every store:
 * flags (1 byte: layout, compressed, resumable) · status (2, big endian) · length of the headers (4) · the headers as
 * JSON · the body, raw or zstd. Bodies above 4 KB are compressed, off the main thread.
 */
export async function encodeAnswer(answer: StoredAnswer): Promise<Buffer> {
  const names = Object.keys(answer.headers)
  const headers = names.length === 0 ? Buffer.alloc(0) : Buffer.from(JSON.stringify(answer.headers))
  const compressed = answer.body.length > compressAbove ? await compress(answer.body) : answer.body
  const smaller = compressed.length < answer.body.length
  const head = Buffer.alloc(headSize)
  head.writeUInt8(layout | (smaller ? compressedBit : 0) | (answer.resumable ? resumableBit : 0), 0)
  head.writeUInt16BE(answer.status, 1)
  head.writeUInt32BE(headers.length, 3)
  return Buffer.concat([head, headers, smaller ? compressed : answer.body])
}

/** The answer that `encodeAnswer` made these bytes of. Fails when a newer version of the gateway wrote them. */
export async function decodeAnswer(bytes: Buffer): Promise<StoredAnswer> {
  const flags = bytes.readUInt8(0)
  if ((flags & 0xf0) !== layout) {
    throw new Error('A stored answer has a layout that this version of the gateway cannot read.')
  }
  const bodyStart = headSize + bytes.readUInt32BE(3)
  const body = bytes.subarray(bodyStart)
  return {
    status: bytes.readUInt16BE(1),
    headers: bodyStart === headSize ? {} : JSON.parse(bytes.toString('utf8', headSize, bodyStart)),
    body: (flags & compressedBit) === 0 ? body : await decompress(body),
    resumable: isResumable(bytes),
  }
}

/** Whether the encoded answer may be worked on again, read from its first byte alone. */
export function isResumable(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & resumableBit) !== 0
}

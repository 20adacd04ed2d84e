import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import type { AnswerBody, StoredAnswer } from '../services/store-port.ts'
import { isSealed } from './sealing/sealer.ts'

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
 * JSON, among them the id of the request that did the work · the body, raw or zstd. Bodies above 4 KB are compressed, off the main thread; sealed ones would not become shorter.
 */
export function encodeAnswer(answer: StoredAnswer): Buffer | Promise<Buffer> {
  return Buffer.byteLength(answer.body) > compressAbove && !isSealed(answer.body)
    ? encodeCompressed(answer)
    : encode(answer, answer.body, 0)
}

async function encodeCompressed(answer: StoredAnswer): Promise<Buffer> {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
  const compressed = await compress(body)
  return compressed.length < body.length ? encode(answer, compressed, compressedBit) : encode(answer, body, 0)
}

/** A version that does not know it sends it on as a header, which does no harm. */
const requestHeader = 'x-first-request'

function encode({ status, headers, resumable, request }: StoredAnswer, body: AnswerBody, flags: number): Buffer {
  const text = Object.keys(headers).length === 0 ? '' : JSON.stringify(headers)
  const member = request === undefined ? '' : memberFor(request)
  const headersSize = Buffer.byteLength(text)
  // Where there are both, one brace is not written.
  const size = headersSize + member.length - (headersSize > 0 && member !== '' ? 1 : 0)
  const bytes = Buffer.allocUnsafe(headSize + size + Buffer.byteLength(body))
  bytes.writeUInt8(layout | flags | (resumable ? resumableBit : 0), 0)
  bytes.writeUInt16BE(status, 1)
  bytes.writeUInt32BE(size, 3)
  bytes.write(text, headSize)
  if (member !== '') bytes.write(member, headSize + size - member.length, 'latin1')
  if (headersSize > 0 && member !== '') bytes[headSize + headersSize - 1] = comma
  if (typeof body === 'string') bytes.write(body, headSize + size)
  else bytes.set(body, headSize + size)
  return bytes
}

const comma = 0x2c

/** The last member of the headers, of signs of one byte; it is written apart, as it is for each answer. */
function memberFor(request: string): string {
  if (!plainId.test(request)) throw new RangeError('an id of a request is 1 to 128 of A-Z, a-z, 0-9 and . _ -')
  return `{"${requestHeader}":"${request}"}`
}

const plainId = /^[A-Za-z0-9._-]{1,128}$/

/** The answer that `encodeAnswer` made these bytes of. Fails when a newer version of the gateway wrote them. */
export async function decodeAnswer(bytes: Buffer): Promise<StoredAnswer> {
  const flags = bytes.readUInt8(0)
  if ((flags & 0xf0) !== layout) {
    throw new Error('A stored answer has a layout that this version of the gateway cannot read.')
  }
  const bodyStart = headSize + bytes.readUInt32BE(3)
  const body = bytes.subarray(bodyStart)
  const kept = bodyStart === headSize ? {} : JSON.parse(bytes.toString('utf8', headSize, bodyStart))
  const { [requestHeader]: request, ...headers } = kept as Record<string, string>
  return {
    status: bytes.readUInt16BE(1),
    headers,
    body: (flags & compressedBit) === 0 ? body : await decompress(body),
    resumable: isResumable(bytes),
    ...(request !== undefined && { request }),
  }
}

/** Whether the encoded answer may be worked on again, read from its first byte alone. */
export function isResumable(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & resumableBit) !== 0
}

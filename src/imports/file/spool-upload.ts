import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { type NamelessFile, openNamelessFile, UploadNotKept } from './nameless-file.ts'

/** An uploaded file, complete on disk, where nobody else can see or read it (nameless-file.ts). */
export type SpooledUpload = {
  /** Of the bytes that came, in hexadecimal. */
  readonly sha256: string
  readonly bytes: number
  /**
   * From the beginning; once at a time.
   * @throws UploadNotKept, at the latest in the place of the end, when these are not the bytes that came
   */
  read(): AsyncIterable<Uint8Array>
  /**
   * From any place in the file, at any time: at least one byte, at most up to the end of the piece that the place is in.
   * @throws UploadNotKept when these are not the bytes that came
   */
  readAt(position: number): Promise<Uint8Array>
  /** A file for what is made of the upload while it is read: beside it, and as little to be seen. @throws UploadNotKept */
  openBeside(): Promise<NamelessFile>
  /**
   * Reads on, for a caller that has left the last reading early and is about to blame the file.
   * @throws UploadNotKept when that reading was not of the bytes that came
   */
  verify(): Promise<void>
  close(): Promise<void>
}

/** The upload is larger than its limit; reading has ended. */
export class UploadTooLarge extends Error {
  override readonly name = 'UploadTooLarge'
}

/** How many bytes are read back at once. */
const pieceBytes = 64 * 1024

/**
 * Takes an upload to its end with a few kilobytes of memory: the sender is slowed down to the speed of the disk.
 * @throws UploadTooLarge, UploadNotKept, and what the stream throws when it breaks off; nothing is left on disk then
 */
export async function spoolUpload(
  source: AsyncIterable<Buffer>,
  folder: string,
  maxBytes: number,
): Promise<SpooledUpload> {
  const file = await openNamelessFile(folder)
  try {
    const digest = createHash('sha256')
    const checksums: number[] = []
    let bytes = 0
    for await (const chunk of source) {
      if (bytes + chunk.length > maxBytes) throw new UploadTooLarge()
      digest.update(chunk)
      addChecksums(checksums, chunk, bytes)
      await file.write(chunk, bytes)
      bytes += chunk.length
    }
    const sha256 = digest.digest('hex')
    let reading = readBack(file, bytes, sha256)
    const read = () => {
      reading = readBack(file, bytes, sha256)
      return piecesOf(reading)
    }
    const verify = async () => {
      while ((await reading()) !== undefined);
    }
    return {
      ...{ sha256, bytes, read, verify },
      readAt: checkedReader(file, bytes, checksums),
      openBeside: () => openNamelessFile(folder),
      close: file.close,
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Goes on with the checksum of each piece of the file. */
function addChecksums(checksums: number[], chunk: Uint8Array, position: number): void {
  for (let start = 0; start < chunk.length; ) {
    const at = position + start
    const piece = Math.floor(at / pieceBytes)
    const end = Math.min(chunk.length, start + pieceBytes - (at % pieceBytes))
    checksums[piece] = crc32(chunk.subarray(start, end), checksums[piece] ?? 0)
    start = end
  }
}

/** Reads pieces in any order; the one that was read last is at hand. */
function checkedReader(file: NamelessFile, bytes: number, checksums: readonly number[]): SpooledUpload['readAt'] {
  let last: { readonly index: number; readonly piece: Buffer } | undefined
  return async (position) => {
    if (position >= bytes) throw new RangeError('An upload is read behind its end.')
    const index = Math.floor(position / pieceBytes)
    const start = index * pieceBytes
    if (last?.index !== index) {
      const piece = await file.read(start, Math.min(pieceBytes, bytes - start))
      if (crc32(piece) !== checksums[index]) throw new UploadNotKept('EIO')
      last = { index, piece }
    }
    return last.piece.subarray(position - start)
  }
}

type Reading = () => Promise<Uint8Array | undefined>

/** One piece after the other; `undefined` at the end, if these were the bytes that came. */
function readBack(file: NamelessFile, bytes: number, sha256: string): Reading {
  const digest = createHash('sha256')
  let at = 0
  let isEnded = false
  return async () => {
    if (isEnded) return undefined
    if (at === bytes) {
      isEnded = true
      if (digest.digest('hex') !== sha256) throw new UploadNotKept('EIO')
      return undefined
    }
    const piece = await file.read(at, Math.min(pieceBytes, bytes - at))
    digest.update(piece)
    at += piece.length
    return piece
  }
}

async function* piecesOf(next: Reading): AsyncGenerator<Uint8Array, void, undefined> {
  for (let piece = await next(); piece !== undefined; piece = await next()) yield piece
}

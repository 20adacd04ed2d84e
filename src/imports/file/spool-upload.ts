import { type Cipheriv, createCipheriv, createHash, randomBytes, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { readFully, writeAll } from './write-all.ts'

/**
 * An uploaded file, complete on disk, encrypted and without a name there: it is gone when it is closed, or the process dies,
 * which alone has its key.
 */
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

/** The disk does not take an upload, or does not give it back as it came: nothing that its sender could mend. */
export class UploadNotKept extends Error {
  override readonly name = 'UploadNotKept'
  /** As the file system says it, for example `ENOSPC`; `EIO` where it does not say that it fails. */
  readonly code: string
  constructor(code: string) {
    super(`An upload cannot be kept on the disk (${code}).`)
    this.code = code
  }
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
  const file = await onDisk(() => openNameless(folder))
  const fresh = cipherOfUpload()
  const close = () => file.close().catch(() => {})
  try {
    const digest = createHash('sha256')
    const cipher = fresh()
    let bytes = 0
    for await (const chunk of source) {
      if (bytes + chunk.length > maxBytes) throw new UploadTooLarge()
      digest.update(chunk)
      await onDisk(() => writeAll(file, cipher.update(chunk), bytes))
      bytes += chunk.length
    }
    const sha256 = digest.digest('hex')
    let reading = readBack(file, fresh(), bytes, sha256)
    const read = () => {
      reading = readBack(file, fresh(), bytes, sha256)
      return piecesOf(reading)
    }
    const verify = async () => {
      while ((await reading()) !== undefined);
    }
    return { sha256, bytes, read, verify, close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * Makes ciphers that all begin at the first byte, under a key that is nowhere but in memory and never used for another file.
 * What the disk gives back is compared by its digest.
 */
function cipherOfUpload(): () => Cipheriv {
  const [key, counter] = [randomBytes(32), Buffer.alloc(16)]
  return () => createCipheriv('aes-256-ctr', key, counter)
}

async function openNameless(folder: string): Promise<FileHandle> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, `upload-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  try {
    await unlink(path)
    return file
  } catch (error) {
    await file.close().catch(() => {})
    throw error
  }
}

type Reading = () => Promise<Uint8Array | undefined>

/** One piece after the other; `undefined` at the end, if these were the bytes that came. */
function readBack(file: FileHandle, cipher: Cipheriv, bytes: number, sha256: string): Reading {
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
    const stored = Buffer.allocUnsafe(Math.min(pieceBytes, bytes - at))
    if ((await onDisk(() => readFully(file, stored, at))) < stored.length) throw new UploadNotKept('EIO')
    const piece = cipher.update(stored)
    digest.update(piece)
    at += piece.length
    return piece
  }
}

async function* piecesOf(next: Reading): AsyncGenerator<Uint8Array, void, undefined> {
  for (let piece = await next(); piece !== undefined; piece = await next()) yield piece
}

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new UploadNotKept((error as NodeJS.ErrnoException).code ?? 'EIO')
  }
}

import { type Cipheriv, createCipheriv, randomBytes, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { readFully, writeAll } from './write-all.ts'

/**
 * A file that only we can see and read: encrypted, and without a name on disk, so that it is gone when it is closed, or the
 * process dies, which alone has its key.
 */
export type NamelessFile = {
  /** @throws UploadNotKept */
  write(bytes: Uint8Array, position: number): Promise<void>
  /** @throws UploadNotKept, also where the file has fewer bytes than that */
  read(position: number, length: number): Promise<Buffer>
  close(): Promise<void>
}

/** The disk does not take a file of ours, or does not give it back as it was: nothing that a caller could mend. */
export class UploadNotKept extends Error {
  override readonly name = 'UploadNotKept'
  /** As the file system says it, for example `ENOSPC`; `EIO` where it does not say that it fails. */
  readonly code: string
  constructor(code: string) {
    super(`An upload cannot be kept on the disk (${code}).`)
    this.code = code
  }
}

/** @throws UploadNotKept; nothing is left on disk then */
export async function openNamelessFile(folder: string): Promise<NamelessFile> {
  const file = await onDisk(() => createUnnamed(folder))
  const cipherFrom = cipherOfFile()
  return {
    write: (bytes, position) => onDisk(() => writeAll(file, cipherFrom(position).update(bytes), position)),
    read: async (position, length) => {
      const stored = Buffer.allocUnsafe(length)
      if ((await onDisk(() => readFully(file, stored, position))) < length) throw new UploadNotKept('EIO')
      return cipherFrom(position).update(stored)
    },
    close: () => file.close().catch(() => {}),
  }
}

const blockBytes = 16

/** Makes ciphers that begin at any byte, under a key that is nowhere but in memory and never used for another file. */
function cipherOfFile(): (position: number) => Cipheriv {
  const key = randomBytes(32)
  return (position) => {
    const counter = Buffer.alloc(blockBytes)
    counter.writeBigUInt64BE(BigInt(Math.floor(position / blockBytes)), blockBytes / 2)
    const cipher = createCipheriv('aes-256-ctr', key, counter)
    cipher.update(Buffer.alloc(position % blockBytes))
    return cipher
  }
}

async function createUnnamed(folder: string): Promise<FileHandle> {
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

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new UploadNotKept((error as NodeJS.ErrnoException).code ?? 'EIO')
  }
}

import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** An uploaded file, complete on disk and without a name there: it is gone when it is closed, or the process dies. */
export type SpooledUpload = {
  /** Of the bytes, in hexadecimal. */
  readonly sha256: string
  readonly bytes: number
  /** From the beginning; once at a time. */
  read(): Readable
  close(): Promise<void>
}

/** The upload is larger than its limit; reading has ended. */
export class UploadTooLarge extends Error {
  override readonly name = 'UploadTooLarge'
}

/**
 * Takes an upload to its end with a few kilobytes of memory: the sender is slowed down to the speed of the disk.
 * @throws UploadTooLarge, and what the stream throws when it breaks off; nothing is left on disk then
 */
export async function spoolUpload(
  source: AsyncIterable<Buffer>,
  folder: string,
  maxBytes: number,
): Promise<SpooledUpload> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, `upload-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  await unlink(path)
  try {
    const digest = createHash('sha256')
    let bytes = 0
    for await (const chunk of source) {
      bytes += chunk.length
      if (bytes > maxBytes) throw new UploadTooLarge()
      digest.update(chunk)
      await file.write(chunk, 0, chunk.length, bytes - chunk.length)
    }
    return {
      sha256: digest.digest('hex'),
      bytes,
      read: () => file.createReadStream({ start: 0, autoClose: false }),
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

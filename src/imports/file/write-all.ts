import type { FileHandle } from 'node:fs/promises'

/**
 * Writes all of the bytes, at a position of the file; without one, where the last write ended. One write may take fewer than it was given: where a disk fills, a
 * quota is reached, or a signal comes.
 * @throws what the file system says; `ENOSPC` also where it takes nothing and says nothing
 */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position?: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const at = position === undefined ? null : position + done
    const written = await unlessInterrupted(() => file.write(bytes, done, bytes.length - done, at))
    if (written?.bytesWritten === 0) throw Object.assign(new Error('The file takes no more.'), { code: 'ENOSPC' })
    done += written?.bytesWritten ?? 0
  }
}

/** Fills a buffer from a position of the file on, or as far as the file goes. @returns how many bytes there were */
export async function readFully(file: FileHandle, buffer: Uint8Array, position: number): Promise<number> {
  for (let done = 0; done < buffer.length; ) {
    const read = await unlessInterrupted(() => file.read(buffer, done, buffer.length - done, position + done))
    if (read?.bytesRead === 0) return done
    done += read?.bytesRead ?? 0
  }
  return buffer.length
}

/** `undefined`: a signal came before anything was done. */
async function unlessInterrupted<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EINTR') return undefined
    throw error
  }
}

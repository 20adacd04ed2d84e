import { fstatSync, writeSync } from 'node:fs'

/**
 * Prints all of a text, or fails where the reader is gone or the disk of the file is full. Node itself does not look at
 * how much of it a file has taken.
 */
export async function print(text: string): Promise<void> {
  if (!fstatSync(1).isFile()) {
    // The callback of the write hears of it too; without a listener the error would be thrown.
    process.stdout.once('error', () => {})
    return new Promise((resolve, reject) => {
      process.stdout.write(text, (error) => (error ? reject(new NotPrinted(error)) : resolve()))
    })
  }
  const bytes = Buffer.from(text)
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(1, bytes, done)
  } catch (error) {
    throw new NotPrinted(error as NodeJS.ErrnoException)
  }
}

/** The text could not be printed, or not all of it. */
export class NotPrinted extends Error {
  override readonly name = 'NotPrinted'
  constructor({ code }: NodeJS.ErrnoException) {
    super(`Standard output does not take what is to be printed (${code}).`)
  }
}

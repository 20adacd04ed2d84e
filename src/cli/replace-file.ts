import { randomUUID } from 'node:crypto'
import { type FileHandle, open, realpath, rename, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeAll } from '../imports/file/write-all.ts'

type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/**
 * Makes a file, or replaces one, with all of the bytes or not at all: they are written under another name, brought to the
 * disk, and only then get theirs. What is no regular file, such as a pipe, is written to as it is.
 * @throws what the file system, or the source of the bytes, says
 */
export async function replaceFile(path: string, pieces: Pieces): Promise<void> {
  const there = await stat(path).catch(unlessMissing)
  if (there?.isFile() === false) return writeInto(path, pieces)
  // Behind a symbolic link the file is replaced, not the link.
  const target = there === undefined ? path : await realpath(path)
  const half = `${target}.${randomUUID()}.part`
  const file = await open(half, 'wx', there?.mode)
  try {
    await writePieces(file, pieces, 0)
    await file.sync()
    await file.close()
    await rename(half, target)
  } catch (error) {
    await file.close().catch(() => {})
    await unlink(half).catch(() => {})
    throw error
  }
  await syncFolder(dirname(target))
}

async function writeInto(path: string, pieces: Pieces): Promise<void> {
  const file = await open(path, 'w')
  try {
    await writePieces(file, pieces, undefined)
  } finally {
    await file.close()
  }
}

async function writePieces(file: FileHandle, pieces: Pieces, start: number | undefined): Promise<void> {
  let position = start
  for await (const piece of pieces) {
    await writeAll(file, piece, position)
    if (position !== undefined) position += piece.length
  }
}

/** Makes the new name outlive a loss of power. Where the file system cannot do that, the file is there all the same. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path).catch(() => undefined)
  await folder?.sync().catch(() => {})
  await folder?.close().catch(() => {})
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

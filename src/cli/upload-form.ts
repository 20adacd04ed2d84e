import { randomUUID } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { readFully } from '../imports/file/write-all.ts'

/** A file was written to while it was being sent: the upload is broken off before its end, so that nothing comes of it. */
export class FileChanged extends Error {
  override readonly name = 'FileChanged'
}

export type UploadForm = {
  readonly type: string
  /** In bytes; `undefined` for what has no size before it ends, such as a pipe. */
  readonly length: number | undefined
  readonly body: ReadableStream<Uint8Array>
  /** What went wrong with the file, if anything did: the sender of the body hears only that it ended. */
  trouble(): unknown
}

/**
 * A form with a file and, if need be, options, read while it is sent. It is complete only if the file stayed as it was
 * before. @throws as `stat` does.
 */
export async function uploadForm(path: string, options: string | undefined): Promise<UploadForm> {
  const before = await stat(path, { bigint: true })
  const boundary = `----${randomUUID()}`
  const name = basename(path).replace(/["\r\n]/g, encodeURIComponent)
  const optionsPart = options === undefined ? '' : `${partHead(boundary, 'name="options"')}${options}\r\n`
  const fileHead = partHead(boundary, `name="file"; filename="${name}"`, `content-type: ${mediaTypeOf(path)}\r\n`)
  const head = Buffer.from(optionsPart + fileHead)
  const end = Buffer.from(`\r\n--${boundary}--\r\n`)
  let trouble: unknown
  async function* parts(): AsyncGenerator<Uint8Array, void, undefined> {
    let file: FileHandle | undefined
    try {
      file = await open(path)
      yield head
      yield* contentOf(file, before, basename(path))
      yield end
    } catch (error) {
      trouble = error
      throw error
    } finally {
      await file?.close()
    }
  }
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    length: before.isFile() ? head.length + Number(before.size) + end.length : undefined,
    body: ReadableStream.from(parts()),
    trouble: () => trouble,
  }
}

const workbook = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** For who looks on; what the file is the gateway sees by its bytes. */
function mediaTypeOf(path: string): string {
  return extname(path).toLowerCase() === '.xlsx' ? workbook : 'text/csv'
}

function partHead(boundary: string, disposition: string, more = ''): string {
  return `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n${more}\r\n`
}

const pieceBytes = 64 * 1024

/** A regular file is read to the end that it had before; anything else, such as a pipe, until it ends. */
async function* contentOf(
  file: FileHandle,
  before: BigIntStats,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (!before.isFile()) return yield* file.createReadStream({ autoClose: false })
  const size = Number(before.size)
  for (let at = 0; at < size; at += pieceBytes) {
    const piece = Buffer.allocUnsafe(Math.min(pieceBytes, size - at))
    if ((await readFully(file, piece, at)) < piece.length) throw changed(name)
    yield piece
  }
  const after = await file.stat({ bigint: true })
  if (after.size !== before.size || after.mtimeNs !== before.mtimeNs) throw changed(name)
}

function changed(name: string): FileChanged {
  return new FileChanged(
    `${name} was changed while it was being sent, so nothing was imported. Import it again when nobody writes to it.`,
  )
}

import { randomUUID } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { readFully } from '../imports/write-all.ts'

/** A file was written to while it was being sent: the upload is broken off before its end, so that nothing comes of it. */
export class FileChanged extends Error {
  override readonly name = 'FileChanged'
}

export type UploadForm = {
  readonly type: string
  readonly body: ReadableStream<Uint8Array>
  /** What went wrong with the file, if anything did: the sender of the body hears only that it ended. */
  trouble(): unknown
}

/**
 * A form with a file and, if need be, options, read while it is sent. It is complete only if the file stayed as it was when
 * it was opened.
 */
export function uploadForm(path: string, options: string | undefined): UploadForm {
  const boundary = `----${randomUUID()}`
  let trouble: unknown
  async function* parts(): AsyncGenerator<Uint8Array, void, undefined> {
    const text = new TextEncoder()
    let file: FileHandle | undefined
    try {
      file = await open(path)
      if (options !== undefined) yield text.encode(`${partHead(boundary, 'name="options"')}${options}\r\n`)
      const name = basename(path).replace(/["\r\n]/g, encodeURIComponent)
      yield text.encode(partHead(boundary, `name="file"; filename="${name}"`, 'content-type: text/csv\r\n'))
      yield* contentOf(file, basename(path))
      yield text.encode(`\r\n--${boundary}--\r\n`)
    } catch (error) {
      trouble = error
      throw error
    } finally {
      await file?.close()
    }
  }
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: ReadableStream.from(parts()),
    trouble: () => trouble,
  }
}

function partHead(boundary: string, disposition: string, more = ''): string {
  return `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n${more}\r\n`
}

const pieceBytes = 64 * 1024

/** A regular file is read to the end that it has now; anything else, such as a pipe, until it ends. */
async function* contentOf(file: FileHandle, name: string): AsyncGenerator<Uint8Array, void, undefined> {
  const before = await file.stat({ bigint: true })
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

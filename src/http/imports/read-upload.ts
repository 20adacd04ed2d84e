import type { Readable } from 'node:stream'
import type {} from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import { UploadNotKept } from '../../imports/file/nameless-file.ts'
import { type SpooledUpload, UploadTooLarge } from '../../imports/file/spool-upload.ts'
import type { UploadFolder } from '../../imports/file/upload-folder.ts'
import { Problem } from '../problems/problems.ts'
import { validationProblem } from '../problems/validation.ts'
import { bodyChecker } from '../requests/check-body.ts'
import { wrongType } from '../requests/json-bodies.ts'
import { parseStrictJson } from '../requests/strict-json.ts'
import type { Limits } from '../services.ts'
import { boundary, noBoundary, noFile, refuseNames, unexpectedPart } from './upload-refusals.ts'

const longestOptions = 256 * 1024
/** How long the rest of a refused upload is read. */
const longestGoodbyeMs = 5_000
/** One more than an upload may have, so that the surplus part can be named. */
const mostParts = 3

/** Reads an upload with the parts `file` and (optional) `options`, in any order, without holding the file in memory. */
export function uploadReader<Options extends TSchema>(
  schema: Options,
  folder: UploadFolder,
  { importBytes }: Pick<Limits, 'importBytes'>,
) {
  const check = bodyChecker(schema)
  const multipart = {
    limits: { fileSize: importBytes + 1, files: mostParts, fields: 0, parts: mostParts, headerPairs: 50 },
    // Read as it is, whatever the client says of its name and type: the plugin would parse JSON less strictly.
    isPartAFile: () => true,
  }

  const readOptions = (bytes: Buffer): Static<Options> => {
    const value = parseStrictJson(bytes, 'The part options')
    const checked = check(value)
    if ('errors' in checked) throw validationProblem(checked.errors, { schema, value }, '#/options')
    return checked.value
  }

  /** @throws Problem; nothing is left on disk then */
  return async (
    request: FastifyRequest,
  ): Promise<{ readonly file: SpooledUpload; readonly options: Static<Options> }> => {
    if (!request.isMultipart()) throw wrongType(request)
    if (!boundary.test(request.headers['content-type'] ?? '')) throw noBoundary()
    let file: SpooledUpload | undefined
    let options: Static<Options> | undefined
    try {
      if (Number(request.headers['content-length'] ?? 0) > importBytes + 2 * longestOptions) throw tooLarge(importBytes)
      for await (const part of fromCaller(request.parts(multipart))) {
        if (part.type === 'file' && part.fieldname === 'file' && file === undefined)
          file = await folder.take(refuseNames(fromCaller(part.file), part.filename), importBytes)
        else if (part.type === 'file' && part.fieldname === 'options' && options === undefined)
          options = readOptions(await bytesOf(fromCaller(part.file)))
        else throw unexpectedPart(part.fieldname ?? '')
      }
      if (file === undefined) throw new Problem('validation-failed', { errors: [noFile] })
      return { file, options: options ?? ({} as Static<Options>) }
    } catch (error) {
      await file?.close()
      await discardRest(request.raw)
      throw asProblem(error, importBytes)
    }
  }
}

/**
 * Reads on for a while without looking. Many clients look at the answer only after they have sent everything; if the
 * connection were closed before, the answer would be lost on them.
 */
async function discardRest(body: Readable): Promise<void> {
  body.unpipe()
  if (body.readableEnded || body.destroyed) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, longestGoodbyeMs)
  body.once('end', resolve).once('close', resolve).once('error', resolve)
  body.resume()
  await promise
  clearTimeout(timer)
  body.pause()
}

async function bytesOf(part: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of part) {
    length += chunk.length
    if (length > longestOptions)
      throw new Problem('payload-too-large', {
        detail: `The part options has at most ${longestOptions} bytes. Shorten it.`,
        headers: { connection: 'close' },
      })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function tooLarge(importBytes: number): Problem {
  return new Problem('payload-too-large', {
    detail: `The file is over the limit of ${importBytes} bytes. Split it.`,
    headers: { connection: 'close' },
  })
}

/** The request is not what its headers say, or breaks off. */
class BrokenUpload extends Error {
  override readonly name = 'BrokenUpload'
  /** As the library says it. */
  readonly code: unknown
  constructor({ code }: { code?: unknown }) {
    super('The upload is broken.')
    this.code = code
  }
}

/** Reads from the request: where that fails because of what came, and not by a defect, the caller is told. */
async function* fromCaller<T>(read: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  try {
    yield* read
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) throw error
    throw new BrokenUpload(error as { code?: unknown })
  }
}

/** An error that is neither the caller's fault nor the disk's stays what it is: a defect. */
function asProblem(error: unknown, importBytes: number): unknown {
  if (error instanceof UploadTooLarge) return tooLarge(importBytes)
  if (error instanceof UploadNotKept) return uploadNotKept(error)
  if (!(error instanceof BrokenUpload)) return error
  const { code } = error
  if (code === 'FST_REQ_FILE_TOO_LARGE') return tooLarge(importBytes)
  if (typeof code === 'string' && /^FST_(PARTS|FILES|FIELDS)_LIMIT$/.test(code)) return unexpectedPart('')
  return new Problem('malformed-request', {
    detail: 'The upload is not complete multipart/form-data. Send it again.',
    headers: { connection: 'close' },
  })
}

const retryAfterSeconds = 30

/** The problem for an upload that came and could not be kept, through no fault of its sender. */
export function uploadNotKept({ code }: UploadNotKept): Problem {
  return new Problem('store-unavailable', {
    detail: `${troubleOf(code)} (${code}), so the file could not be kept. Nothing was created and no row was sent. Send it again later; an operator has to mend the disk.`,
    retryAfterSeconds,
    headers: { connection: 'close' },
  })
}

function troubleOf(code: string): string {
  if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) return "The gateway's disk for uploads is full"
  if (['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR'].includes(code))
    return "The gateway's folder for uploads cannot be written"
  return "The gateway's disk for uploads fails"
}

import type {} from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { type SpooledUpload, spoolUpload, UploadTooLarge } from '../imports/spool-upload.ts'
import { Problem } from './problems.ts'
import { parseStrictJson } from './strict-json.ts'
import { validationProblem } from './validation.ts'

export type UploadLimits = { readonly importBytes: number }

const longestOptions = 256 * 1024
const parts = 4

/** Reads an upload with the parts `file` and (optional) `options`, in any order, without holding the file in memory. */
export function uploadReader<Options extends TSchema>(schema: Options, folder: string, { importBytes }: UploadLimits) {
  const validator = Compile(schema)
  const limits = {
    fileSize: importBytes + 1,
    files: 1,
    fields: parts,
    parts,
    fieldSize: longestOptions,
    headerPairs: 50,
  }

  const readOptions = (text: string): Static<Options> => {
    const value = parseStrictJson(Buffer.from(text))
    if (!validator.Check(value)) throw validationProblem([...validator.Errors(value)], '#/options')
    return value as Static<Options>
  }

  /** @throws Problem; nothing is left on disk then */
  return async (
    request: FastifyRequest,
  ): Promise<{ readonly file: SpooledUpload; readonly options: Static<Options> }> => {
    if (!request.isMultipart())
      throw new Problem('unsupported-media-type', {
        detail: 'Send the file as multipart/form-data, in a part named file.',
      })
    if (Number(request.headers['content-length'] ?? 0) > importBytes + 2 * longestOptions) throw tooLarge(importBytes)
    let file: SpooledUpload | undefined
    let options: Static<Options> | undefined
    try {
      for await (const part of request.parts({ limits })) {
        if (part.type === 'file' && part.fieldname === 'file' && file === undefined)
          file = await spoolUpload(part.file, folder, importBytes)
        else if (part.fieldname === 'options' && options === undefined) options = readOptions(await textOf(part))
        else throw unexpectedPart(part.fieldname)
      }
      if (file === undefined) throw new Problem('validation-failed', { errors: [noFile] })
      return { file, options: options ?? ({} as Static<Options>) }
    } catch (error) {
      await file?.close()
      throw asProblem(error, importBytes)
    }
  }
}

type Part =
  | { readonly type: 'file'; readonly file: AsyncIterable<Buffer> }
  | { readonly type: 'field'; readonly value: unknown }

/** Some clients send JSON as a file part of its own type. */
async function textOf(part: Part): Promise<string> {
  if (part.type === 'field') return String(part.value)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of part.file) {
    length += chunk.length
    if (length > longestOptions)
      throw new Problem('payload-too-large', { detail: `The part options has at most ${longestOptions} bytes.` })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const noFile = { pointer: '#/file', code: 'required', detail: 'The upload has no part named file with the CSV file.' }

function unexpectedPart(name: string): Problem {
  const detail = 'An upload has one part named file and at most one named options. Leave the others out.'
  return new Problem('validation-failed', {
    errors: [{ pointer: `#/${encodeURIComponent(name.slice(0, 100))}`, code: 'unknown_member', detail }],
    headers: { connection: 'close' },
  })
}

function tooLarge(importBytes: number): Problem {
  return new Problem('payload-too-large', {
    detail: `The file is over the limit of ${importBytes} bytes. Split it.`,
    headers: { connection: 'close' },
  })
}

function asProblem(error: unknown, importBytes: number): unknown {
  if (error instanceof Problem) return error
  if (error instanceof UploadTooLarge) return tooLarge(importBytes)
  const code = (error as { code?: unknown }).code
  if (code === 'FST_REQ_FILE_TOO_LARGE') return tooLarge(importBytes)
  if (typeof code === 'string' && /^FST_(PARTS|FILES|FIELDS)_LIMIT$/.test(code)) return unexpectedPart('')
  return new Problem('malformed-request', {
    detail: 'The upload is not complete multipart/form-data. Send it again.',
    headers: { connection: 'close' },
  })
}

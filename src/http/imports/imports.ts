import type { IncomingHttpHeaders } from 'node:http'
import { type Static, Type } from 'typebox'
import { FileRefused } from '../../imports/file/file-refusal.ts'
import { UploadNotKept } from '../../imports/file/nameless-file.ts'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { listIdParams, visibleList } from '../lists/visible-list.ts'
import { commonProblems, idempotencyProblems, problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import { knownNumbers } from '../problems/refusals.ts'
import { validatorCompiler } from '../problems/validation.ts'
import type { Limits, RouteOptions, Services } from '../services.ts'
import { inPlace } from './import-place.ts'
import { ImportOptionsSchema, ImportSchema } from './import-schema.ts'
import { uploadNotKept, uploadReader } from './read-upload.ts'
import { importAnswerTtlMs, startOnce } from './start-once.ts'

const querystring = Type.Object(
  { validateOnly: Type.Optional(Type.Boolean({ default: false, description: 'Check all rows; send none.' })) },
  { additionalProperties: false },
)

/**
 * Without `type`, so that a validator that does not read the JSON of a form's part (Prism does not) lets its text pass;
 * generators take it for the object that it is.
 */
const {
  type: _,
  title: __,
  ...optionsOfForm
}: { readonly type?: unknown; readonly title?: unknown } = ImportOptionsSchema

const uploadBody = Type.Object(
  {
    file: Type.String({
      format: 'binary',
      description:
        'The CSV file in UTF-8, UTF-16 with a byte order mark, or as encoding says, or the Excel workbook (.xlsx); with a header. What it is its bytes say, not its name.',
    }),
    options: Type.Optional(Type.Unsafe<Static<typeof ImportOptionsSchema>>(optionsOfForm)),
  },
  { title: 'Upload', description: 'A file and, if need be, how it is to be read; in any order.' },
)

const exampleFile =
  'name,email,phone\nJane Smith,jane@example.com,+919876543210\nRavi Kumar,ravi@example.com,+919876543211\n'

/** `POST /lists/{listId}/imports`: a CSV file or an Excel workbook to every target of a list. */
export function uploadRoute(
  app: Routes,
  services: Pick<Services, 'lists' | 'idempotently' | 'imports' | 'startImport' | 'uploads'>,
  options: RouteOptions,
): void {
  const { limits } = options

  const readUpload = uploadReader(ImportOptionsSchema, services.uploads, limits)
  app.post(
    '/lists/:listId/imports',
    {
      config: {
        scope: 'imports',
        keyed: true,
        audit: 'import.start',
        answers: { 202: ['Location', 'Retry-After'] },
        example: { file: exampleFile, options: { onConflict: 'update' } },
        leadsTo: {
          status: 202,
          operations: [
            'getImport',
            'watchImport',
            'getImportErrors',
            'getImportErrorsCsv',
            'cancelImport',
            'deleteImport',
          ],
          parameters: { importId: '$response.body#/id' },
        },
      },
      schema: {
        operationId: 'startImport',
        summary: 'Import a CSV file or an Excel workbook into a list',
        description: `Takes a CSV file or an Excel workbook (.xlsx; its first sheet that is not hidden), of at most ${sizeText(limits.importBytes)} and unpacked 20 times that, in the part \`file\`, and \`options\` as JSON in another. Answers when the whole file is stored durably; the rows are sent afterwards.`,
        tags: ['Imports'],
        consumes: ['multipart/form-data'],
        params: listIdParams,
        querystring,
        body: uploadBody,
        response: {
          202: {
            description: 'The import was accepted; Location is its address.',
            content: { 'application/json': { schema: ImportSchema } },
          },
          ...problemResponses(
            ...commonProblems,
            'not-found',
            'malformed-json',
            'malformed-request',
            'payload-too-large',
            'unsupported-media-type',
            'validation-failed',
            'file-unreadable',
            'too-many-imports',
            'store-unavailable',
            ...idempotencyProblems,
          ),
        },
      },
      // The body is read part by part: it is described here and checked there.
      validatorCompiler: (part) => (part.httpPart === 'body' ? () => true : validatorCompiler(part)),
    },
    async (request, reply) => {
      const client = clientOf(request)
      const list = visibleList(services.lists, client, request.params.listId)
      const keyed = request.headers['idempotency-key'] !== undefined
      const wanted = { client: client.id, bytes: bytesToCome(request.headers, limits), keyed, log: request.log }
      return inPlace(services.imports, limits, wanted, async (place) => {
        const { file, options: fileOptions } = await readUpload(request)
        try {
          knownNumbers(fileOptions, list.numbers, '#/options')
          const validateOnly = request.query.validateOnly ?? false
          const started = { client: client.id, list, options: fileOptions, validateOnly }
          return await services.idempotently(
            request,
            reply,
            (journal) =>
              startOnce(
                services.imports,
                options,
                journal,
                started,
                (work) => work(place),
                (announced) => startOrRefuse(() => services.startImport(announced, file)),
              ),
            { content: { sha256: file.sha256, options: fileOptions }, ttlMs: importAnswerTtlMs },
          )
        } finally {
          await file.close()
        }
      })
    },
  )
}

/** As many as the request says, or as there may be. */
function bytesToCome({ 'content-length': length }: IncomingHttpHeaders, { importBytes }: Limits): number {
  return Math.min(Number(length ?? importBytes), importBytes)
}

function sizeText(bytes: number): string {
  return bytes % 1_048_576 === 0 ? `${bytes / 1_048_576} MB` : `${bytes} bytes`
}

async function startOrRefuse(start: () => Promise<string>): Promise<string> {
  try {
    return await start()
  } catch (error) {
    if (error instanceof UploadNotKept) throw uploadNotKept(error)
    if (!(error instanceof FileRefused)) throw error
    const { code, detail, line, errors } = error.refusal
    throw new Problem(code, {
      detail: line === undefined ? detail : `Line ${line}: ${detail}`,
      ...(errors !== undefined && {
        errors: errors.map((place) => ({ ...place, pointer: place.pointer.replace('#', '#/options') })),
      }),
    })
  }
}

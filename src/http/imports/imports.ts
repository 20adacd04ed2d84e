import type { IncomingHttpHeaders } from 'node:http'
import { Type } from 'typebox'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { listIdParams, visibleList } from '../lists/visible-list.ts'
import { commonProblems, idempotencyProblems, problemResponses } from '../problems/problem-schema.ts'
import { knownNumbers } from '../problems/refusals.ts'
import type { Limits, RouteOptions, Services } from '../services.ts'
import { orRefuse } from './file-problems.ts'
import { inPlace } from './import-place.ts'
import { ImportOptionsSchema, ImportSchema } from './import-schema.ts'
import { uploadReader } from './read-upload.ts'
import { importAnswerTtlMs, startOnce } from './start-once.ts'
import { exampleFile, uncheckedBody, uploadBody, uploadProblems } from './upload-body.ts'

const querystring = Type.Object(
  { validateOnly: Type.Optional(Type.Boolean({ default: false, description: 'Check all rows; send none.' })) },
  { additionalProperties: false },
)

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
            'getImportExplanation',
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
          ...problemResponses(...commonProblems, 'not-found', ...uploadProblems, ...idempotencyProblems),
        },
      },
      validatorCompiler: uncheckedBody,
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
          const started = { client: client.id, list, options: fileOptions, validateOnly, request: request.id }
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
                (announced) => orRefuse(() => services.startImport(announced, file)),
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

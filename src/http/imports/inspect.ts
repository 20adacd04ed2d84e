import { Type } from 'typebox'
import { inspectedBytes } from '../../imports/inspected-bytes.ts'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { listIdParams, visibleList } from '../lists/visible-list.ts'
import { commonProblems, problemResponses } from '../problems/problem-schema.ts'
import { knownNumbers } from '../problems/refusals.ts'
import type { RouteOptions, Services } from '../services.ts'
import { orRefuse, presentRefusal } from './file-problems.ts'
import { inPlace } from './import-place.ts'
import { ImportOptionsSchema } from './import-schema.ts'
import { InspectionSchema } from './inspection-schema.ts'
import { presentWarnings } from './present-import.ts'
import { uploadReader } from './read-upload.ts'
import { exampleFile, uncheckedBody, uploadBody, uploadProblems } from './upload-body.ts'

const querystring = Type.Object(
  {
    complete: Type.Optional(
      Type.Boolean({
        description: `Whether the part file is the whole file, or its beginning. Without it a CSV file of fewer than ${inspectedBytes} bytes is taken for whole.`,
      }),
    ),
  },
  { additionalProperties: false },
)

/** `POST /lists/{listId}/imports/inspect`: what an import would take a file for. Nothing of it is kept. */
export function inspectRoute(
  app: Routes,
  services: Pick<Services, 'lists' | 'imports' | 'inspectFile' | 'uploads'>,
  { limits }: Pick<RouteOptions, 'limits'>,
): void {
  const readUpload = uploadReader(ImportOptionsSchema, services.uploads, limits)
  app.post(
    '/lists/:listId/imports/inspect',
    {
      config: {
        scope: 'imports',
        keyed: false,
        audit: false,
        example: { file: exampleFile, options: { tagSeparator: '/' } },
      },
      schema: {
        operationId: 'inspectFile',
        summary: 'See what an import would take a file for',
        description: `Takes what an import takes and starts none: encoding, delimiter, header, what each column is taken for, and the warnings that an import begins with. Of a CSV file the first ${inspectedBytes} bytes are looked at, so that no more need be sent: a row that they cut is left out. An Excel workbook has to be whole; its first 1,000 rows or so are looked at. What an import refuses is refused in the same way, but for the meaning of columns, which stands in \`refusal\`. Nothing is stored; meanwhile it counts as an import that comes in.`,
        tags: ['Imports'],
        consumes: ['multipart/form-data'],
        params: listIdParams,
        querystring,
        body: uploadBody,
        response: {
          200: {
            description: 'What it is taken for.',
            content: { 'application/json': { schema: InspectionSchema } },
          },
          ...problemResponses(...commonProblems, 'not-found', ...uploadProblems),
        },
      },
      validatorCompiler: uncheckedBody,
    },
    async (request, reply) => {
      const client = clientOf(request)
      const list = visibleList(services.lists, client, request.params.listId)
      return inPlace(services.imports, limits, { client: client.id, log: request.log }, async () => {
        const { file, options } = await readUpload(request)
        try {
          knownNumbers(options, list.numbers, '#/options')
          const wanted = { list, options, isWhole: request.query.complete }
          const { warnings, refusal, ...inspection } = await orRefuse(() => services.inspectFile(wanted, file))
          reply.header('cache-control', 'no-store')
          return {
            ...inspection,
            ...presentWarnings(warnings),
            ...(refusal !== undefined && { refusal: presentRefusal(refusal) }),
          }
        } finally {
          await file.close()
        }
      })
    },
  )
}

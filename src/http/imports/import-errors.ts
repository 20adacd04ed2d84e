import { Type } from 'typebox'
import { errorReportCsv } from '../../imports/reports/errors-csv.ts'
import { type ErrorPosition, readErrors, readRejections } from '../../imports/reports/read-reports.ts'
import type { ImportFormat } from '../../imports/start-import.ts'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { commonProblems, problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import type { Services } from '../services.ts'
import { ImportErrorSchema, importIdParams } from './import-schema.ts'
import { ownImport } from './own-import.ts'
import { sendText } from './send-text.ts'

const defaultErrors = 100

const querystring = Type.Object(
  {
    limit: Type.Optional(
      Type.Integer({
        format: 'int32',
        minimum: 1,
        maximum: 1000,
        default: defaultErrors,
        description: 'Errors on a page.',
      }),
    ),
    cursor: Type.Optional(
      Type.String({ maxLength: 50, description: 'Where to go on: nextCursor of the page before.' }),
    ),
  },
  { additionalProperties: false },
)

const reportExample = `name,email,phone,_row,_account,_status,_code,_detail
Anna Weber,anna@example.com,,2,sms-fr,rejected,phone_required,The provider requires a phone number. Add it to reach this account.
`

/** `GET /imports/{id}/errors` and `GET /imports/{id}/errors.csv`. */
export function importErrorRoutes(app: Routes, { imports }: Pick<Services, 'imports'>): void {
  app.get(
    '/imports/:importId/errors',
    {
      config: { scope: 'imports' },
      schema: {
        operationId: 'getImportErrors',
        summary: 'List the rows that did not get in',
        description: 'By row, then by account. Rows that repeat another one stand here too, as skipped.',
        tags: ['Imports'],
        params: importIdParams,
        querystring,
        response: {
          200: {
            description: 'A page of errors.',
            content: {
              'application/json': {
                schema: Type.Object(
                  {
                    items: Type.Array(ImportErrorSchema, { description: 'The errors.' }),
                    nextCursor: Type.Optional(
                      Type.String({ description: 'For the next page; absent on the last one.' }),
                    ),
                  },
                  { title: 'ImportErrorPage', description: 'A page of errors.' },
                ),
              },
            },
          },
          ...problemResponses(
            ...commonProblems,
            'not-found',
            'invalid-cursor',
            'validation-failed',
            'store-unavailable',
          ),
        },
      },
    },
    async (request) => {
      const state = await ownImport(imports, clientOf(request), request.params.importId)
      const { limit = defaultErrors, cursor } = request.query
      const { items, next } = await readErrors(imports, state, positionOf(cursor), limit)
      return { items, ...(next !== undefined && { nextCursor: `${next.block}-${next.entry}` }) }
    },
  )
  app.get(
    '/imports/:importId/errors.csv',
    {
      config: { scope: 'imports' },
      schema: {
        operationId: 'getImportErrorsCsv',
        summary: 'Download the rows that did not get in, to mend and upload again',
        description:
          'Encoding, delimiter and columns as uploaded, plus _row, _account, _status, _code and _detail; for an Excel workbook CSV in UTF-8 with a byte order mark, with commas. Uploaded again, with the same options, it sends only those rows to only those accounts.',
        tags: ['Imports'],
        params: importIdParams,
        response: {
          200: { description: 'The file.', content: { 'text/csv': { schema: Type.String(), example: reportExample } } },
          ...problemResponses(...commonProblems, 'not-found', 'store-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const state = await ownImport(imports, clientOf(request), request.params.importId)
      reply.header('content-disposition', `attachment; filename="errors-${state.id}.csv"`)
      const uploaded = state.format as ImportFormat
      const csv = errorReportCsv(readRejections(imports, state.id), uploaded)
      return sendText(reply, `text/csv; charset=${uploaded.format.encoding ?? 'utf-8'}`, csv)
    },
  )
}

function positionOf(cursor: string | undefined): ErrorPosition {
  if (cursor === undefined) return { block: 0, entry: 0 }
  const [, block, entry] = /^(\d{1,9})-(\d{1,9})$/.exec(cursor) ?? []
  if (block === undefined || entry === undefined) throw new Problem('invalid-cursor')
  return { block: Number(block), entry: Number(entry) }
}

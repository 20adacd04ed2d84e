import { Type } from 'typebox'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { commonProblems, problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import { defaultPageSize, limitSchema } from '../requests/paging.ts'
import type { Services } from '../services.ts'
import { ImportSchema, importIdParams, ListedImportSchema } from './import-schema.ts'
import { isOwnImport, ownImport } from './own-import.ts'
import { presentImport, presentInList } from './present-import.ts'

const listQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ ...limitSchema, description: 'Imports on a page.' })),
    cursor: Type.Optional(
      Type.String({ maxLength: 500, description: 'Where to go on: nextCursor of the page before.' }),
    ),
  },
  { additionalProperties: false },
)

/** `GET /imports`, `GET /imports/{id}` and `POST /imports/{id}/cancel`. */
export function importStatusRoutes(app: Routes, { imports }: Pick<Services, 'imports'>): void {
  app.get(
    '/imports',
    {
      config: { scope: 'imports' },
      schema: {
        operationId: 'getImports',
        summary: 'List your imports',
        description: 'The newest first, without their mappings and warnings.',
        tags: ['Imports'],
        querystring: listQuery,
        response: {
          200: {
            description: 'A page of imports.',
            content: {
              'application/json': {
                schema: Type.Object(
                  {
                    items: Type.Array(ListedImportSchema, { description: 'The imports.' }),
                    nextCursor: Type.Optional(
                      Type.String({ description: 'For the next page; absent on the last one.' }),
                    ),
                  },
                  { title: 'ImportPage', description: 'A page of imports.' },
                ),
              },
            },
          },
          ...problemResponses(...commonProblems, 'invalid-cursor', 'validation-failed', 'store-unavailable'),
        },
      },
    },
    async (request) => {
      const client = clientOf(request)
      const { limit = defaultPageSize, cursor } = request.query
      if (cursor !== undefined && !(await isOwnImport(imports, client, cursor))) throw new Problem('invalid-cursor')
      const states = await imports.list(client.id, limit, cursor)
      const last = states.length === limit ? states.at(-1) : undefined
      const items = states.map((state) => presentInList(state, Date.now()))
      return { items, ...(last !== undefined && { nextCursor: last.id }) }
    },
  )
  app.get(
    '/imports/:importId',
    {
      config: { scope: 'imports' },
      schema: {
        operationId: 'getImport',
        summary: 'Read the state and progress of an import',
        description: 'How far it is. For each account the counts add up to the rows at every moment.',
        tags: ['Imports'],
        params: importIdParams,
        response: {
          200: { description: 'The import.', content: { 'application/json': { schema: ImportSchema } } },
          ...problemResponses(...commonProblems, 'not-found', 'store-unavailable'),
        },
      },
    },
    async (request) => presentImport(await ownImport(imports, clientOf(request), request.params.importId), Date.now()),
  )
  app.post(
    '/imports/:importId/cancel',
    {
      config: { scope: 'imports', keyed: false, audit: 'import.cancel' },
      schema: {
        operationId: 'cancelImport',
        summary: 'Cancel an import',
        description: 'It stops between batches; what was sent stays counted. An import that has ended stays as it is.',
        tags: ['Imports'],
        params: importIdParams,
        response: {
          202: { description: 'The import.', content: { 'application/json': { schema: ImportSchema } } },
          ...problemResponses(...commonProblems, 'not-found', 'store-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const client = clientOf(request)
      const { id } = await ownImport(imports, client, request.params.importId)
      await imports.cancel(id)
      return reply.code(202).send(presentImport(await ownImport(imports, client, id), Date.now()))
    },
  )
}

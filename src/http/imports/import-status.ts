import { Type } from 'typebox'
import type { Client } from '../../domain/client.ts'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { commonProblems, problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import { defaultPageSize, limitSchema } from '../requests/paging.ts'
import type { Services } from '../services.ts'
import { ImportSchema, importIdParams, ListedImportSchema } from './import-schema.ts'
import { visibleImport } from './own-import.ts'
import { presentImport, presentInList } from './present-import.ts'

const listQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ ...limitSchema, description: 'Imports on a page.' })),
    cursor: Type.Optional(
      Type.String({ maxLength: 500, description: 'Where to go on: nextCursor of the page before.' }),
    ),
    client: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'With the scope admin: those of this client, or of all clients with `*`. Without it: your own.',
      }),
    ),
  },
  { additionalProperties: false },
)

/** `GET /imports`, `GET` and `DELETE /imports/{id}`, and `POST /imports/{id}/cancel`. */
export function importStatusRoutes(app: Routes, { imports }: Pick<Services, 'imports'>): void {
  app.get(
    '/imports',
    {
      config: { scope: 'imports', forAdmins: true },
      schema: {
        operationId: 'getImports',
        summary: 'List imports',
        description:
          'Your own; with the scope admin those of others too. The newest first, without their mappings and warnings.',
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
      const { limit = defaultPageSize, cursor } = request.query
      const of = whose(clientOf(request), request.query.client)
      const before = cursor === undefined ? undefined : await imports.get(cursor)
      if (cursor !== undefined && (before === undefined || (of !== undefined && before.client !== of)))
        throw new Problem('invalid-cursor')
      const states = await imports.list(of, limit, cursor)
      const last = states.length === limit ? states.at(-1) : undefined
      const items = states.map((state) => presentInList(state, Date.now()))
      return { items, ...(last !== undefined && { nextCursor: last.id }) }
    },
  )
  app.get(
    '/imports/:importId',
    {
      config: { scope: 'imports', forAdmins: true },
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
    async (request) =>
      presentImport(await visibleImport(imports, clientOf(request), request.params.importId), Date.now()),
  )
  app.post(
    '/imports/:importId/cancel',
    {
      config: { scope: 'imports', forAdmins: true, keyed: false, audit: 'import.cancel' },
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
      const { id } = await visibleImport(imports, client, request.params.importId)
      await imports.cancel(id)
      return reply.code(202).send(presentImport(await visibleImport(imports, client, id), Date.now()))
    },
  )
  app.delete(
    '/imports/:importId',
    {
      config: { scope: 'imports', forAdmins: true, keyed: false, audit: 'import.delete' },
      schema: {
        operationId: 'deleteImport',
        summary: 'Delete an import that has ended',
        description:
          'With its rows and reports, which are else kept for seven days, and for one where the rows were only checked. What was sent stays sent.',
        tags: ['Imports'],
        params: importIdParams,
        response: {
          204: { description: 'It is deleted.' },
          ...problemResponses(...commonProblems, 'not-found', 'import-unfinished', 'store-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const { id } = await visibleImport(imports, clientOf(request), request.params.importId)
      if (!(await imports.remove(id)) && (await imports.get(id)) !== undefined) throw new Problem('import-unfinished')
      return reply.code(204).send()
    },
  )
}

/** Whose imports are asked for; `undefined`: those of all. */
function whose(client: Client, wanted = client.id): string | undefined {
  if (wanted !== client.id && !client.scopes.has('admin')) {
    const detail = 'To see the imports of others a client needs the scope admin. Leave out client, or ask an operator.'
    throw new Problem('scope-missing', { detail })
  }
  return wanted === '*' ? undefined : wanted
}

import { Type } from 'typebox'
import { describeList } from '../../services/catalog/describe-list.ts'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { commonProblems, problemResponses } from '../problems/problem-schema.ts'
import type { Services } from '../services.ts'
import { ListSchema } from './list-schema.ts'
import { listIdParams, visibleList } from './visible-list.ts'

/** `GET /lists` and `GET /lists/{listId}`. */
export function listRoutes(app: Routes, services: Pick<Services, 'lists'>): void {
  app.get(
    '/lists',
    {
      config: { scope: 'contacts:read' },
      schema: {
        operationId: 'getLists',
        summary: 'Show the lists that you may use',
        description: 'The lists that the client may see, with their targets and what each requires and drops.',
        tags: ['Lists'],
        response: {
          200: {
            description: 'The lists.',
            content: {
              'application/json': {
                schema: Type.Object(
                  { items: Type.Array(ListSchema, { description: 'The lists, in the order of the configuration.' }) },
                  { title: 'Lists', description: 'Lists that the client may see.' },
                ),
              },
            },
          },
          ...problemResponses(...commonProblems),
        },
      },
    },
    async (request) => {
      const client = clientOf(request)
      return { items: [...services.lists.values()].filter(({ id }) => client.maySeeList(id)).map(describeList) }
    },
  )
  app.get(
    '/lists/:listId',
    {
      config: { scope: 'contacts:read' },
      schema: {
        operationId: 'getList',
        summary: 'Read a list',
        description: 'A list with its targets, and what each requires and drops.',
        tags: ['Lists'],
        params: listIdParams,
        response: {
          200: { description: 'The list.', content: { 'application/json': { schema: ListSchema } } },
          ...problemResponses(...commonProblems, 'not-found'),
        },
      },
    },
    async (request) => describeList(visibleList(services.lists, clientOf(request), request.params.listId)),
  )
}

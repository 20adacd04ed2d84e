import { Type } from 'typebox'
import type { Client } from '../../domain/client.ts'
import type { ContactList } from '../../services/catalog/catalog.ts'
import { describeList } from '../../services/catalog/describe-list.ts'
import type { App } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { commonProblems, problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import { ListSchema } from './list-schema.ts'

export const listIdParams = Type.Object({
  listId: Type.String({ maxLength: 200, description: 'A list that the client may see.', examples: ['newsletter'] }),
})

/** A list that is there and that the client may see; for all others the same `404`. */
export function visibleList(lists: ReadonlyMap<string, ContactList>, client: Client, listId: string): ContactList {
  const list = client.maySeeList(listId) ? lists.get(listId) : undefined
  if (list === undefined) throw new Problem('not-found')
  return list
}

/** `GET /lists` and `GET /lists/{listId}`. */
export function listRoutes(app: App, services: { readonly lists: ReadonlyMap<string, ContactList> }): void {
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

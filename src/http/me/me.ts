import { Type } from 'typebox'
import { scopes } from '../../domain/client.ts'
import type { Routes } from '../app-type.ts'
import { usableAccounts } from '../contacts/find-account.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { oneOf } from '../openapi/one-of.ts'
import { commonProblems, problemResponses } from '../problems/problem-schema.ts'
import type { RouteOptions, Services } from '../services.ts'

const named = (what: string) =>
  Type.Object(
    {
      id: Type.String({ description: 'Its name in paths.' }),
      title: Type.String({ description: 'Title for people.' }),
    },
    { description: what },
  )

const MeSchema = Type.Object(
  {
    client: Type.String({ description: 'The client that the key belongs to.' }),
    scopes: Type.Array(oneOf(scopes, 'What a client may do.', 'Scope'), { description: 'What it may do.' }),
    lists: Type.Array(named('A list.'), {
      description: 'The lists that it may use, in the order of the configuration.',
    }),
    accounts: Type.Array(Type.String(), { description: 'The accounts that it may use.' }),
    importBytes: Type.Integer({ description: 'The most bytes of a file that can be imported.' }),
  },
  { title: 'Me', description: 'Whose key it is, and what may be done with it.' },
)

/** `GET /me`: what a key is good for, asked by whoever holds it. */
export function meRoute(
  app: Routes,
  services: Pick<Services, 'accounts' | 'lists'>,
  { limits }: Pick<RouteOptions, 'limits'>,
): void {
  app.get(
    '/me',
    {
      config: { scope: 'any' },
      schema: {
        operationId: 'getMe',
        summary: 'Show what your key is good for',
        description:
          'The client that the key belongs to, its scopes, lists and accounts. With any key, so that a program can show what is possible before it tries.',
        tags: ['Service'],
        response: {
          200: { description: 'The client.', content: { 'application/json': { schema: MeSchema } } },
          ...problemResponses(...commonProblems),
        },
      },
    },
    async (request, reply) => {
      const client = clientOf(request)
      reply.header('cache-control', 'no-store')
      return {
        client: client.id,
        scopes: scopes.filter((scope) => client.scopes.has(scope)),
        lists: [...services.lists.values()]
          .filter(({ id }) => client.maySeeList(id))
          .map(({ id, title }) => ({ id, title })),
        accounts: usableAccounts(services.accounts, client).map(({ account }) => account.id),
        importBytes: limits.importBytes,
      }
    },
  )
}

import { Type } from 'typebox'
import type { Client } from '../../domain/client.ts'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { commonProblems, problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import { cursorSchema, defaultPageSize, limitSchema, nextLink } from '../requests/paging.ts'
import type { RouteOptions, Services } from '../services.ts'
import { ExplainedRequestSchema, RequestPageSchema } from './explanation-schema.ts'

const client = Type.Optional(
  Type.String({ maxLength: 64, description: 'With the scope admin: of this client. Without it: your own.' }),
)

const listQuery = Type.Object(
  {
    limit: Type.Optional(limitSchema),
    cursor: Type.Optional(cursorSchema),
    since: Type.Optional(Type.String({ format: 'date-time', description: 'Only those that came then or later.' })),
    status: Type.Optional(
      Type.Integer({ format: 'int32', minimum: 100, maximum: 599, description: 'Only those with this status.' }),
    ),
    list: Type.Optional(Type.String({ maxLength: 200, description: 'Only those about this list.' })),
    client,
  },
  { additionalProperties: false },
)

/** `GET /requests` and `GET /requests/{requestId}`. */
export function requestRoutes(
  app: Routes,
  { explanations, cursors }: Pick<Services, 'explanations' | 'cursors'>,
  { publicUrl }: Pick<RouteOptions, 'publicUrl'>,
): void {
  app.get(
    '/requests',
    {
      config: {
        scope: 'any',
        answers: { 200: ['Link'] },
        leadsTo: {
          status: 200,
          operations: ['getRequest'],
          parameters: { requestId: '$response.body#/items/0/id' },
        },
      },
      schema: {
        operationId: 'listRequests',
        summary: 'List requests that are explained',
        description: `The newest first, without their calls. ${rule} A page may have fewer than its limit and be followed by others, where a filter lets few through.`,
        tags: ['Requests'],
        querystring: listQuery,
        response: {
          200: {
            description: 'One page. The header Link leads to the next.',
            content: { 'application/json': { schema: RequestPageSchema } },
          },
          ...problemResponses(...commonProblems, 'invalid-cursor', 'validation-failed', 'store-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const { limit = defaultPageSize, cursor, since, status, list } = request.query
      const of = whose(clientOf(request), request.query.client)
      const binding = [clientOf(request).id, '/requests', of, since, status, list, limit]
      const from = cursor === undefined ? undefined : String(await cursors.read(cursor, binding))
      if (explanations === undefined) return { items: [], nextCursor: null }
      const query = { limit, from, since: since === undefined ? undefined : Date.parse(since), status, list }
      const { items, next } = await explanations.page(of, query)
      const nextCursor = next === undefined ? null : await cursors.issue(next, binding)
      if (nextCursor !== null) {
        const asked = { limit, since, status, list, client: request.query.client, cursor: nextCursor }
        reply.header('link', nextLink(publicUrl(), '/requests', asked))
      }
      return { items: [...items], nextCursor }
    },
  )
  app.get(
    '/requests/:requestId',
    {
      config: { scope: 'any' },
      schema: {
        operationId: 'getRequest',
        summary: 'Explain a request',
        description: `What was done for a request of yours, how long each step took, and why no more was done. ${rule} The id is the X-Request-Id of its answer, and the last part of \`instance\` in a problem.`,
        tags: ['Requests'],
        params: Type.Object({ requestId: Type.String({ maxLength: 128, description: 'The id of a request.' }) }),
        querystring: Type.Object({ client }, { additionalProperties: false }),
        response: {
          200: { description: 'The request.', content: { 'application/json': { schema: ExplainedRequestSchema } } },
          ...problemResponses(...commonProblems, 'not-found', 'validation-failed', 'store-unavailable'),
        },
      },
    },
    async (request) => {
      const of = whose(clientOf(request), request.query.client)
      const found = await explanations?.find(of, request.params.requestId)
      if (found === undefined) throw new Problem('not-found', { detail: explanations === undefined ? off : nothing })
      return found
    },
  )
}

const rule =
  'Kept for limits.explainHours, 24 unless configured otherwise: requests that ended with a problem from a provider or the store, or with a contact that is rejected, failed or unknown; of those that were only slow, over 2 s, one a second; and those with `Prefer: explain`.'

const nothing =
  'No explanation of a request of this client has this id. Those are kept that ended with a problem from a provider or the store, or with a contact that is rejected, failed or unknown, of slow ones some, and all with Prefer: explain, for as long as limits.explainHours says. One of another replica can take 2 s to appear: ask again then.'
const off = 'No requests are explained here: limits.explainHours is 0. Ask an operator to set it.'

/** Whose requests are asked for. */
function whose(client: Client, wanted = client.id): string {
  if (wanted === client.id || client.scopes.has('admin')) return wanted
  const detail = 'To see the requests of others a client needs the scope admin. Leave out client, or ask an operator.'
  throw new Problem('scope-missing', { detail })
}

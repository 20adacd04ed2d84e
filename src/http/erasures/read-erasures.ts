import { Type } from 'typebox'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { commonProblems, problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import { cursorSchema, defaultPageSize, limitSchema, nextLink } from '../requests/paging.ts'
import type { RouteOptions, Services } from '../services.ts'
import { ErasurePageSchema, ErasureSchema, erasureIdParams, erasureStatusSchema } from './erasure-schema.ts'
import { presentErasure } from './present-erasure.ts'

const querystring = Type.Object(
  {
    limit: Type.Optional(limitSchema),
    cursor: Type.Optional(cursorSchema),
    status: Type.Optional(erasureStatusSchema),
    account: Type.Optional(
      Type.String({ maxLength: 200, description: 'Only those that have something to do with this account.' }),
    ),
  },
  { additionalProperties: false },
)

/** `GET /erasures` and `GET /erasures/{erasureId}`. */
export function readErasureRoutes(
  app: Routes,
  { erasures, heldUntil, cursors }: Pick<Services, 'erasures' | 'heldUntil' | 'cursors'>,
  { publicUrl }: Pick<RouteOptions, 'publicUrl'>,
): void {
  app.get(
    '/erasures',
    {
      config: { scope: 'erasures', answers: { 200: ['Link'] } },
      schema: {
        operationId: 'listErasures',
        summary: 'List erasures',
        description:
          'The newest first. A page may have fewer erasures than its limit and be followed by others, where a filter lets few through.',
        tags: ['Erasures'],
        querystring,
        response: {
          200: {
            description: 'One page. The header Link leads to the next.',
            content: { 'application/json': { schema: ErasurePageSchema } },
          },
          ...problemResponses(...commonProblems, 'invalid-cursor', 'validation-failed', 'store-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const { limit = defaultPageSize, cursor, status, account } = request.query
      const binding = [clientOf(request).id, '/erasures', status, account, limit]
      const from = cursor === undefined ? undefined : String(await cursors.read(cursor, binding))
      const { items, next } = await erasures.page({ limit, from, status, account })
      const nextCursor = next === undefined ? null : await cursors.issue(next, binding)
      if (nextCursor !== null)
        reply.header('link', nextLink(publicUrl(), '/erasures', { limit, status, account, cursor: nextCursor }))
      const shown = items.map(async ({ erasure }) => presentErasure(erasure, await heldUntil(erasure)))
      return { items: await Promise.all(shown), nextCursor }
    },
  )
  app.get(
    '/erasures/:erasureId',
    {
      config: { scope: 'erasures' },
      schema: {
        operationId: 'getErasure',
        summary: 'Read an erasure',
        description: 'How far it is, at each account and here. Once it is completed it is the receipt.',
        tags: ['Erasures'],
        params: erasureIdParams,
        response: {
          200: { description: 'The erasure.', content: { 'application/json': { schema: ErasureSchema } } },
          ...problemResponses(...commonProblems, 'not-found', 'store-unavailable'),
        },
      },
    },
    async (request) => {
      const erasure = await erasures.get(request.params.erasureId)
      if (erasure === undefined) throw new Problem('not-found')
      return presentErasure(erasure, await heldUntil(erasure))
    },
  )
}

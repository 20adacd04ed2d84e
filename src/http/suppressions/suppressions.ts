import { Type } from 'typebox'
import { channelSet, everyChannel } from '../../domain/suppression.ts'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { bodyProblems, commonProblems, problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import { cursorSchema, defaultPageSize, limitSchema, nextLink } from '../requests/paging.ts'
import type { RouteOptions, Services } from '../services.ts'
import { presentSuppression } from './present-suppression.ts'
import {
  channelSchema,
  reasonSchema,
  SoughtAddressSchema,
  SuppressionSchema,
  suppressionIdParams,
} from './suppression-schema.ts'

const querystring = Type.Object(
  {
    limit: Type.Optional(limitSchema),
    cursor: Type.Optional(cursorSchema),
    reason: Type.Optional(reasonSchema),
    channel: Type.Optional(channelSchema),
    since: Type.Optional(
      Type.String({ format: 'date-time', description: 'Only those that came onto the list then or later.' }),
    ),
    until: Type.Optional(
      Type.String({ format: 'date-time', description: 'Only those that came onto the list before.' }),
    ),
  },
  { additionalProperties: false },
)

const foundItems = Type.Object(
  { items: Type.Array(SuppressionSchema, { description: 'The entry, if there is one.' }) },
  { title: 'FoundSuppressions', description: 'The entry of an address, or none.' },
)

const page = Type.Object(
  {
    items: Type.Array(SuppressionSchema, { description: 'The entries, the newest first.' }),
    nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'For the next page; null on the last one.' }),
  },
  { title: 'SuppressionPage', description: 'A page of the suppression list.' },
)

/** `POST /suppressions/search`, `GET /suppressions` and `GET /suppressions/{suppressionId}`. */
export function readSuppressionRoutes(
  app: Routes,
  { suppressions, cursors }: Pick<Services, 'suppressions' | 'cursors'>,
  { publicUrl }: Pick<RouteOptions, 'publicUrl'>,
): void {
  app.post(
    '/suppressions/search',
    {
      config: { scope: 'suppressions:read', keyed: false, audit: false, example: { phone: '+33612345678' } },
      schema: {
        operationId: 'searchSuppressions',
        summary: 'Ask whether an address is suppressed',
        description: 'Looks one address up, in every form of the number. It only reads, and nothing of it is stored.',
        tags: ['Suppressions'],
        body: SoughtAddressSchema,
        response: {
          200: {
            description: 'The entry of the address, or none.',
            content: { 'application/json': { schema: foundItems } },
          },
          ...problemResponses(...commonProblems, ...bodyProblems, 'store-unavailable'),
        },
      },
    },
    async (request) => {
      const found = await suppressions.search(request.body)
      if (found !== undefined && 'code' in found) {
        const { code, pointer, detail } = found
        throw new Problem('validation-failed', { errors: [{ pointer: `#${pointer}`, code, detail }] })
      }
      return { items: found === undefined ? [] : [presentSuppression(found)] }
    },
  )
  app.get(
    '/suppressions',
    {
      config: { scope: 'suppressions:read', answers: { 200: ['Link'] } },
      schema: {
        operationId: 'listSuppressions',
        summary: 'List who is not to be contacted',
        description:
          'The newest first. A page may have fewer entries than its limit and be followed by others: where a filter lets few through, as many are looked at as can be without holding up others.',
        tags: ['Suppressions'],
        querystring,
        response: {
          200: {
            description: 'One page. The header Link leads to the next.',
            content: { 'application/json': { schema: page } },
          },
          ...problemResponses(...commonProblems, 'invalid-cursor', 'validation-failed', 'store-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const { limit = defaultPageSize, cursor, reason, channel, since, until } = request.query
      const binding = [clientOf(request).id, '/suppressions', reason, channel, since, until, limit]
      const from = cursor === undefined ? undefined : String(await cursors.read(cursor, binding))
      const { items, next } = await suppressions.page({
        limit,
        from,
        reason,
        channels: channel && channelSet([channel, everyChannel]),
        since: since === undefined ? undefined : Date.parse(since),
        until: until === undefined ? undefined : Date.parse(until),
      })
      const nextCursor = next === undefined ? null : await cursors.issue(next, binding)
      if (nextCursor !== null) {
        const query = { limit, reason, channel, since, until, cursor: nextCursor }
        reply.header('link', nextLink(publicUrl(), '/suppressions', query))
      }
      return { items: items.map(presentSuppression), nextCursor }
    },
  )
  app.get(
    '/suppressions/:suppressionId',
    {
      config: { scope: 'suppressions:read' },
      schema: {
        operationId: 'getSuppression',
        summary: 'Read an entry of the suppression list',
        description: 'One entry, by its id.',
        tags: ['Suppressions'],
        params: suppressionIdParams,
        response: {
          200: { description: 'The entry.', content: { 'application/json': { schema: SuppressionSchema } } },
          ...problemResponses(...commonProblems, 'not-found', 'store-unavailable'),
        },
      },
    },
    async (request) => {
      const found = await suppressions.get(request.params.suppressionId)
      if (found === undefined) throw new Problem('not-found')
      return presentSuppression(found)
    },
  )
}

import { Type } from 'typebox'
import { removeFromList } from '../../services/contacts/remove-contact.ts'
import type { Routes } from '../app-type.ts'
import { answerPage, pageResponses } from '../contacts/contact-page.ts'
import { removalAnswer } from '../contacts/failed-write.ts'
import { accountFor, contactAt } from '../contacts/find-account.ts'
import { accountQuery } from '../contacts/new-contact-schema.ts'
import { contactIdParams } from '../contacts/stored-contact-schema.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { commonProblems, problemResponses, writeFailures } from '../problems/problem-schema.ts'
import { contextOf } from '../requests/call-context.ts'
import { cursorSchema, defaultPageSize, limitSchema } from '../requests/paging.ts'
import { preferencesOf } from '../requests/preferences-of.ts'
import type { RouteOptions, Services } from '../services.ts'
import { listIdParams, visibleList } from './visible-list.ts'

const querystring = Type.Object(
  { account: accountQuery, limit: Type.Optional(limitSchema), cursor: Type.Optional(cursorSchema) },
  { additionalProperties: false },
)

/** `GET /lists/{listId}/contacts`: whoever may see a list may see who is on it. */
export function listContactsOfListRoute(
  app: Routes,
  services: Pick<Services, 'lists' | 'cursors'>,
  options: RouteOptions,
): void {
  app.get(
    '/lists/:listId/contacts',
    {
      config: { scope: 'contacts:read', prefers: ['wait'], answers: { 200: ['Link'] } },
      schema: {
        operationId: 'listContactsOfList',
        summary: 'List the contacts of a list',
        description: 'The contacts of a list at one of its accounts, page by page.',
        tags: ['Lists'],
        params: listIdParams,
        querystring,
        response: pageResponses,
      },
    },
    async (request, reply) => {
      const client = clientOf(request)
      const list = visibleList(services.lists, client, request.params.listId)
      const { account, limit = defaultPageSize, cursor } = request.query
      const at = accountFor(list.targets, 'listContactsOfList', account)
      const path = `/lists/${encodeURIComponent(list.id)}/contacts`
      const page = { path, query: {}, limit, cursor, filters: { target: at.target } }
      return answerPage(page, at, { request, reply, client, cursors: services.cursors, ...options })
    },
  )
}

/** `DELETE /lists/{listId}/contacts/{contactId}`. */
export function removeFromListRoute(
  app: Routes,
  services: Pick<Services, 'lists' | 'idempotently'>,
  options: RouteOptions,
): void {
  app.delete(
    '/lists/:listId/contacts/:contactId',
    {
      config: { scope: 'contacts:write', keyed: true, audit: 'list.remove', prefers: ['wait'] },
      schema: {
        operationId: 'removeContactFromList',
        summary: 'Take a contact off a list',
        description: 'Takes a contact off the list and leaves it in the account and in its other lists.',
        tags: ['Lists'],
        params: Type.Object({ ...listIdParams.properties, ...contactIdParams }),
        response: {
          204: { description: 'It is off the list.' },
          ...problemResponses(...commonProblems, 'not-found', 'operation-not-supported', ...writeFailures),
        },
      },
    },
    async (request, reply) => {
      const { listId, contactId } = request.params
      const list = visibleList(services.lists, clientOf(request), listId)
      const { place: at, key } = contactAt(list.targets, 'removeContactFromList', contactId)
      return services.idempotently(request, reply, async (journal) => {
        const context = contextOf(
          request,
          options.limits.deadlineMs,
          preferencesOf(request, reply, options.limits.deadlineMs),
        )
        const removed = await removeFromList(at, key, context)
        const told = { account: at.account.id, status: 'removed' } as const
        return removalAnswer(removed, told, journal?.earlier !== undefined, request, options)
      })
    },
  )
}

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
import { listIdParams, usableTargets, visibleList } from './visible-list.ts'

const querystring = Type.Object(
  { account: accountQuery, limit: Type.Optional(limitSchema), cursor: Type.Optional(cursorSchema) },
  { additionalProperties: false },
)

/** `GET /lists/{listId}/contacts`: who may see a list may see who is on it, at the accounts that it may use. */
export function listContactsOfListRoute(
  app: Routes,
  services: Pick<Services, 'lists' | 'cursors'>,
  options: RouteOptions,
): void {
  app.get(
    '/lists/:listId/contacts',
    {
      config: { scope: 'contacts:read', prefers: ['wait', 'explain'], answers: { 200: ['Link'] } },
      schema: {
        operationId: 'listContactsOfList',
        summary: 'List the contacts of a list',
        description:
          'The contacts of a list at one of its accounts, page by page. The client needs the list and the account.',
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
      const at = accountFor(usableTargets(list, client), 'listContactsOfList', account)
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
      config: { scope: 'contacts:write', keyed: true, audit: 'list.remove', prefers: ['wait', 'explain'] },
      schema: {
        operationId: 'removeContactFromList',
        summary: 'Take a contact off a list',
        description:
          'Takes a contact off the list at its account, and leaves it in the account and in its other lists. The client needs the list and the account.',
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
      const client = clientOf(request)
      const targets = usableTargets(visibleList(services.lists, client, listId), client)
      const { place: at, key } = contactAt(targets, 'removeContactFromList', contactId)
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

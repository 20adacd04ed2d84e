import { Type } from 'typebox'
import { contactLimits } from '../../domain/contact-limits.ts'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { cursorSchema, defaultPageSize, limitSchema } from '../requests/paging.ts'
import type { RouteOptions, Services } from '../services.ts'
import { answerPage, type PageRequest, pageResponses } from './contact-page.ts'
import { accountFor, usableAccounts } from './find-account.ts'
import { accountQuery } from './new-contact-schema.ts'

const querystring = Type.Object(
  {
    account: accountQuery,
    search: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: contactLimits.name,
        description: 'A name or number, or a part of one. An e-mail address only where the provider searches them.',
      }),
    ),
    tag: Type.Optional(
      Type.String({ minLength: 1, maxLength: contactLimits.tag, description: 'Only contacts with this tag.' }),
    ),
    limit: Type.Optional(limitSchema),
    cursor: Type.Optional(cursorSchema),
  },
  { additionalProperties: false },
)

/** `GET /contacts`: the contacts of one account. */
export function listContactsRoute(
  app: Routes,
  services: Pick<Services, 'accounts' | 'cursors'>,
  options: RouteOptions,
): void {
  app.get(
    '/contacts',
    {
      config: { scope: 'contacts:read', prefers: ['wait', 'explain'], answers: { 200: ['Link'] } },
      schema: {
        operationId: 'listContacts',
        summary: 'List or search the contacts of an account',
        description: 'The contacts of one account, page by page. A filter that its provider lacks is refused.',
        tags: ['Contacts'],
        querystring,
        response: pageResponses,
      },
    },
    async (request, reply) => {
      const client = clientOf(request)
      const { account, search, tag, limit = defaultPageSize, cursor } = request.query
      const home = accountFor(usableAccounts(services.accounts, client), 'listContacts', account)
      const page: PageRequest = { path: '/contacts', query: { search, tag }, limit, cursor, filters: { search, tag } }
      return answerPage(page, home, { request, reply, client, cursors: services.cursors, ...options })
    },
  )
}

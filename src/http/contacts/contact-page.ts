import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Client } from '../../domain/client.ts'
import type { Warning } from '../../domain/outcome.ts'
import type { Destination } from '../../services/catalog/catalog.ts'
import {
  type ContactQuery,
  isCursorRefused,
  listContacts,
  missingFilters,
  searchesInVain,
} from '../../services/contacts/list-contacts.ts'
import { problemOfFailure } from '../problems/failure-problems.ts'
import { commonProblems, problemResponses, readFailures } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import { contextOf } from '../requests/call-context.ts'
import { nextLink } from '../requests/paging.ts'
import { preferencesOf } from '../requests/preferences-of.ts'
import type { RouteOptions, Services } from '../services.ts'
import { presentContact, presentWarnings } from './present-contact.ts'
import { ContactPageSchema } from './stored-contact-schema.ts'

/** The description of a page of contacts, with its problems. */
export const pageResponses = {
  200: {
    description: 'One page. The header Link leads to the next.',
    content: { 'application/json': { schema: ContactPageSchema } },
  },
  ...problemResponses(
    ...commonProblems,
    'not-found',
    'account-required',
    'invalid-cursor',
    'unsupported-filter',
    ...readFailures,
  ),
}

/** One page that is asked for. `query` holds the parameters of the path that `filters` were made of. */
export type PageRequest = {
  readonly path: string
  readonly query: Readonly<Record<string, string | undefined>>
  readonly limit: number
  readonly cursor: string | undefined
  readonly filters: Pick<ContactQuery, 'search' | 'tag' | 'target'>
}

type PageContext = RouteOptions &
  Pick<Services, 'cursors'> & {
    readonly request: FastifyRequest
    readonly reply: FastifyReply
    readonly client: Client
  }

/** Reads a page and answers with it, its cursor and its link. */
export async function answerPage(
  { path, query, limit, cursor, filters }: PageRequest,
  { account }: Pick<Destination, 'account'>,
  { request, reply, client, cursors, limits, publicUrl }: PageContext,
) {
  const binding = [client.id, path, account.id, ...Object.values(query), limit]
  const from = cursor === undefined ? undefined : await cursors.read(cursor, binding)
  const contactQuery = { from, limit, ...filters }
  refuseFilters(missingFilters(account, contactQuery), account.id)
  if (searchesInVain(account, contactQuery)) refuseSearch(account.id)
  const context = contextOf(request, limits.deadlineMs, preferencesOf(request, reply, limits.deadlineMs))
  const listed = await listContacts(account, contactQuery, context)
  if ('failure' in listed) {
    if (isCursorRefused(contactQuery, listed.failure)) throw new Problem('invalid-cursor')
    throw problemOfFailure({ account: account.id, failure: listed.failure, doing: 'read', settleable: true })
  }
  const nextCursor = listed.ok.next === undefined ? null : await cursors.issue(listed.ok.next, binding)
  if (nextCursor !== null) {
    reply.header('link', nextLink(publicUrl(), path, { account: account.id, ...query, limit, cursor: nextCursor }))
  }
  const { contacts, leftOut = 0 } = listed.ok
  return {
    items: contacts.map((contact) => presentContact({ account }, contact)),
    nextCursor,
    ...(leftOut > 0 && { warnings: presentWarnings([contactsLeftOut(account.adapter.title, leftOut)]) }),
  }
}

function contactsLeftOut(title: string, count: number): Warning {
  const detail = `${title} has ${count} more on this page, and its answer does not tell who they are, or whether they belong here. They are left out.`
  return { code: 'contacts_left_out', pointer: '/items', detail }
}

/** An empty page would say that nobody has this address. */
function refuseSearch(account: string): never {
  const detail = `The provider of ${account} searches names and numbers, and no e-mail addresses: it would find nobody, whoever is there. Search for the name or the number.`
  throw new Problem('unsupported-filter', {
    errors: [{ pointer: '#/query/search', code: 'unsupported_filter', detail }],
  })
}

function refuseFilters(missing: readonly string[], account: string): void {
  if (missing.length === 0) return
  const errors = missing.map((filter) => ({
    pointer: `#/query/${filter}`,
    code: 'unsupported_filter',
    detail: `The provider of ${account} cannot filter by ${filter}. Leave it out.`,
  }))
  throw new Problem('unsupported-filter', { errors })
}

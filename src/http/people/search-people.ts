import type { onRequestHookHandler } from 'fastify'
import { type PersonAddresses, type PersonAt, searchPeople } from '../../services/people/search-people.ts'
import type { StoredSuppression } from '../../services/suppression-store-port.ts'
import type { App, Routes } from '../app-type.ts'
import { usableAccounts } from '../contacts/find-account.ts'
import { presentContact } from '../contacts/present-contact.ts'
import { createQuotas } from '../hooks/client-quotas.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { bodyProblems, commonProblems, problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import { contextOf } from '../requests/call-context.ts'
import { preferencesOf } from '../requests/preferences-of.ts'
import type { RouteOptions, Services } from '../services.ts'
import { presentSuppression } from '../suppressions/present-suppression.ts'
import { PersonAddressesSchema, PersonSearchSchema } from './person-schema.ts'
import { readAddresses } from './read-addresses.ts'

/** Of one client: each search is several calls to each provider, and shows who is known. */
const quota = { requests: 60, windowSeconds: 60 }

/** `POST /people/search`: where a person is. A POST, so that no address stands in a URL. */
export function searchPeopleRoute(
  app: App,
  services: Pick<Services, 'accounts' | 'sharedCounts' | 'suppressions'>,
  { limits }: RouteOptions,
): void {
  const quotas = createQuotas(app, services)
  const limit: onRequestHookHandler = (request, _reply, done) => {
    const { allowed, resetSeconds } = quotas.use(`people:${clientOf(request).id}`, quota)
    done(allowed ? undefined : tooMany(resetSeconds))
  }
  const routes: Routes = app
  routes.post(
    '/people/search',
    {
      config: {
        scope: 'people:read',
        keyed: false,
        audit: 'people.search',
        prefers: ['wait', 'explain'],
        example: { phone: '+919876543210', email: 'jane@example.com' },
      },
      onRequest: limit,
      schema: {
        operationId: 'searchPeople',
        summary: 'Find where a person is',
        description:
          'Asks each account that the client may use for everybody who has one of these addresses, in every form of a number. It reads only: no Idempotency-Key is taken, and nothing is stored. A client may search 60 times a minute.',
        tags: ['People'],
        body: PersonAddressesSchema,
        response: {
          200: {
            description: 'What each account says.',
            content: { 'application/json': { schema: PersonSearchSchema } },
          },
          ...problemResponses(...commonProblems, ...bodyProblems, 'store-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const places = usableAccounts(services.accounts, clientOf(request))
      const context = contextOf(request, limits.deadlineMs, preferencesOf(request, reply, limits.deadlineMs))
      const addresses = readAddresses(request.body)
      const [people, entries] = await Promise.all([
        searchPeople(places, addresses, context),
        suppressionsOf(services.suppressions, addresses),
      ])
      request.facts = { outcomes: people.map(({ at, status }) => ({ account: at.account.id, status })) }
      const complete = places.length === services.accounts.size
      return { suppressions: entries.map(presentSuppression), accounts: people.map(presentPerson), complete }
    },
  )
}

/** What is on the list of these addresses, each entry once. */
async function suppressionsOf(
  list: Services['suppressions'],
  { phone, email, whatsapp }: PersonAddresses,
): Promise<readonly StoredSuppression[]> {
  const drafts = [...new Set([phone, whatsapp])].flatMap((number) => (number === undefined ? [] : [{ phone: number }]))
  const asked = [...drafts, ...(email === undefined ? [] : [{ email }])]
  const found = await Promise.all(asked.map((draft) => list.search(draft)))
  const entries = found.flatMap((one) => (one !== undefined && 'id' in one ? [[one.id, one] as const] : []))
  return [...new Map(entries).values()]
}

function presentPerson({ at, status, contacts, detail }: PersonAt) {
  return {
    account: at.account.id,
    provider: at.account.adapter.id,
    status,
    ...(contacts.length > 0 && { contacts: contacts.map((contact) => presentContact(at, contact)) }),
    ...(detail !== undefined && { detail }),
  }
}

function tooMany(seconds: number): Problem {
  return new Problem('rate-limited', {
    detail: `This client may look for people ${quota.requests} times in ${quota.windowSeconds} seconds. Wait ${seconds} seconds.`,
    retryAfterSeconds: seconds,
  })
}

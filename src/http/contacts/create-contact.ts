import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { mayBeApplied } from '../../domain/outcome.ts'
import { barContact, type CreatedContact, prepareContact } from '../../services/contacts/create-contact.ts'
import type { PreparedDelivery } from '../../services/delivery/plan-delivery.ts'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { outcomeUnknown, problemOfFailure, rejection } from '../problems/failure-problems.ts'
import { keptProblem } from '../problems/problem-answer.ts'
import { bodyProblems, commonProblems, problemResponses, writeFailures } from '../problems/problem-schema.ts'
import { knownNumbers, refuseLosses } from '../problems/refusals.ts'
import { contextOf } from '../requests/call-context.ts'
import { readIdempotencyKey } from '../requests/idempotency-key.ts'
import { preferencesOf } from '../requests/preferences-of.ts'
import { publicPath } from '../requests/public-path.ts'
import type { WriteAnswer } from '../requests/write-answer.ts'
import type { RouteOptions, Services } from '../services.ts'
import { unknownAt } from './failed-write.ts'
import { accountFor, usableAccounts } from './find-account.ts'
import { accountQuery, CreatedContactSchema, NewContactSchema } from './new-contact-schema.ts'
import { leaveOutTheContact, presentCreated } from './present-created.ts'

const content = { 'application/json': { schema: CreatedContactSchema } }

/** `POST /contacts`: one contact to one account. */
export function createContactRoute(
  app: Routes,
  services: Pick<Services, 'accounts' | 'createContact' | 'idempotently' | 'watchSuppressions'>,
  { limits, publicUrl }: RouteOptions,
): void {
  app.post(
    '/contacts',
    {
      config: {
        scope: 'contacts:write',
        keyed: true,
        audit: 'contact.create',
        prefers: ['wait', 'strict', 'minimal', 'explain'],
        answers: { 201: ['Location'], 200: ['Location'] },
        example: { name: 'Jane Smith', email: 'jane@example.com', phone: '+919876543210' },
      },
      schema: {
        operationId: 'createContact',
        summary: 'Create a contact',
        description:
          "Creates one contact at one account, or updates or skips the one that is there. It goes to the account's default list where it has one, else to no list. Who is suppressed is skipped.",
        tags: ['Contacts'],
        querystring: Type.Object({ account: accountQuery }, { additionalProperties: false }),
        body: NewContactSchema,
        response: {
          201: { description: 'Created, or accepted by a provider that says no more.', content },
          200: { description: 'It was there, and was updated or skipped.', content },
          ...problemResponses(...commonProblems, 'not-found', ...bodyProblems, ...creationProblems, ...writeFailures),
        },
      },
    },
    async (request, reply) => {
      const client = clientOf(request)
      const at = accountFor(usableAccounts(services.accounts, client), 'createContact', request.query.account)
      request.chosenAccount = at.account.id
      const { onConflict = 'update', defaultCountry, numbers, ...draft } = request.body
      const prepared = prepareContact({ at, draft, onConflict, from: knownNumbers(request.body) })
      const preferences = preferencesOf(request, reply, limits.deadlineMs)
      if (preferences.strict) refuseLosses(prepared.plan.warnings[0] ?? [])
      // What is no key is refused before anybody is looked up.
      readIdempotencyKey(request, client)
      const watching = services.watchSuppressions(prepared.contacts.map(({ contact }) => contact))
      return services.idempotently(
        request,
        reply,
        async (journal) => {
          const again = journal?.earlier !== undefined
          const watch = await watching
          if (preferences.strict && !again) refuseLosses(barContact(prepared, watch).plan.warnings[0] ?? [])
          const created = await services.createContact(
            prepared,
            watch,
            { client: client.id, again },
            contextOf(request, limits.deadlineMs, preferences),
          )
          return answerOf(created, prepared, request, publicUrl())
        },
        preferences.minimal ? minimally : usually,
      )
    },
  )
}

const usually = {}
const minimally = { view: leaveOutTheContact }

const creationProblems = [
  'account-required',
  'contact-rejected',
  'loss-not-accepted',
  'conflict',
  'operation-not-supported',
  'store-unavailable',
] as const

/** @throws Problem when certainly nothing was applied */
function answerOf(
  created: CreatedContact,
  prepared: PreparedDelivery,
  request: FastifyRequest,
  publicUrl: string,
): WriteAnswer {
  const account = prepared.at.account.id
  if ('failure' in created) {
    const problem = problemOfFailure({ account, ...created, doing: 'create' })
    if (problem.slug === 'outcome-unknown')
      return { ...keptProblem(problem, request, publicUrl), facts: unknownAt(account) }
    throw problem
  }
  const { outcome } = created
  const { status, error, id } = outcome
  if (error !== undefined && status === 'rejected') throw rejection(account, error)
  if (error !== undefined)
    return { ...keptProblem(outcomeUnknown(account, error), request, publicUrl), facts: { outcomes: [outcome] } }
  return {
    status: status === 'created' || status === 'accepted' ? 201 : 200,
    ...(id !== undefined && { headers: { location: publicPath(publicUrl, `/contacts/${encodeURIComponent(id)}`) } }),
    body: presentCreated(prepared, created),
    keep: mayBeApplied(outcome),
    resumable: false,
    facts: { outcomes: [outcome] },
  }
}

import { Type } from 'typebox'
import { isOpen, mayBeApplied } from '../../domain/outcome.ts'
import {
  type AddedContacts,
  barBatch,
  type PreparedBatch,
  prepareBatch,
  previewBatch,
  warningsOfBatch,
} from '../../services/contacts/add-contacts.ts'
import { intentOf, readIntent } from '../../services/delivery/claim-intent.ts'
import { countUnsuccessful } from '../../services/delivery/outcomes.ts'
import type { Earlier } from '../../services/delivery/resume.ts'
import type { EarlierTry, Journal } from '../../services/idempotency/idempotency.ts'
import type { SuppressionWatch } from '../../services/suppressions/watch-suppressions.ts'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { inPlace } from '../imports/import-place.ts'
import { ImportSchema } from '../imports/import-schema.ts'
import { importAnswerTtlMs, startOnce } from '../imports/start-once.ts'
import { bodyProblems, commonProblems, idempotencyProblems, problemResponses } from '../problems/problem-schema.ts'
import { knownNumbers, refuseLosses } from '../problems/refusals.ts'
import { contextOf } from '../requests/call-context.ts'
import { readIdempotencyKey } from '../requests/idempotency-key.ts'
import { preferencesOf } from '../requests/preferences-of.ts'
import type { WriteAnswer } from '../requests/write-answer.ts'
import type { RouteOptions, Services } from '../services.ts'
import { BatchResultSchema, batchSchema } from './list-schema.ts'
import { leaveOutTheQuiet, presentBatch, recallBatch } from './present-batch.ts'
import { listIdParams, visibleList } from './visible-list.ts'

const querystring = Type.Object(
  {
    validateOnly: Type.Optional(
      Type.Boolean({ default: false, description: 'Check and show what would be sent; call no provider.' }),
    ),
  },
  { additionalProperties: false },
)

const example = {
  contacts: [
    {
      ref: 'crm-17',
      name: 'Jane Smith',
      email: 'jane@example.com',
      phone: '+919876543210',
      tags: ['vip'],
      attributes: { title: 'Ms' },
    },
  ],
}

/** `POST /lists/{listId}/contacts`: a batch of contacts to every target of a list. */
export function addToListRoute(
  app: Routes,
  services: Pick<
    Services,
    'lists' | 'addContacts' | 'watchSuppressions' | 'idempotently' | 'imports' | 'startBatchImport'
  >,
  routeOptions: RouteOptions,
): void {
  const { limits } = routeOptions

  app.post(
    '/lists/:listId/contacts',
    {
      config: {
        scope: 'contacts:write',
        keyed: true,
        audit: 'contacts.add',
        prefers: ['wait', 'strict', 'minimal', 'respondAsync', 'explain'],
        answers: { 207: ['X-Items-Failed'], 202: ['Location', 'Retry-After'] },
        example,
      },
      schema: {
        operationId: 'addContactsToList',
        summary: 'Add contacts to a list',
        description:
          'Sends each contact to every target of the list and answers, per contact and account, what happened. A bad contact is rejected alone; an account that fails touches no other. Who is suppressed is skipped.',
        tags: ['Lists'],
        params: listIdParams,
        querystring,
        body: batchSchema(limits.batchContacts),
        response: {
          207: {
            description: 'One outcome per contact and account.',
            content: { 'application/json': { schema: BatchResultSchema } },
          },
          202: {
            description: 'With Prefer: respond-async, the import that the batch became.',
            content: { 'application/json': { schema: ImportSchema } },
          },
          ...problemResponses(
            ...commonProblems,
            'not-found',
            ...bodyProblems,
            ...idempotencyProblems,
            'loss-not-accepted',
            'too-many-imports',
            'store-unavailable',
          ),
        },
      },
    },
    async (request, reply) => {
      const client = clientOf(request)
      const list = visibleList(services.lists, client, request.params.listId)
      const { contacts, onConflict = 'update', defaultCountry, numbers } = request.body
      const from = knownNumbers(request.body, list.numbers)
      const batch = prepareBatch({ list, contacts, onConflict, from })
      const preferences = preferencesOf(request, reply, limits.deadlineMs)
      if (preferences.strict) refuseLossesOf(batch)
      // What is no key is refused before anybody is looked up.
      readIdempotencyKey(request, client)
      // Rows of an import are looked up when they are sent.
      const watching =
        preferences.respondAsync && !preferences.strict
          ? undefined
          : services.watchSuppressions(batch.contacts.map(({ contact }) => contact))
      /** A request that was taken before is not refused when it is repeated. */
      const lookedUp = async (journal?: Journal) => {
        const watch = await watching
        if (watch !== undefined && preferences.strict && journal?.earlier === undefined)
          refuseLossesOf(barBatch(batch, watch))
        return watch as SuppressionWatch
      }
      if (preferences.respondAsync) {
        const options = {
          onConflict,
          ...(defaultCountry !== undefined && { defaultCountry }),
          ...(numbers !== undefined && { numbers }),
        }
        const validateOnly = request.query.validateOnly ?? false
        const bytes = Number(request.headers['content-length'] ?? limits.jsonBytes)
        const started = { client: client.id, list, options, validateOnly }
        return services.idempotently(
          request,
          reply,
          async (journal) => {
            await lookedUp(journal)
            return startOnce(
              services.imports,
              routeOptions,
              journal,
              started,
              (work) => inPlace(services.imports, limits, { client: started.client, bytes, log: request.log }, work),
              (announced) => services.startBatchImport(announced, contacts),
            )
          },
          // With the preference it is another request: what the one without it has sent must not be sent again.
          { content: { batch: request.body, respondAsync: true }, ttlMs: importAnswerTtlMs },
        )
      }
      if (request.query.validateOnly === true)
        return reply.code(207).send(presentBatch(previewBatch(barBatch(batch, await lookedUp()))))
      return services.idempotently(
        request,
        reply,
        async (journal) => {
          const history = journal && { mark: journal.mark, earlier: journal.earlier && recallEarlier(journal.earlier) }
          const watch = await lookedUp(journal)
          const context = contextOf(request, limits.deadlineMs, preferences)
          return answerOf(await services.addContacts(batch, watch, { client: client.id, history }, context))
        },
        { intent: intentOf(batch.notedBy, batch.deliveries), ...(preferences.minimal && { view: leaveOutTheQuiet }) },
      )
    },
  )
}

/** @throws Problem when a contact of the batch would lose something */
function refuseLossesOf(batch: PreparedBatch): void {
  refuseLosses(warningsOfBatch(batch), ({ index }) => `#/contacts/${index}`)
}

function answerOf(added: AddedContacts): WriteAnswer {
  const outcomes = added.results.flatMap((result) => result.outcomes)
  return {
    status: 207,
    headers: { 'x-items-failed': String(countUnsuccessful(added.summary)) },
    body: presentBatch(added),
    keep: outcomes.some(mayBeApplied),
    resumable: outcomes.some(isOpen),
    facts: { outcomes },
  }
}

function recallEarlier({ previous, died, intent, marks }: EarlierTry): Earlier {
  return { died, marks, ...readIntent(intent), outcomes: previous && recallBatch(previous.body) }
}

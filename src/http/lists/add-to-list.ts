import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { CallContext } from '../../domain/call-context.ts'
import { isOpen, mayBeApplied } from '../../domain/outcome.ts'
import { isPhoneCountry } from '../../domain/phone.ts'
import type { ContactList } from '../../services/catalog/catalog.ts'
import {
  type AddedContacts,
  type BatchHistory,
  lossesOf,
  type PreparedBatch,
  prepareBatch,
  previewBatch,
} from '../../services/contacts/add-contacts.ts'
import { countUnsuccessful } from '../../services/delivery/outcomes.ts'
import type { Earlier, NotedBy } from '../../services/delivery/resume.ts'
import type { EarlierTry } from '../../services/idempotency/idempotency.ts'
import type { App } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { ImportSchema } from '../imports/import-schema.ts'
import { type ImportLimits, type ImportServices, importAnswerTtlMs, startOnce } from '../imports/imports.ts'
import { bodyProblems, commonProblems, idempotencyProblems, problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import { contextOf } from '../requests/call-context.ts'
import type { Idempotently, WriteAnswer } from '../requests/idempotent-writes.ts'
import { appliedPreferences, type Preferences, readPreferences } from '../requests/preferences.ts'
import { BatchResultSchema, batchSchema } from './list-schema.ts'
import { listIdParams, visibleList } from './lists.ts'
import { leaveOutTheQuiet, presentBatch, recallBatch } from './present-batch.ts'

export type AddToListServices = {
  readonly lists: ReadonlyMap<string, ContactList>
  readonly addContacts: (
    batch: PreparedBatch,
    history: BatchHistory | undefined,
    context: CallContext,
  ) => Promise<AddedContacts>
  readonly idempotently: Idempotently
} & Pick<ImportServices, 'imports' | 'startBatchImport'>

export type AddToListLimits = { readonly batchContacts: number; readonly deadlineMs: number } & ImportLimits

const querystring = Type.Object(
  {
    validateOnly: Type.Optional(
      Type.Boolean({ default: false, description: 'Check and show what would be sent; call no provider.' }),
    ),
  },
  { additionalProperties: false },
)

/** `POST /lists/{listId}/contacts`: a batch of contacts to every target of a list. */
export function addToListRoute(app: App, services: AddToListServices, limits: AddToListLimits): void {
  app.post(
    '/lists/:listId/contacts',
    {
      config: { scope: 'contacts:write' },
      schema: {
        operationId: 'addContactsToList',
        summary: 'Add contacts to a list',
        description:
          'Sends each contact to every target of the list and answers, per contact and per account, what happened. A contact that is bad is rejected alone; an account that fails does not touch the others.',
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
      const list = visibleList(services.lists, clientOf(request), request.params.listId)
      const preferences = readPreferences(request.headers.prefer)
      const { contacts, onConflict = 'update', defaultCountry } = request.body
      if (defaultCountry !== undefined && !isPhoneCountry(defaultCountry)) throw unknownCountry
      const batch = prepareBatch({ list, contacts, onConflict, defaultCountry })
      applyPreferences(preferences, batch, reply)
      if (preferences.respondAsync) {
        const options = { onConflict, ...(defaultCountry !== undefined && { defaultCountry }) }
        const validateOnly = request.query.validateOnly ?? false
        const started = { client: clientOf(request).id, list, options, validateOnly }
        return services.idempotently(
          request,
          reply,
          (journal) =>
            startOnce(services.imports, limits, journal, started, (announced) =>
              services.startBatchImport(announced, contacts),
            ),
          // With the preference it is another request: what the one without it has sent must not be sent again.
          { content: { batch: request.body, respondAsync: true }, ttlMs: importAnswerTtlMs },
        )
      }
      if (request.query.validateOnly === true) return reply.code(207).send(presentBatch(previewBatch(batch)))
      return services.idempotently(
        request,
        reply,
        async (journal) => {
          const history = journal && { mark: journal.mark, earlier: journal.earlier && recallEarlier(journal.earlier) }
          return answerOf(
            await services.addContacts(batch, history, contextOf(request, limits.deadlineMs, preferences)),
          )
        },
        { intent: batch.notedBy, ...(preferences.minimal && { view: leaveOutTheQuiet }) },
      )
    },
  )
}

const unknownCountry = new Problem('validation-failed', {
  errors: [
    {
      pointer: '#/defaultCountry',
      code: 'unknown_country',
      detail: 'No such country has phone numbers. Use an ISO 3166 alpha-2 code, for example IN.',
    },
  ],
})

/** @throws Problem when the caller accepts no loss and there is one */
function applyPreferences(preferences: Preferences, batch: PreparedBatch, reply: FastifyReply): void {
  const applied = appliedPreferences(preferences, ['wait', 'strict', 'minimal', 'respondAsync'])
  if (applied !== undefined) reply.header('preference-applied', applied)
  const losses = preferences.strict ? lossesOf(batch) : []
  if (losses.length === 0) return
  const errors = losses.map(({ index, pointer, code, detail }) => ({
    pointer: `#/contacts/${index}${pointer}`,
    code,
    detail,
  }))
  throw new Problem('loss-not-accepted', { errors })
}

function answerOf(added: AddedContacts): WriteAnswer {
  const outcomes = added.results.flatMap((result) => result.outcomes)
  return {
    status: 207,
    headers: { 'x-items-failed': String(countUnsuccessful(added.summary)) },
    body: presentBatch(added),
    keep: outcomes.some(mayBeApplied),
    resumable: outcomes.some(isOpen),
  }
}

function recallEarlier({ previous, died, intent, marks }: EarlierTry): Earlier {
  return { died, marks, notedBy: intent as NotedBy, outcomes: previous && recallBatch(previous.body) }
}

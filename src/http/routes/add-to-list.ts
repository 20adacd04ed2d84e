import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { CallContext } from '../../domain/call-context.ts'
import { isPhoneCountry } from '../../domain/phone.ts'
import type { AddContacts, AddedContacts, LossNotAccepted } from '../../services/add-contacts.ts'
import type { ContactList } from '../../services/catalog.ts'
import { countUnsuccessful } from '../../services/outcomes.ts'
import type { App } from '../app-type.ts'
import { contextOf } from '../context.ts'
import { clientOf } from '../hooks/identify.ts'
import { appliedPreferences, type Preferences, readPreferences } from '../preferences.ts'
import { Problem } from '../problems.ts'
import { BatchResultSchema, batchSchema } from '../schemas/list.ts'
import { bodyProblems, commonProblems, problemResponses } from '../schemas/problem.ts'
import { presentBatch } from '../views/present-batch.ts'
import { listIdParams, visibleList } from './lists.ts'

export type AddToListServices = {
  readonly lists: ReadonlyMap<string, ContactList>
  readonly addContacts: (request: AddContacts, context: CallContext) => Promise<AddedContacts | LossNotAccepted>
}

export type AddToListLimits = { readonly batchContacts: number; readonly deadlineMs: number }

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
          ...problemResponses(...commonProblems, 'not-found', ...bodyProblems, 'loss-not-accepted'),
        },
      },
    },
    async (request, reply) => {
      const list = visibleList(services.lists, clientOf(request), request.params.listId)
      const preferences = readPreferences(request.headers.prefer)
      const { contacts, onConflict = 'update', defaultCountry } = request.body
      if (defaultCountry !== undefined && !isPhoneCountry(defaultCountry)) throw unknownCountry
      const added = await services.addContacts(
        {
          list,
          contacts,
          onConflict,
          ...(defaultCountry !== undefined && { defaultCountry }),
          validateOnly: request.query.validateOnly ?? false,
          strict: preferences.strict,
        },
        contextOf(request, limits.deadlineMs, preferences),
      )
      return answer(added, preferences, reply, request)
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

function answer(
  added: AddedContacts | LossNotAccepted,
  preferences: Preferences,
  reply: FastifyReply,
  _request: FastifyRequest,
) {
  const applied = appliedPreferences(preferences, ['wait', 'strict', 'minimal'])
  if (applied !== undefined) reply.header('preference-applied', applied)
  if ('losses' in added) {
    const errors = added.losses.map(({ index, pointer, code, detail }) => ({
      pointer: `#/contacts/${index}${pointer}`,
      code,
      detail,
    }))
    throw new Problem('loss-not-accepted', { errors })
  }
  reply.code(207).header('x-items-failed', countUnsuccessful(added.summary))
  return presentBatch(added, preferences.minimal)
}

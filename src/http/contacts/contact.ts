import { Type } from 'typebox'
import { readPatch } from '../../domain/contact-patch.ts'
import { afterEarlierTry, type Failure } from '../../domain/failure.ts'
import { type PatchedContact, patchContact } from '../../services/contacts/patch-contact.ts'
import { deleteContacts } from '../../services/contacts/remove-contact.ts'
import { fetchContact } from '../../services/delivery/fetch-contact.ts'
import type { App } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { type FailedCall, problemOfFailure, rejection } from '../problems/failure-problems.ts'
import { keptProblem } from '../problems/problem-answer.ts'
import {
  bodyProblems,
  commonProblems,
  problemResponses,
  readFailures,
  writeFailures,
} from '../problems/problem-schema.ts'
import { knownCountry, refuseLosses } from '../problems/refusals.ts'
import { applyPreferences } from '../requests/apply-preferences.ts'
import { contextOf } from '../requests/call-context.ts'
import type { Idempotently, WriteAnswer } from '../requests/idempotent-writes.ts'
import type { ContactRouteOptions } from './create-contact.ts'
import { type Accounts, contactAt, usableAccounts } from './find-account.ts'
import { ContactPatchSchema } from './new-contact-schema.ts'
import { presentContact, presentWarnings } from './present-contact.ts'
import { contactIdParams, PatchedContactSchema, StoredContactSchema } from './stored-contact-schema.ts'

export type ContactServices = { readonly accounts: Accounts; readonly idempotently: Idempotently }

const params = Type.Object(contactIdParams)
const url = '/contacts/:contactId'
const json = <Schema>(schema: Schema) => ({ 'application/json': { schema } })

/** `GET /contacts/{contactId}`. */
export function getContactRoute(app: App, services: ContactServices, { deadlineMs }: ContactRouteOptions): void {
  app.get(
    url,
    {
      config: { scope: 'contacts:read' },
      schema: {
        operationId: 'getContact',
        summary: 'Read a contact',
        description: 'A contact as its account holds it.',
        tags: ['Contacts'],
        params,
        response: {
          200: { description: 'The contact.', content: json(StoredContactSchema) },
          ...problemResponses(...commonProblems, 'not-found', ...readFailures),
        },
      },
    },
    async (request, reply) => {
      const { place, key } = contactAt(
        usableAccounts(services.accounts, clientOf(request)),
        'getContact',
        request.params.contactId,
      )
      const context = contextOf(request, deadlineMs, applyPreferences(request, reply, ['wait']))
      const found = await fetchContact(place.account, key, context)
      if ('ok' in found) return presentContact(place, found.ok)
      throw problemOfFailure({ account: place.account.id, failure: found.failure, doing: 'read', settleable: true })
    },
  )
}

/** `PATCH /contacts/{contactId}`. */
export function updateContactRoute(app: App, services: ContactServices, options: ContactRouteOptions): void {
  app.patch(
    url,
    {
      config: { scope: 'contacts:write' },
      schema: {
        operationId: 'updateContact',
        summary: 'Change a contact',
        description:
          'Changes what is given. Where the provider cannot be read, a contact that is not there is created (warning created_by_update), and what it cannot clear stays (warning not_cleared).',
        tags: ['Contacts'],
        params,
        body: ContactPatchSchema,
        response: {
          200: { description: 'The contact after the change.', content: json(PatchedContactSchema) },
          ...problemResponses(
            ...commonProblems,
            'not-found',
            ...bodyProblems,
            'loss-not-accepted',
            'contact-rejected',
            'conflict',
            'operation-not-supported',
            ...writeFailures,
          ),
        },
      },
    },
    async (request, reply) => {
      const { place: home, key } = contactAt(
        usableAccounts(services.accounts, clientOf(request)),
        'updateContact',
        request.params.contactId,
      )
      const { defaultCountry, ...changes } = request.body
      const patch = readPatch(changes, knownCountry(defaultCountry))
      const preferences = applyPreferences(request, reply, ['wait', 'strict'])
      return services.idempotently(request, reply, async (journal) => {
        const context = contextOf(request, options.deadlineMs, preferences)
        const patched = await patchContact({ home, key, patch, strict: preferences.strict }, context)
        const failed = { account: home.account.id, doing: 'change', settleable: true } as const
        if ('failure' in patched) {
          const failure = failureOfTry(patched.failure, journal?.earlier !== undefined)
          return failedWrite({ ...failed, failure }, request, options)
        }
        return patchAnswer(patched, home)
      })
    },
  )
}

/** @throws Problem when the patch is not acceptable */
function patchAnswer(
  patched: Exclude<PatchedContact, { failure: unknown }>,
  home: Parameters<typeof presentContact>[0],
): WriteAnswer {
  if ('error' in patched) throw rejection(home.account.id, patched.error)
  if ('losses' in patched) refuseLosses(patched.losses)
  const { contact, warnings } = patched as Extract<PatchedContact, { contact: unknown }>
  const body = { ...presentContact(home, contact), warnings: presentWarnings(warnings) }
  return { status: 200, body, keep: true, resumable: false }
}

/** `DELETE /contacts/{contactId}`. */
export function deleteContactRoute(app: App, services: ContactServices, options: ContactRouteOptions): void {
  app.delete(
    url,
    {
      config: { scope: 'contacts:write' },
      schema: {
        operationId: 'deleteContact',
        summary: 'Delete a contact',
        description:
          'Deletes a contact from its account for good. Where the provider does not tell whether it was there, it is deleted all the same.',
        tags: ['Contacts'],
        params,
        response: {
          204: { description: 'It is gone.' },
          ...problemResponses(...commonProblems, 'not-found', 'operation-not-supported', ...writeFailures),
        },
      },
    },
    async (request, reply) => {
      const { place, key } = contactAt(
        usableAccounts(services.accounts, clientOf(request)),
        'deleteContact',
        request.params.contactId,
      )
      return services.idempotently(request, reply, async (journal) => {
        const context = contextOf(request, options.deadlineMs, applyPreferences(request, reply, ['wait']))
        const deleted = await deleteContacts(place.account, [key], context)
        return removalAnswer(deleted, place.account.id, journal?.earlier !== undefined, request, options)
      })
    },
  )
}

/** `again`: there was an earlier try of the same request, which may have taken away a contact that is not there now. */
export function removalAnswer(
  removed: Awaited<ReturnType<typeof deleteContacts>>,
  account: string,
  again: boolean,
  request: Parameters<typeof keptProblem>[1],
  options: ContactRouteOptions,
): WriteAnswer {
  if ('ok' in removed || (removed.failure.kind === 'notFound' && (again || removed.failure.afterAmbiguous === true))) {
    return { status: 204, keep: true, resumable: false }
  }
  const failure = failureOfTry(removed.failure, again)
  return failedWrite({ account, failure, doing: 'change', settleable: true }, request, options)
}

/** A contact that is not there is not there, whatever an earlier try did. */
function failureOfTry(failure: Failure, again: boolean): Failure {
  return again && failure.kind !== 'notFound' ? afterEarlierTry(failure) : failure
}

/** @throws Problem when certainly nothing was applied */
function failedWrite(
  failed: FailedCall,
  request: Parameters<typeof keptProblem>[1],
  { publicUrl }: ContactRouteOptions,
): WriteAnswer {
  const problem = problemOfFailure(failed)
  if (problem.slug !== 'outcome-unknown') throw problem
  return keptProblem(problem, request, publicUrl())
}

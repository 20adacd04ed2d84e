import { Type } from 'typebox'
import { readPatch } from '../../domain/contact-patch.ts'
import { type PatchedContact, patchContact } from '../../services/contacts/patch-contact.ts'
import { deleteContacts } from '../../services/contacts/remove-contact.ts'
import { fetchContact } from '../../services/delivery/fetch-contact.ts'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { problemOfFailure, rejection } from '../problems/failure-problems.ts'
import {
  bodyProblems,
  commonProblems,
  problemResponses,
  readFailures,
  writeFailures,
} from '../problems/problem-schema.ts'
import { knownCountry, refuseLosses } from '../problems/refusals.ts'
import { contextOf } from '../requests/call-context.ts'
import { preferencesOf } from '../requests/preferences-of.ts'
import type { WriteAnswer } from '../requests/write-answer.ts'
import type { RouteOptions, Services } from '../services.ts'
import { failedWrite, failureOfTry, removalAnswer } from './failed-write.ts'
import { contactAt, usableAccounts } from './find-account.ts'
import { ContactPatchSchema } from './new-contact-schema.ts'
import { presentContact, presentWarnings } from './present-contact.ts'
import { contactIdParams, PatchedContactSchema, StoredContactSchema } from './stored-contact-schema.ts'

const params = Type.Object(contactIdParams)
const url = '/contacts/:contactId'
const json = <Schema>(schema: Schema) => ({ 'application/json': { schema } })

/** `GET /contacts/{contactId}`. */
export function getContactRoute(app: Routes, services: Pick<Services, 'accounts'>, { limits }: RouteOptions): void {
  app.get(
    url,
    {
      config: { scope: 'contacts:read', prefers: ['wait', 'explain'] },
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
      const context = contextOf(request, limits.deadlineMs, preferencesOf(request, reply, limits.deadlineMs))
      const found = await fetchContact(place.account, key, context)
      if ('ok' in found) return presentContact(place, found.ok)
      throw problemOfFailure({ account: place.account.id, failure: found.failure, doing: 'read', settleable: true })
    },
  )
}

/** `PATCH /contacts/{contactId}`. */
export function updateContactRoute(
  app: Routes,
  services: Pick<Services, 'accounts' | 'idempotently' | 'watchSuppressions'>,
  options: RouteOptions,
): void {
  app.patch(
    url,
    {
      config: {
        scope: 'contacts:write',
        keyed: true,
        audit: 'contact.update',
        prefers: ['wait', 'strict', 'explain'],
        example: { name: 'Jane Miller' },
      },
      schema: {
        operationId: 'updateContact',
        summary: 'Change a contact',
        description:
          'Changes what is given. Where the provider cannot be read, a contact that is not there is created (warning created_by_update), and what it cannot clear stays (warning not_cleared). Of who is suppressed there, things can only be taken away.',
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
            'store-unavailable',
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
      const preferences = preferencesOf(request, reply, options.limits.deadlineMs)
      return services.idempotently(request, reply, async (journal) => {
        const context = contextOf(request, options.limits.deadlineMs, preferences)
        const patched = await patchContact(
          { home, key, patch, strict: preferences.strict, watch: services.watchSuppressions },
          context,
        )
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
  const facts = { outcomes: [{ account: home.account.id, status: 'updated' }] } as const
  return { status: 200, body, keep: true, resumable: false, facts }
}

/** `DELETE /contacts/{contactId}`. */
export function deleteContactRoute(
  app: Routes,
  services: Pick<Services, 'accounts' | 'idempotently'>,
  options: RouteOptions,
): void {
  app.delete(
    url,
    {
      config: { scope: 'contacts:write', keyed: true, audit: 'contact.delete', prefers: ['wait', 'explain'] },
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
        const context = contextOf(
          request,
          options.limits.deadlineMs,
          preferencesOf(request, reply, options.limits.deadlineMs),
        )
        const deleted = await deleteContacts(place.account, [key], context)
        const told = { account: place.account.id, status: 'deleted' } as const
        return removalAnswer(deleted, told, journal?.earlier !== undefined, request, options)
      })
    },
  )
}

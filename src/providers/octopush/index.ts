import { Type } from 'typebox'
import type { Result } from '../../domain/failure.ts'
import {
  defineAdapter,
  type ItemResult,
  type ProviderRequest,
  type ProviderResponse,
  type TargetProblem,
} from '../port.ts'
import { isRecord } from '../reading/coercions.ts'
import { isDone } from '../reading/judge-body.ts'
import { numberKeyForm } from '../reading/key-form.ts'
import { readOctopushFailure, saysListExists } from './failures.ts'
import { type AttributeMap, batchOfOne, readItems, tagSet, toCreateBody } from './translate.ts'
import { readUpdated, sameAs } from './update.ts'
import { type DeleteBody, paramNames } from './wire.ts'

const Settings = Type.Object({
  optOutFlag: Type.Enum(['auto_remove_blacklisted_numbers', 'auto_delete_optout_contacts', 'both', 'none'], {
    default: 'auto_remove_blacklisted_numbers',
    description: 'Which flag asks Octopush to drop opted-out numbers; its documents disagree on the name.',
  }),
})

/** A list by its name, at most 30 characters (facts 3.2), and which canonical attribute goes into which param. */
const Target = Type.Object({
  list: Type.String({ minLength: 1, maxLength: 30, pattern: '^\\S(.*\\S)?$' }),
  attributes: Type.Optional(
    Type.Record(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_]{0,63}$' }), Type.Enum([...paramNames]), {
      additionalProperties: false,
    }),
  ),
})

/**
 * Octopush: adds contacts to a list that is created first, and tells what became of each. There is no call that reads.
 * Sources: dev.octopush.com/en/sms-gateway-api-documentation/{add-a-contact,create-a-contact-list,delete-a-contact},
 * octopush-api.readme.io/reference/post_public_apicontactscreate.
 */
export const octopush = defineAdapter({
  id: 'octopush',
  title: 'Octopush',
  baseUrl: 'https://api.octopush.com/v1/public',
  credentials: Type.Object({ apiLogin: Type.String(), apiKey: Type.String() }),
  settings: Settings,
  target: Target,
  authHeaders: ({ apiLogin, apiKey }) => ({ 'api-login': apiLogin, 'api-key': apiKey }),
  /** The balance, which is of no interest here (facts 3.1: usable as a check of the credentials). */
  credentialCheck: {
    method: 'GET',
    path: '/wallet/check-balance?country_code=FR&product_name=sms_premium',
    isAnswer: saysBalance,
  },
  honoursSkip: true,
  checkTarget: ({ attributes = {} }) => paramsUsedTwice(attributes),
  fields: (_settings, target) => ({
    name: { form: 'parts', as: 'first_name' },
    email: { as: 'email', bestEffort: 'Octopush does not document an e-mail address here and may ignore it.' },
    phone: { as: 'phone_number', required: true, fixed: true },
    whatsapp: 'dropped',
    tags: { as: 'tag_names', maxLength: 20 },
    attributes: { only: target?.attributes ?? {} },
  }),
  keyForm: numberKeyForm,
  operations: {
    /** A second call for the same name answers code 302. */
    ensureList: {
      repeatable: true,
      toRequest: ({ target }) => ({ method: 'POST', path: '/contact-list/create', json: { list_name: target.list } }),
      toOutcome: (response) =>
        response.status === 201 || saysListExists(response) ? { ok: undefined } : readOctopushFailure(response),
    },
    /** Overwrites by number, so that a second call leaves what the first one left. 200: the limit of the delete call. */
    addContacts: {
      repeatable: true,
      maxContacts: 200,
      groupKey: tagSet,
      toRequest: (input) => ({ method: 'POST', path: '/contact/create', json: toCreateBody(input) }),
      toOutcome: (response, input) => {
        const items = isSuccess(response) ? readItems(response.body, input, response.drift) : undefined
        return items === undefined ? readOctopushFailure(response) : { ok: items }
      },
    },
    /** The same call with one contact and, where there is no target, without a list. */
    createContact: {
      repeatable: true,
      toRequest: (input) => ({ method: 'POST', path: '/contact/create', json: toCreateBody(batchOfOne(input)) }),
      toOutcome: (response, input) => {
        const items = isSuccess(response) ? readItems(response.body, batchOfOne(input), response.drift) : undefined
        return items === undefined ? readOctopushFailure(response) : { ok: items[0] as ItemResult }
      },
    },
    /** There is no call that updates: creating overwrites by number (facts 3.2). What is not sent stays. */
    updateContact: {
      repeatable: true,
      toRequest: (input) => ({ method: 'POST', path: '/contact/create', json: toCreateBody(sameAs(input)) }),
      toOutcome: (response, input) => {
        const items = isSuccess(response) ? readItems(response.body, sameAs(input), response.drift) : undefined
        return items === undefined ? readOctopushFailure(response) : { ok: readUpdated(items[0] as ItemResult) }
      },
    },
    /** 1 to 200 numbers (facts 3.3). That an unknown one is no error is not documented; a 404 is taken so too. */
    deleteContacts: {
      repeatable: true,
      maxContacts: 200,
      toRequest: ({ keys }) => deletion({ phone_numbers: keys }),
      toOutcome: (response) => (response.status === 404 ? { ok: undefined } : readDeleted(response)),
    },
    removeFromList: {
      repeatable: true,
      maxContacts: 200,
      toRequest: ({ keys, target }) => deletion({ phone_numbers: keys, list_name: target.list }),
      toOutcome: readDeleted,
    },
  },
})

function deletion(json: DeleteBody): ProviderRequest {
  return { method: 'DELETE', path: '/contact/delete', json }
}

/** 204, or any other success that says nothing to the contrary. */
function readDeleted(response: ProviderResponse): Result<undefined> {
  if (!isDone(response)) return readOctopushFailure(response)
  if (response.status !== 204) response.drift?.('status')
  return { ok: undefined }
}

function saysBalance(body: unknown): boolean {
  return isRecord(body) && ('amount' in body || 'unit' in body || 'wallet_packs' in body)
}

function isSuccess({ status }: ProviderResponse): boolean {
  return status >= 200 && status < 300
}

function paramsUsedTwice(attributes: AttributeMap): readonly TargetProblem[] {
  const takenBy = new Map<string, string>()
  const problems: TargetProblem[] = []
  for (const [attribute, param] of Object.entries(attributes)) {
    const first = takenBy.get(param)
    if (first === undefined) takenBy.set(param, attribute)
    else problems.push({ path: `/attributes/${attribute}`, message: `${param} is taken by ${first} already` })
  }
  return problems
}

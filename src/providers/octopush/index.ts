import { Type } from 'typebox'
import type { Contact } from '../../domain/contact.ts'
import { configuredAttributePattern } from '../../domain/contact-limits.ts'
import type { Result } from '../../domain/failure.ts'
import {
  defineAdapter,
  type ItemResult,
  type ProviderRequest,
  type ProviderResponse,
  type TargetProblem,
} from '../adapter-port.ts'
import { dropped } from '../fields.ts'
import { isRecord } from '../reading/coercions.ts'
import { isDone } from '../reading/judge-body.ts'
import { numberKeyForm } from '../reading/key-form.ts'
import { saysStatusAlone } from '../reading/read-error.ts'
import { readMaking } from '../reading/read-making.ts'
import { del, post } from '../requests.ts'
import { readOctopushFailure } from './failures.ts'
import { readItems } from './items.ts'
import { readOptOut } from './opt-out.ts'
import { probes } from './probes/index.ts'
import { addTagCall, tagCalls } from './tag-calls.ts'
import { type AttributeMap, type Batch, batchOfOne, tagSet, toCreateBody } from './translate.ts'
import { readUpdated, sameAs } from './update.ts'
import { type DeleteBody, paramNames } from './wire.ts'

const severalTagsMayBeIgnored =
  'Octopush documents several tags in one place only, and may ignore all of them, or all but one.'

const Settings = Type.Object({
  optOutFlag: Type.Enum(['auto_remove_blacklisted_numbers', 'auto_delete_optout_contacts', 'both', 'none'], {
    default: 'auto_remove_blacklisted_numbers',
    description: 'Which flag asks Octopush to drop opted-out numbers; its documents disagree on the name.',
  }),
  sendEmail: Type.Boolean({
    default: true,
    description:
      'Whether e-mails are sent: Octopush documents them in its answers alone. False drops them, with a warning.',
  }),
  manyTags: Type.Enum(['together', 'one call each'], {
    default: 'together',
    description:
      'How several tags of a contact go: together as tag_names, which Octopush documents in one place only, or in one call for each tag.',
  }),
})

/**
 * A list by its name, at most 30 characters (docs/providers.md, "Octopush: adding contacts"), and which canonical
 * attribute goes into which param.
 */
const Target = Type.Object({
  list: Type.String({ minLength: 1, maxLength: 30, pattern: '^\\S(.*\\S)?$' }),
  attributes: Type.Optional(
    Type.Record(Type.String({ pattern: configuredAttributePattern }), Type.Enum([...paramNames]), {
      additionalProperties: false,
    }),
  ),
})

/**
 * Octopush: adds contacts to a list that is created first, and tells what became of each. There is no call that reads.
 * What is known of it: docs/providers.md.
 */
export const octopush = defineAdapter({
  id: 'octopush',
  title: 'Octopush',
  baseUrl: 'https://api.octopush.com/v1/public',
  credentials: Type.Object({ apiLogin: Type.String(), apiKey: Type.String() }),
  settings: Settings,
  target: Target,
  listMember: 'list',
  authHeaders: ({ apiLogin, apiKey }) => ({ 'api-login': apiLogin, 'api-key': apiKey }),
  /** The balance, which is of no interest here (docs/providers.md, "Octopush: calls and credentials"). */
  credentialCheck: {
    method: 'GET',
    path: '/wallet/check-balance?country_code=FR&product_name=sms_premium',
    isAnswer: saysBalance,
  },
  keyedBy: 'phone',
  honoursSkip: true,
  channels: { email: ['email'], phone: ['sms'] },
  readOptOut,
  probes,
  byHand: {
    deletion: {
      email:
        'Octopush deletes by phone number, and has no call that finds a contact by its e-mail address. Look for the number, and ask again with it; or look for the contact in the account at Octopush, and delete it there.',
    },
  },
  checkTarget: ({ attributes = {} }) => paramsUsedTwice(attributes),
  fields: ({ sendEmail, manyTags }, target) => ({
    name: { form: 'parts', as: 'first_name' },
    email:
      sendEmail !== false
        ? {
            kind: 'sent',
            as: 'email',
            bestEffort: 'Octopush does not document an e-mail address here and may ignore it.',
          }
        : dropped,
    phone: { kind: 'sent', as: 'phone_number', required: true, fixed: true },
    whatsapp: dropped,
    tags:
      manyTags === 'one call each'
        ? { kind: 'sent', as: 'tag_name', maxLength: 20 }
        : { kind: 'sent', as: 'tag_names', maxLength: 20, severalBestEffort: severalTagsMayBeIgnored },
    attributes: { kind: 'mapped', as: target?.attributes ?? {} },
  }),
  keyForm: numberKeyForm,
  operations: {
    /** What a second call for the same name answers is not documented: code 302 is assumed. */
    ensureList: {
      repeatable: true,
      toRequest: ({ target }) => post('/contact-list/create', { list_name: target.list }),
      toOutcome: (response) => readMaking(response, readOctopushFailure),
    },
    /** Overwrites by number, so that a second call leaves what the first one left. 200: the limit of the delete call. */
    addContacts: {
      repeatable: true,
      maxContacts: 200,
      groupKey: tagSet,
      toRequest: createRequest,
      toOutcome: readCreated,
      further: { after: tagCalls, add: addTagCall },
    },
    /** The same call with one contact and, where there is no target, without a list. */
    createContact: {
      repeatable: true,
      toRequest: (input) => createRequest(batchOfOne(input)),
      toOutcome: (response, input) => onlyItem(readCreated(response, batchOfOne(input))),
      further: {
        after: (input, item) => tagCalls(batchOfOne(input), [item]).map((call) => ({ ...input, ...oneOf(call) })),
        add: (item, input, of, result) =>
          addTagCall([item], batchOfOne(input), batchOfOne(of), asItems(result))[0] as ItemResult,
      },
    },
    /** There is no call that updates: creating overwrites by number. What is not sent stays (assumed). */
    updateContact: {
      repeatable: true,
      toRequest: (input) => createRequest(sameAs(input)),
      toOutcome: (response, input) => readUpdated(onlyItem(readCreated(response, sameAs(input)))),
      further: {
        after: (input, item) =>
          tagCalls(sameAs(input), [item]).map((call): typeof input => ({ ...input, ...oneOf(call) })),
        add: (item, input, of, result) =>
          addTagCall([item], sameAs(input), sameAs(of), asItems(result))[0] as ItemResult,
      },
    },
    /**
     * 1 to 200 numbers (docs/providers.md, "Octopush: deleting contacts"). That an unknown one is no error is not
     * documented; a 404 is taken so too.
     */
    deleteContacts: {
      repeatable: true,
      maxContacts: 200,
      toRequest: ({ keys }) => deletion({ phone_numbers: keys }),
      toOutcome: (response) => {
        const removed = readDeleted(response)
        return 'failure' in removed && removed.failure.kind === 'notFound' && response.status === 404
          ? { ok: undefined }
          : removed
      },
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
  return del('/contact/delete', json)
}

/**
 * 204, or any other success that says nothing to the contrary. The address is one for all contacts: that it is not there by
 * name is said of the address, and of no contact.
 */
function readDeleted(response: ProviderResponse): Result<undefined> {
  if (!isDone(response)) {
    const failed = readOctopushFailure(response)
    const isOfAddress = response.status === 404 && saysStatusAlone(response)
    return isOfAddress ? { failure: { ...failed.failure, kind: 'unreadable', because: 'foreign' } } : failed
  }
  if (response.status !== 204) response.drift?.('status')
  return { ok: undefined }
}

function saysBalance(body: unknown): boolean {
  return isRecord(body) && ('amount' in body || 'unit' in body || 'wallet_packs' in body)
}

function createRequest(batch: Batch): ProviderRequest {
  return post('/contact/create', toCreateBody(batch))
}

function readCreated(response: ProviderResponse, batch: Batch): Result<readonly ItemResult[]> {
  const { status } = response
  const items = status >= 200 && status < 300 ? readItems(response, batch) : undefined
  return items === undefined ? readOctopushFailure(response) : { ok: items }
}

function onlyItem(result: Result<readonly ItemResult[]>): Result<ItemResult> {
  return 'ok' in result ? { ok: result.ok[0] as ItemResult } : result
}

function asItems(result: Result<ItemResult>): Result<readonly ItemResult[]> {
  return 'ok' in result ? { ok: [result.ok] } : result
}

/** The contact of a batch of one, and how it meets one that is there. */
function oneOf({ contacts, onConflict }: Batch) {
  return { contact: contacts[0] as Contact, onConflict }
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

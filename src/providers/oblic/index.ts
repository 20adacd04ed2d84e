import { Type } from 'typebox'
import { contactLimits } from '../../domain/contact-limits.ts'
import { defineAdapter, type ProviderResponse } from '../adapter-port.ts'
import { dropped } from '../fields.ts'
import { isRecord } from '../reading/coercions.ts'
import { judgeBody } from '../reading/judge-body.ts'
import { post } from '../requests.ts'
import { readOblicFailure } from './failures.ts'
import { probes } from './probes/index.ts'
import { toOblicContact } from './translate.ts'

/** The name of an Oblic list: the UUID that its dashboard shows (docs/providers.md, "Oblic: adding contacts"). */
const Target = Type.Object({ list: Type.String({ pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' }) })

const deletedByHand =
  'Oblic has no call that finds or deletes contacts. Search for this address in its dashboard, and delete the contact there, in every list.'

/**
 * Oblic: adds contacts to a list that exists, and nothing else. What is known of it: docs/providers.md.
 * Its answer says nothing of a single contact, returns no key, and it is not documented whether adding a contact twice
 * leaves one: the operation is not repeatable.
 */
export const oblic = defineAdapter({
  id: 'oblic',
  title: 'Oblic',
  baseUrl: 'https://api.oblic.app',
  credentials: Type.Object({ apiKey: Type.String() }),
  settings: Type.Object({}),
  target: Target,
  listMember: 'list',
  authHeaders: ({ apiKey }) => ({ Authorization: `Bearer ${apiKey}` }),
  allowlist: "the IP whitelist of the organisation in Oblic's dashboard, where a change takes up to 5 minutes",
  keyedBy: 'email',
  honoursSkip: false,
  channels: { email: ['email'], phone: ['sms', 'whatsapp'], whatsapp: ['whatsapp'] },
  byHand: { deletion: { email: deletedByHand, phone: deletedByHand, whatsapp: deletedByHand } },
  fields: () => ({
    name: { form: 'one', as: 'name', required: true, maxLength: contactLimits.name },
    email: { kind: 'sent', as: 'email', required: true },
    phone: { kind: 'sent', as: 'phone' },
    whatsapp: { kind: 'sent', as: 'whatsApp' },
    tags: dropped,
    attributes: dropped,
  }),
  probes,
  operations: {
    addContacts: {
      repeatable: false,
      maxContacts: 100,
      toRequest: ({ contacts, target }) =>
        post(`/external/contact-list/v1/${encodeURIComponent(target.list)}/add`, contacts.map(toOblicContact)),
      toOutcome: (response, { contacts }) =>
        isSuccess(response) ? { ok: contacts.map(() => accepted) } : readOblicFailure(response),
    },
  },
})

const accepted = Object.freeze({ status: 'accepted' as const })

/** Success is what the body says, with any code of the class; a body that says nothing says nothing of success either. */
function isSuccess(response: ProviderResponse): boolean {
  const { status, body, drift } = response
  if (status < 200 || status > 299 || judgeBody(response) !== 'succeeded') return false
  if (status !== 200 || !isRecord(body) || body.status !== 'success') drift?.('status')
  return true
}

import { Type } from 'typebox'
import { configuredAttributePattern, contactLimits } from '../../domain/contact-limits.ts'
import { isSameText } from '../../domain/same-text.ts'
import { defineAdapter, type ProviderResponse } from '../adapter-port.ts'
import { dropped } from '../fields.ts'
import { keyForm } from '../reading/key-form.ts'
import { openPage } from '../reading/read-page.ts'
import { del, get, post, put } from '../requests.ts'
import { readVobizFailure } from './failures.ts'
import { numberAsked, readFound } from './find-contacts.ts'
import { csvCarries, readImport, toCsv } from './import.ts'
import { probes } from './probes/index.ts'
import { readCreated, readDeleted, readGot, readList, readUpdated } from './read-contacts.ts'
import { toCreateBody, toQuery, toUpdateBody } from './translate.ts'

const Settings = Type.Object({
  emailAttribute: Type.Union([Type.String({ pattern: configuredAttributePattern }), Type.Null()], {
    default: 'email',
    description: 'The custom attribute that keeps the e-mail; null drops e-mails, with a warning.',
  }),
  csvImport: Type.Boolean({
    default: true,
    description: 'Whether many contacts go as one CSV file. False keeps the tags that existing contacts have.',
  }),
  updateReplaces: Type.Boolean({
    default: false,
    description: 'Whether an update empties what is not in it. True sends all of a contact with each change.',
  }),
})

/**
 * A list is a tag (docs/providers.md, "Vobiz: lists are tags"), without what an import would change: commas, spaces at
 * its ends.
 */
const Target = Type.Object({ tag: Type.String({ maxLength: contactLimits.tag, pattern: '^[^,\\s]([^,]*[^,\\s])?$' }) })

/**
 * Vobiz: WhatsApp contacts with tags and custom attributes, one by one or as a CSV file.
 * What is known of it: docs/providers.md.
 */
export const vobiz = defineAdapter({
  id: 'vobiz',
  title: 'Vobiz',
  baseUrl: 'https://api.vobiz.ai/api/v1/messaging',
  credentials: Type.Object({ authId: Type.String(), authToken: Type.String() }),
  settings: Settings,
  target: Target,
  authHeaders: ({ authId, authToken }) => ({ 'X-Auth-ID': authId, 'X-Auth-Token': authToken }),
  credentialCheck: {
    method: 'GET',
    path: '/contacts?limit=1',
    isAnswer: (body) => openPage(body, { page: 1, limit: 1 }, () => {}) !== undefined,
  },
  keyedBy: 'phone',
  honoursSkip: true,
  channels: { email: [], phone: ['whatsapp'] },
  byHand: {
    deletion: {
      email:
        'A search at Vobiz looks at names and numbers, and not at e-mail addresses. Look for the number, and ask again with it; or look for the contact in the console of Vobiz, and delete it there.',
    },
  },
  probes,
  fields: ({ emailAttribute }) => ({
    name: { form: 'one', as: 'name', required: true, maxLength: contactLimits.name },
    email: emailAttribute === null ? dropped : { kind: 'sent', as: `custom_attributes.${emailAttribute}` },
    phone: { kind: 'sent', as: 'phone_number', required: true, fixed: true },
    whatsapp: { kind: 'standsIn', for: 'phone' },
    tags: { kind: 'sent', as: 'tags' },
    attributes:
      emailAttribute === null
        ? { kind: 'sent', as: 'custom_attributes' }
        : { kind: 'sent', as: 'custom_attributes', reserved: { [emailAttribute]: 'email' } },
  }),
  /** Whatever form they have: UUIDs today, `cnt_…` before June 2026. `import` is a path of its own. */
  keyForm: new RegExp(`^(?!import$)${keyForm.source.slice(1)}`),
  membership: {
    has: ({ tags }, { tag }) => tags.some((other) => isSameText(other, tag)),
    tagsWithout: ({ tags }, { tag }) => tags.filter((other) => !isSameText(other, tag)),
  },
  operations: {
    /** What a second one does is not documented: 409 is assumed, a silent upsert understood. */
    createContact: {
      repeatable: false,
      toRequest: (input) => post('/contacts', toCreateBody(input)),
      toOutcome: readCreated,
    },
    /**
     * A contact has one number, that of WhatsApp. A search does not look at attributes, where the e-mail is. 100: the most
     * that the provider's other lists give; this one's limit is not documented.
     */
    findContacts: {
      repeatable: true,
      by: ['phone', 'whatsapp'],
      alsoByDigits: true,
      toRequest: (input) => {
        const number = numberAsked(input)
        return get(`/contacts?search=${encodeURIComponent(input.digitsOnly ? number.slice(1) : number)}&limit=100`)
      },
      toOutcome: readFound,
    },
    getContact: {
      repeatable: true,
      toRequest: ({ key }) => get(pathOf(key)),
      toOutcome: readGot,
    },
    /** `search` looks in names and numbers, `tag` is one tag. */
    listContacts: {
      repeatable: true,
      filters: ['search', 'tag', 'target'],
      searchesIn: ['name', 'phone'],
      toRequest: (input) => get(`/contacts?${toQuery(input)}`),
      toOutcome: readList,
    },
    updateContact: {
      repeatable: true,
      toRequest: (input) => put(pathOf(input.key), toUpdateBody(input)),
      toOutcome: readUpdated,
    },
    /** For good; a second one is assumed to be a 404. */
    deleteContacts: {
      repeatable: true,
      maxContacts: 1,
      toRequest: ({ keys: [key = ''] }) => del(pathOf(key)),
      toOutcome: readDeleted,
    },
    /** An upsert by number, so that a second one leaves what the first one left. */
    importContacts: {
      repeatable: true,
      minContacts: 20,
      maxContacts: 1000,
      carries: csvCarries,
      toRequest: (input) => ({
        method: 'POST',
        path: '/contacts/import',
        file: { field: 'file', fileName: 'contacts.csv', type: 'text/csv', content: toCsv(input) },
      }),
      // A file that holds bad rows may be answered as a refusal, with the summary of what was done.
      toOutcome: (response, input) => {
        const items = hasSummary(response) ? readImport(response, input) : undefined
        return items === undefined ? readVobizFailure(response) : { ok: items }
      },
    },
  },
})

function hasSummary({ status }: ProviderResponse): boolean {
  return (status >= 200 && status < 300) || status === 400 || status === 422
}

function pathOf(key: string): string {
  return `/contacts/${encodeURIComponent(key)}`
}

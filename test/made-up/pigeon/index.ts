import { Type } from 'typebox'
import { defineAdapter } from '../../../src/providers/adapter-port.ts'
import { dropped } from '../../../src/providers/fields.ts'
import { keyForm } from '../../../src/providers/reading/key-form.ts'
import { del, get, post } from '../../../src/providers/requests.ts'
import { askForToken, readToken } from './access.ts'
import { readPigeonFailure, successOf } from './failures.ts'
import { readFound, readGone, readGot, readListed, readUpdated, toPatch } from './stored-members.ts'
import { readItems, toMember } from './translate.ts'
import { readAudience } from './wire.ts'

/** An audience by its name; its id, which the calls need, is told when it is made, or when it is there. */
const Target = Type.Object({
  list: Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' }),
  id: Type.Optional(Type.String()),
})

/**
 * Pigeon: adds members to an audience, and tells what became of each. Source: docs.pigeon.example/{access,audiences,members}.
 */
export const pigeon = defineAdapter({
  id: 'pigeon',
  title: 'Pigeon',
  baseUrl: 'https://api.pigeon.example/v3',
  credentials: Type.Object({ clientId: Type.String(), clientSecret: Type.String() }),
  settings: Type.Object({}),
  target: Target,
  listMember: 'list',
  authHeaders: () => ({}),
  token: {
    request: askForToken,
    read: readToken,
    headers: (token) => ({ Authorization: `Bearer ${token}` }),
  },
  credentialCheck: get('/members?size=1'),
  keyForm,
  keyedBy: 'email',
  honoursSkip: true,
  channels: { email: ['email'], phone: ['sms'] },
  fields: () => ({
    name: { form: 'one', as: 'full_name', maxLength: 100 },
    email: { kind: 'sent', as: 'email', required: true, fixed: true },
    phone: { kind: 'sent', as: 'mobile', fixed: true },
    whatsapp: dropped,
    tags: dropped,
    attributes: dropped,
  }),
  operations: {
    /** 201, or 200 where there is one of this name. */
    ensureList: {
      repeatable: true,
      namesTarget: true,
      toRequest: ({ target }) => post('/audiences', { name: target.list }),
      toOutcome: (response, { target }) => {
        const made = successOf(response, readAudience)
        return made === undefined ? readPigeonFailure(response) : { ok: { ...target, id: made.audience } }
      },
    },
    /** An upsert by e-mail address: a second call leaves what the first one left. */
    addContacts: {
      repeatable: true,
      maxContacts: 500,
      toRequest: ({ contacts, target, onConflict }) =>
        post(`${audiencePath(target)}/members`, {
          members: contacts.map(toMember),
          keep_existing: onConflict === 'skip',
        }),
      toOutcome: (response, { contacts }) => {
        const items = successOf(response, (body) => readItems(body, contacts))
        return items === undefined ? readPigeonFailure(response) : { ok: items }
      },
    },
    /** One page has all of them. */
    findContacts: {
      repeatable: true,
      by: ['email', 'phone'],
      toRequest: ({ email, phone = '' }) => {
        const address =
          email === undefined ? `mobile=${encodeURIComponent(phone)}` : `email=${encodeURIComponent(email)}`
        return get(`/members?${address}`)
      },
      toOutcome: readFound,
    },
    getContact: {
      repeatable: true,
      toRequest: ({ key }) => get(memberPath(key)),
      toOutcome: readGot,
    },
    listContacts: {
      repeatable: true,
      filters: ['target'],
      toRequest: ({ from, limit, target }) => {
        const after = from === undefined ? '' : `&after=${encodeURIComponent(from)}`
        return get(`${target === undefined ? '' : audiencePath(target)}/members?size=${limit}${after}`)
      },
      toOutcome: readListed,
    },
    updateContact: {
      repeatable: true,
      toRequest: ({ key, contact, parts }) => toPatch(memberPath(key), contact, parts),
      toOutcome: readUpdated,
    },
    deleteContacts: {
      repeatable: true,
      maxContacts: 1,
      toRequest: ({ keys: [key = ''] }) => del(memberPath(key)),
      toOutcome: readGone,
    },
    removeFromList: {
      repeatable: true,
      maxContacts: 1,
      toRequest: ({ keys: [key = ''], target }) => del(`${audiencePath(target)}${memberPath(key)}`),
      toOutcome: readGone,
    },
  },
})

function memberPath(key: string): string {
  return `/members/${encodeURIComponent(key)}`
}

/** Before its id is known, in a preview, and where lists are made by hand: `list` is in its place. */
function audiencePath({ id, list }: { readonly id?: string; readonly list: string }): string {
  return `/audiences/${encodeURIComponent(id ?? list)}`
}

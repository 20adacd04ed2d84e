import { describe, expect } from 'vitest'
import { vobiz } from '../../src/providers/vobiz/index.ts'
import { answer, contact, htmlPage, runAnswers, runCases, textAnswer } from './adapter-cases.ts'
import { documented, failure, id, rahul, settings, stored, target } from './vobiz-example.ts'

describe('finding a contact at Vobiz', () => {
  const input = { phone: '+919876543210', settings }
  const request = { method: 'GET' as const, path: '/contacts?search=%2B919876543210&limit=100' }
  const page = (items: object[], rest: object = { total: items.length, page: 1, limit: 100, has_more: false }) =>
    answer(200, { items, ...rest })
  const other = { ...documented, id: 'other', phone_number: '+9198765432101' }
  const manyFound = failure('unreadable', {
    status: 200,
    message: expect.stringContaining('not certain that this page holds all'),
  })
  runCases(vobiz, 'findContacts', [
    { name: 'the documented page', input, request, response: page([documented]), outcome: { ok: [stored] } },
    { name: 'only the exact number', input, request, response: page([other, documented]), outcome: { ok: [stored] } },
    { name: 'a longer number is another', input, request, response: page([other]), outcome: { ok: [] } },
    {
      name: 'everybody who has the number, first those who have it written the same',
      input,
      request,
      response: page([
        { ...documented, id: 'second', phone_number: '91 98765 43210' },
        other,
        documented,
        { ...documented, id: 'third' },
      ]),
      outcome: { ok: [stored, { ...stored, key: 'third' }, { ...stored, key: 'second' }] },
    },
    {
      name: 'a WhatsApp number, which is the number of a contact',
      input: { whatsapp: '+919876543210', settings },
      request,
      response: page([documented]),
      outcome: { ok: [stored] },
    },
    {
      name: 'the digits alone',
      input: { ...input, digitsOnly: true },
      request: { ...request, path: '/contacts?search=919876543210&limit=100' },
      response: page([{ ...documented, phone_number: '919876543210' }]),
      outcome: { ok: [stored] },
    },
    { name: 'none', input, request, response: page([]), outcome: { ok: [] } },
    {
      name: 'the old form',
      input,
      request,
      response: answer(200, { data: [documented], meta: { total: 1, page: 1, limit: 25 } }),
      outcome: { ok: [stored] },
    },
    {
      name: 'none in the old form',
      input,
      request,
      response: answer(200, { data: [], meta: { total: 0 } }),
      outcome: { ok: [] },
    },
  ])
  runAnswers(vobiz, 'findContacts', input, [
    {
      name: 'a match is a match, whatever follows',
      response: page([documented], { total: 300, has_more: true }),
      outcome: { ok: [stored] },
    },
    { name: 'no match and more pages: not certain', response: page([other], { has_more: true }), outcome: manyFound },
    { name: 'no match and a greater total: not certain', response: page([other], { total: 2 }), outcome: manyFound },
    { name: '… in the old form', response: answer(200, { data: [other], meta: { total: 2 } }), outcome: manyFound },
    {
      name: 'an item without a number: not certain',
      response: page([{ id: 'x' }]),
      outcome: failure('unreadable', expect.objectContaining({ status: 200 })),
    },
    { name: '200 with an empty body', response: textAnswer(200, ''), outcome: failure('unreadable', { status: 200 }) },
    {
      name: '200 that says error',
      response: answer(200, { status: 'error', error: { code: 'x', message: 'y' } }),
      outcome: failure('unreadable', { status: 200, code: 'x', message: 'y' }),
    },
    {
      name: '500',
      response: answer(500, { message: 'y' }),
      outcome: failure('unavailable', { status: 500, message: 'y' }),
    },
  ])
  const withAttributes = (custom_attributes: object) => page([{ ...documented, custom_attributes }])
  runAnswers(vobiz, 'findContacts', input, [
    {
      name: 'the e-mail is read from its place and is no attribute',
      response: withAttributes({ email: 'rahul@example.com', company: 'Acme' }),
      outcome: { ok: [{ ...stored, email: 'rahul@example.com' }] },
    },
    {
      name: 'what is no text there stays an attribute',
      response: withAttributes({ email: 5 }),
      outcome: { ok: [{ ...stored, attributes: { email: 5 } }] },
    },
    {
      name: 'a list that others have stored is handed on, lest writing it back lose it',
      response: withAttributes({ history: [1, { a: 2 }] }),
      outcome: { ok: [{ ...stored, attributes: { history: [1, { a: 2 }] } }] },
    },
  ])
  runAnswers(vobiz, 'findContacts', { ...input, settings: { ...settings, emailAttribute: null } }, [
    {
      name: 'without a place for e-mails an attribute email is an attribute',
      response: withAttributes({ email: 'rahul@example.com' }),
      outcome: { ok: [{ ...stored, attributes: { email: 'rahul@example.com' } }] },
    },
  ])
})

describe('updating a contact at Vobiz', () => {
  const put = (json: object, path = `/contacts/${id}`) => ({ method: 'PUT' as const, path, json })
  const whole = { name: 'Rahul Sharma', tags: ['newsletter', 'vip'], custom_attributes: { company: 'Acme' } }
  const merged = contact({ ...rahul, tags: ['vip'], attributes: { company: 'Acme', old: null } })
  const input = { key: id, contact: merged, target, settings }
  const { createdAt, updatedAt, lastActivityAt, ...plain } = stored
  const updated = (contact: object) => ({ ok: { status: 'updated', key: id, contact } })
  const unseen = (contact: object) => ({ ok: { status: 'updated', key: id, contact, unshown: [] } })
  const asSent = unseen({ ...plain, tags: ['newsletter', 'vip'] })
  runCases(vobiz, 'updateContact', [
    {
      name: 'tags and attributes whole, never the number',
      input,
      request: put(whole),
      response: answer(200, documented),
      outcome: updated(stored),
    },
    {
      name: 'no tags and no attributes are written as none',
      input: { key: id, contact: rahul, settings },
      request: put({ name: 'Rahul Sharma', tags: [], custom_attributes: {} }),
      response: answer(200, documented),
      outcome: updated(stored),
    },
    {
      name: 'the e-mail goes into its place',
      input: { key: id, contact: contact({ ...rahul, email: 'r@example.com', attributes: { email: 5 } }), settings },
      request: put({ name: 'Rahul Sharma', tags: [], custom_attributes: { email: 'r@example.com' } }),
      response: textAnswer(200, ''),
      outcome: unseen({ ...plain, email: 'r@example.com', tags: [], attributes: {} }),
    },
    {
      name: 'without an e-mail, what is stored in its place and is no text stays',
      input: { key: id, contact: contact({ ...rahul, attributes: { email: 5 } }), settings },
      request: put({ name: 'Rahul Sharma', tags: [], custom_attributes: { email: 5 } }),
      response: answer(200, documented),
      outcome: updated(stored),
    },
    {
      name: 'without an e-mail, a text in its place came from the caller and is left out',
      input: { key: id, contact: contact({ ...rahul, attributes: { email: 'x' } }), settings },
      request: put({ name: 'Rahul Sharma', tags: [], custom_attributes: {} }),
      response: answer(200, documented),
      outcome: updated(stored),
    },
    {
      name: 'the tags alone',
      input: { ...input, parts: new Set(['tags']) },
      request: put({ tags: ['newsletter', 'vip'] }),
      response: textAnswer(200, ''),
      outcome: asSent,
    },
    {
      name: 'the name alone',
      input: { ...input, parts: new Set(['name']) },
      request: put({ name: 'Rahul Sharma' }),
      response: answer(200, documented),
      outcome: updated(stored),
    },
    {
      name: 'the e-mail is written with all the attributes, since it is one of them',
      input: { ...input, contact: contact({ ...merged, email: 'r@example.com' }), parts: new Set(['email']) },
      request: put({ custom_attributes: { company: 'Acme', email: 'r@example.com' } }),
      response: answer(200, documented),
      outcome: updated(stored),
    },
    {
      name: 'a key stays one segment of the path',
      input: { ...input, key: '../x?y' },
      request: put(whole, '/contacts/..%2Fx%3Fy'),
      response: answer(404, { error: 'not found', api_id: 'a' }),
      outcome: failure('notFound', { status: 404, message: 'not found' }),
    },
  ])
  runAnswers(vobiz, 'updateContact', input, [
    { name: 'wrapped', response: answer(200, { data: documented }), outcome: updated(stored) },
    { name: 'without a body: what was sent', response: textAnswer(200, ' \n'), outcome: asSent },
    { name: '204', response: textAnswer(204, ''), outcome: asSent },
    {
      name: 'with a message only: what was sent',
      response: answer(200, { status: 'success', message: 'Contact updated' }),
      outcome: asSent,
    },
    {
      name: 'HTML is no success',
      response: textAnswer(200, htmlPage),
      outcome: failure('unreadable', { status: 200 }),
    },
    {
      name: 'status error is none',
      response: answer(200, { status: 'error', message: 'no' }),
      outcome: failure('unreadable', { status: 200, message: 'no' }),
    },
    {
      name: 'an error member is none',
      response: answer(200, { error: 'no' }),
      outcome: failure('unreadable', { status: 200, message: 'no' }),
    },
    {
      name: 'a bare value is none',
      response: answer(200, null),
      outcome: failure('unreadable', { status: 200 }),
    },
    {
      name: '201 is a success like any other',
      response: answer(201, documented),
      outcome: updated(stored),
    },
    {
      name: '202 only promises it',
      response: textAnswer(202, ''),
      outcome: failure('unreadable', { status: 202 }),
    },
    {
      name: 'another contact than the one that was written is shown to nobody',
      response: answer(200, { ...documented, id: 'somebody-else', name: 'Jane Smith' }),
      outcome: failure('unreadable', { status: 200 }),
    },
    {
      name: 'the id alone: what was sent, and that is said',
      response: answer(200, { id }),
      outcome: {
        ok: {
          status: 'updated',
          key: id,
          contact: { ...plain, tags: ['newsletter', 'vip'] },
          unshown: ['name', 'tags', 'attributes'],
        },
      },
    },
    ...['skipped', 'ignored', 'Duplicate'].map((status) => ({
      name: `${status} is a conflict`,
      response: answer(200, { status }),
      outcome: failure('conflict', { status: 200, message: expect.stringContaining('left the contact as it was') }),
    })),
    ...[
      { status: 'invalid' },
      { status: 'pending' },
      { success: false, data: documented },
      { success: 'partly' },
      { ok: false },
      { errors: ['no'] },
      { updated: 0 },
      { message: 'Contact could not be saved' },
      { ...documented, status: 'queued' },
    ].map((body) => ({
      name: `${JSON.stringify(body).slice(0, 60)} is no success`,
      response: answer(200, body),
      outcome: { failure: expect.objectContaining({ kind: 'unreadable' }) },
    })),
    ...[
      { success: true },
      { ok: true, error: null },
      { error: false, message: 'Saved' },
      { status: 'UPDATED' },
      {},
    ].map((body) => ({ name: `${JSON.stringify(body)} is one`, response: answer(200, body), outcome: asSent })),
    {
      name: 'a state of the contact says nothing of the update',
      response: answer(200, { ...documented, status: 'active' }),
      outcome: updated(stored),
    },
  ])
})

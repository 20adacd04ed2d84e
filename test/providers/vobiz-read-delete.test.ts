import { describe, expect, test } from 'vitest'
import { vobiz } from '../../src/providers/vobiz/index.ts'
import { answer, htmlPage, runAnswers, runCases, textAnswer } from './adapter-cases.ts'
import { documented, failure, id, settings, stored, target } from './vobiz-example.ts'

describe('reading a contact at Vobiz', () => {
  const request = (path: string) => ({ method: 'GET' as const, path })
  runCases(vobiz, 'getContact', [
    {
      name: 'the bare contact',
      input: { key: id, settings },
      request: request(`/contacts/${id}`),
      response: answer(200, documented),
      outcome: { ok: stored },
    },
    {
      name: 'a key stays one segment of the path',
      input: { key: '../x?y', settings },
      request: request('/contacts/..%2Fx%3Fy'),
      response: answer(404, { status: 'error', error: { code: 'CONTACT_NOT_FOUND', message: 'no' } }),
      outcome: failure('notFound', { status: 404, code: 'CONTACT_NOT_FOUND', message: 'no' }),
    },
  ])
  runAnswers(vobiz, 'getContact', { key: id, settings }, [
    { name: 'under data', response: answer(200, { data: documented }), outcome: { ok: stored } },
    {
      name: 'fields that are new are no obstacle',
      response: answer(200, { ...documented, stage: 'lead', _links: {} }),
      outcome: { ok: stored },
    },
    {
      name: 'a flat 404',
      response: answer(404, { error: 'not found', api_id: 'a' }),
      outcome: failure('notFound', { status: 404, message: 'not found' }),
    },
    {
      name: '200 without an id',
      response: answer(200, { name: 'x' }),
      outcome: failure('unreadable', { status: 200 }),
    },
    {
      name: '200 with HTML',
      response: textAnswer(200, htmlPage),
      outcome: failure('unreadable', { status: 200 }),
    },
    {
      name: '204 is not documented',
      response: textAnswer(204, ''),
      outcome: failure('unreadable', { status: 204 }),
    },
  ])
})

describe('a page of contacts at Vobiz', () => {
  const page = { from: 2, limit: 25, settings }
  const list = (query: string) => ({ method: 'GET' as const, path: `/contacts?${query}` })
  const contents = { total: 26, page: 2, limit: 25, has_more: false }
  const last = { ok: { contacts: [stored] } }
  runCases(vobiz, 'listContacts', [
    {
      name: 'page and limit',
      input: page,
      request: list('page=2&limit=25'),
      response: answer(200, { items: [documented], ...contents }),
      outcome: last,
    },
    {
      name: 'search and tag are URL-encoded',
      input: { ...page, search: '+91 a&b', tag: 'vip#1' },
      request: list('page=2&limit=25&search=%2B91%20a%26b&tag=vip%231'),
      response: answer(200, { items: [documented], ...contents }),
      outcome: last,
    },
    {
      name: 'a list is its tag',
      input: { ...page, target },
      request: list('page=2&limit=25&tag=newsletter'),
      response: answer(200, { items: [documented], ...contents }),
      outcome: last,
    },
  ])
  const of = (more: boolean, contacts: object[] = [stored], rest: object = {}) => ({
    ok: { contacts, ...(more && { next: 3 }), ...rest },
  })
  runAnswers(vobiz, 'listContacts', page, [
    {
      name: 'has_more says whether there is a next page, whatever the total',
      response: answer(200, { items: [documented], total: 1, has_more: true }),
      outcome: of(true),
    },
    {
      name: 'the old form tells by its total',
      response: answer(200, { data: Array(25).fill(documented), meta: { total: 51, page: 2, limit: 25 } }),
      outcome: of(true, Array(25).fill(stored)),
    },
    {
      name: '… up to the last page',
      response: answer(200, { data: [documented], meta: { total: 26, page: 2, limit: 25 } }),
      outcome: of(false),
    },
    {
      name: 'the limit that the provider made of ours counts',
      response: answer(200, { data: [documented], meta: { total: 30, page: 2, limit: 10 } }),
      outcome: of(true),
    },
    {
      name: 'without a word of the end a page is not the last one, full or not',
      response: answer(200, { data: [documented] }),
      outcome: of(true),
    },
    {
      name: '… an empty one is',
      response: answer(200, { data: [] }),
      outcome: of(false, []),
    },
    {
      name: 'past the last page there is none',
      response: answer(200, { items: [], total: 20, has_more: true }),
      outcome: of(false, []),
    },
    {
      name: 'what a total speaks of and the last page does not show is missing',
      response: answer(200, { items: [documented], total: 28, has_more: false }),
      outcome: of(false, [stored], { leftOut: 2 }),
    },
    {
      name: 'whose tags cannot all be read may have others',
      response: answer(200, { items: [{ ...documented, tags: ['vip', {}] }], has_more: false }),
      outcome: of(false, [{ ...stored, tags: ['vip'], untold: new Set(['tags']) }]),
    },
    {
      name: 'a contact without a number is one all the same',
      response: answer(200, { items: [{ id }], has_more: false }),
      outcome: of(false, [{ key: id, tags: [], attributes: {}, untold: new Set(['tags', 'attributes']) }]),
    },
    {
      name: 'an item that names no contact is left out alone, and that is said',
      response: answer(200, { items: [documented, { name: 'x' }], has_more: false }),
      outcome: of(false, [stored], { leftOut: 1 }),
    },
    {
      name: 'items of which none names a contact',
      response: answer(200, { items: [{ name: 'x' }, 'y'], has_more: false }),
      outcome: failure('unreadable', { status: 200 }),
    },
    {
      name: 'a refused page is a refusal',
      response: answer(400, { status: 'error', error: { code: 'BAD_REQUEST', message: 'page' } }),
      outcome: failure('invalid', { status: 400, code: 'BAD_REQUEST', message: 'page' }),
    },
    {
      name: '503 that says nothing else',
      response: answer(503, { status: 'unavailable' }),
      outcome: failure('unavailable', { status: 503 }),
    },
  ])
})

describe('deleting a contact at Vobiz', () => {
  runCases(vobiz, 'deleteContacts', [
    {
      name: '204',
      input: { keys: [id], settings },
      request: { method: 'DELETE', path: `/contacts/${id}` },
      response: textAnswer(204, ''),
      outcome: { ok: undefined },
    },
  ])
  runAnswers(vobiz, 'deleteContacts', { keys: [id], settings }, [
    {
      name: 'one that is not there',
      response: answer(404, { status: 'error', error: { code: 'CONTACT_NOT_FOUND', message: 'no' } }),
      outcome: failure('notFound', { status: 404, code: 'CONTACT_NOT_FOUND', message: 'no' }),
    },
    {
      name: '200 that says so',
      response: answer(200, { status: 'success' }),
      outcome: { ok: undefined },
    },
    {
      name: '200 with the contact that is gone',
      response: answer(200, documented),
      outcome: { ok: undefined },
    },
    {
      name: '200 without a body',
      response: textAnswer(200, ''),
      outcome: { ok: undefined },
    },
    ...[
      { success: false },
      { status: 'error' },
      { deleted: false },
      { message: 'not found' },
      { status: 'queued' },
    ].map((body) => ({
      name: `200 with ${JSON.stringify(body)} is no deletion`,
      response: answer(200, body),
      outcome: { failure: expect.objectContaining({ kind: 'unreadable' }) },
    })),
    {
      name: '202 only promises it',
      response: textAnswer(202, ''),
      outcome: failure('unreadable', { status: 202 }),
    },
    {
      name: 'a page is no deletion',
      response: textAnswer(200, htmlPage),
      outcome: failure('unreadable', { status: 200 }),
    },
  ])
})

describe('what a list is at Vobiz', () => {
  const contact = { ...stored, tags: ['vip', 'newsletter'] }

  test('a tag that the contact has', () => {
    expect(vobiz.membership?.has(contact, target)).toBe(true)
    expect(vobiz.membership?.has(contact, { tag: 'news' })).toBe(false)
  })

  test('leaving it leaves the other tags', () => {
    expect(vobiz.membership?.tagsWithout(contact, target)).toStrictEqual(['vip'])
  })
})

test.each([
  [id, true],
  [id.toUpperCase(), true],
  ['cnt_xyz789', true],
  ['42', true],
  ['65f1c0ffee', true],
  ['01ARZ3NDEKTSV4RRFFQ69G5FAV', true],
  ['v1.contact~9_x-Y', true],
  ['x'.repeat(128), true],
  ['x'.repeat(129), false],
  ['a..b', false],
  ['.a', false],
  ['a:b', false],
  ['cnt_../x', false],
  [`${id}/x`, false],
])('key %j has the form of a key: %s', (key, matches) => {
  expect(vobiz.keyForm?.test(key)).toBe(matches)
})

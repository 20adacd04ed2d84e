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
      outcome: failure('unreadable', { status: 200, message: '{"name":"x"}' }),
    },
    {
      name: '200 with HTML',
      response: textAnswer(200, htmlPage),
      outcome: failure('unreadable', { status: 200, message: htmlPage }),
    },
    {
      name: '204 is not documented',
      response: textAnswer(204, ''),
      outcome: failure('unreadable', { status: 204 }),
    },
  ])
})

describe('a page of contacts at Vobiz', () => {
  const page = { page: 2, limit: 25, settings }
  const list = (query: string) => ({ method: 'GET' as const, path: `/contacts?${query}` })
  const contents = { total: 26, page: 2, limit: 25, has_more: false }
  const last = { ok: { contacts: [stored], more: false } }
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
  const of = (more: boolean, contacts: object[] = [stored]) => ({ ok: { contacts, more } })
  runAnswers(vobiz, 'listContacts', page, [
    {
      name: 'has_more says whether there is a next page, whatever the total',
      response: answer(200, { items: [documented], total: 1, has_more: true }),
      outcome: of(true),
    },
    {
      name: 'the old form tells by its total',
      response: answer(200, { data: [documented], meta: { total: 51, page: 2, limit: 25 } }),
      outcome: of(true),
    },
    {
      name: '… up to the last page',
      response: answer(200, { data: [documented], meta: { total: 50, page: 2, limit: 25 } }),
      outcome: of(false),
    },
    {
      name: 'the limit that the provider made of ours counts',
      response: answer(200, { data: [documented], meta: { total: 30, page: 2, limit: 10 } }),
      outcome: of(true),
    },
    {
      name: 'without a total a page that is not full is the last one',
      response: answer(200, { data: [documented] }),
      outcome: of(false),
    },
    {
      name: '… and a full one is not',
      response: answer(200, { data: Array(25).fill(documented) }),
      outcome: of(true, Array(25).fill(stored)),
    },
    {
      name: 'past the last page there is none',
      response: answer(200, { items: [], total: 90, has_more: true }),
      outcome: of(false, []),
    },
    {
      name: 'a contact without a number is one all the same',
      response: answer(200, { items: [{ id }], has_more: false }),
      outcome: of(false, [{ key: id, tags: [], attributes: {} }]),
    },
    {
      name: 'an item that names no contact',
      response: answer(200, { items: [documented, { name: 'x' }] }),
      outcome: failure('unreadable', expect.objectContaining({ status: 200 })),
    },
    {
      name: 'a refused page is a refusal',
      response: answer(400, { status: 'error', error: { code: 'BAD_REQUEST', message: 'page' } }),
      outcome: failure('invalid', { status: 400, code: 'BAD_REQUEST', message: 'page' }),
    },
    {
      name: '503 that says nothing else',
      response: answer(503, { status: 'unavailable' }),
      outcome: failure('unavailable', { status: 503, message: '{"status":"unavailable"}' }),
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
      name: '200 is not documented',
      response: answer(200, { status: 'success' }),
      outcome: failure('unreadable', { status: 200, message: '{"status":"success"}' }),
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
  ['cnt_', false],
  ['cnt_../x', false],
  [`${id}/x`, false],
  [`x${id}`, false],
])('key %j has the form of a key: %s', (key, matches) => {
  expect(vobiz.keyForm?.test(key)).toBe(matches)
})

import { describe, expect, test } from 'vitest'
import { octopush } from '../../src/providers/octopush/index.ts'
import { answer, contact, htmlPage, runAnswers, runCases, textAnswer } from './adapter-cases.ts'

const settings = { optOutFlag: 'none' }
const phone = '+33612345678'
const jane = contact({ firstName: 'Jane', lastName: 'Smith', phone, tags: ['vip'] })
const sent = { contacts: [{ phone_number: phone, first_name: 'Jane', last_name: 'Smith' }], tag_name: 'vip' }
const create = (json: object) => ({ method: 'POST' as const, path: '/contact/create', json })
const says = (status: string) => answer(201, { items: [{ phone_number: phone, email: null, status }] })
const failure = (kind: string, provider: object) => ({ failure: { kind, provider } })
/** Nobody else is in the answer, so that it proves nothing that this one is not. */
const unexplained = {
  ok: { status: 'unknown', error: expect.objectContaining({ code: 'provider_unreadable', retriable: false }) },
}
const untold = {
  ok: { status: 'unknown', error: expect.objectContaining({ code: 'provider_unreadable', retriable: true }) },
}
const doubtful = (code: string) => ({
  ok: {
    status: 'unknown',
    key: phone,
    error: expect.objectContaining({ code: 'provider_unreadable', retriable: false, provider: { status: 201, code } }),
  },
})
const strange = [
  { name: 'a number that was left out', response: answer(201, { items: [] }), outcome: unexplained },
  {
    name: 'somebody else',
    response: answer(201, { items: [{ phone_number: '+4915112345678', status: 'added' }] }),
    outcome: untold,
  },
  { name: 'nobody in particular', response: answer(201, { items: [{ status: 'added' }] }), outcome: untold },
  ...['error', 'failed', 'invalid', 'pending', 'queued'].map((word) => ({
    name: `the word ${word}`,
    response: says(word),
    outcome: doubtful(word),
  })),
]

describe('one contact to Octopush', () => {
  const input = { contact: jane, settings, onConflict: 'update' }
  runCases(octopush, 'createContact', [
    {
      name: 'without a list it goes into none',
      input,
      request: create(sent),
      response: says('added'),
      outcome: { ok: { status: 'created', key: phone } },
    },
    {
      name: 'with one it goes there',
      input: { ...input, target: { list: 'News', attributes: {} } },
      request: create({ ...sent, list_name: 'News' }),
      response: says('updated'),
      outcome: { ok: { status: 'updated', key: phone } },
    },
    {
      name: 'skip asks not to overwrite',
      input: { ...input, onConflict: 'skip' },
      request: create({ ...sent, do_not_overwrite: true }),
      response: says('skipped'),
      outcome: { ok: { status: 'skipped', key: phone } },
    },
  ])
  runAnswers(octopush, 'createContact', input, [
    {
      name: 'skipped, which nobody asked for, is told',
      response: says('skipped'),
      outcome: {
        ok: { status: 'skipped', key: phone, warnings: [expect.objectContaining({ code: 'policy_not_enforced' })] },
      },
    },
    ...strange,
    {
      name: 'no correct number',
      response: answer(400, { code: 117, message: 'no' }),
      outcome: failure('invalid', { status: 400, code: '117', message: 'no' }),
    },
    { name: '201 with HTML', response: textAnswer(201, htmlPage), outcome: failure('unreadable', { status: 201 }) },
    {
      name: '502',
      response: textAnswer(502, htmlPage),
      outcome: failure('unavailable', { status: 502, message: '502 Bad Gateway' }),
    },
  ])
})

describe('changing a contact at Octopush', () => {
  const input = { key: phone, contact: contact({ firstName: 'Janet' }), settings, parts: new Set(['name']) }
  runCases(octopush, 'updateContact', [
    {
      name: 'is creating it again with what changes, in no list',
      input,
      request: create({ contacts: [{ phone_number: phone, first_name: 'Janet' }] }),
      response: says('updated'),
      outcome: { ok: { status: 'updated', key: phone } },
    },
    {
      name: 'creates one that was not there, and tells so',
      input,
      request: create({ contacts: [{ phone_number: phone, first_name: 'Janet' }] }),
      response: says('added'),
      outcome: {
        ok: {
          status: 'created',
          key: phone,
          warnings: [expect.objectContaining({ code: 'created_by_update', pointer: '' })],
        },
      },
    },
  ])
  runAnswers(octopush, 'updateContact', input, [
    {
      name: 'one that was left as it is was not changed',
      response: says('skipped'),
      outcome: { failure: { kind: 'conflict' } },
    },
    {
      name: 'that it is not there can be said by no answer, since nobody is asked for',
      response: answer(404, { message: 'no' }),
      outcome: failure('misaddressed', { status: 404, message: 'no' }),
    },
    ...strange,
    { name: '401', response: textAnswer(401, ''), outcome: failure('credentials', { status: 401 }) },
    { name: '200 with HTML', response: textAnswer(200, htmlPage), outcome: failure('unreadable', { status: 200 }) },
  ])
})

describe('taking contacts away at Octopush', () => {
  const remove = (json: object) => ({ method: 'DELETE' as const, path: '/contact/delete', json })
  runCases(octopush, 'deleteContacts', [
    {
      name: 'from the account',
      input: { keys: [phone, '+919876543210'], settings },
      request: remove({ phone_numbers: [phone, '+919876543210'] }),
      response: textAnswer(204, ''),
      outcome: { ok: undefined },
    },
  ])
  runAnswers(octopush, 'deleteContacts', { keys: [phone], settings }, [
    { name: '404: it is gone already', response: textAnswer(404, ''), outcome: { ok: undefined } },
    ...[
      { code: 303, message: 'no' },
      { message: 'This contact does not exist' },
      { error: 'Not Found', message: 'Unknown number' },
    ].map((body) => ({
      name: `404 in words of its own: ${JSON.stringify(body)}`,
      response: answer(404, body),
      outcome: { ok: undefined },
    })),
    ...[{ message: 'Not Found' }, { detail: 'Not Found.' }, { error: 'not found', statusCode: 404 }].map((body) => ({
      name: `404 by name alone, which may be of the address: ${JSON.stringify(body)}`,
      response: answer(404, body),
      outcome: {
        failure: { kind: 'unreadable', because: 'foreign', provider: expect.objectContaining({ status: 404 }) },
      },
    })),
    {
      name: 'too many in one call',
      response: answer(400, { code: 305, message: 'no' }),
      outcome: failure('tooLarge', { status: 400, code: '305', message: 'no' }),
    },
    {
      name: '200 that says nothing to the contrary',
      response: answer(200, {}),
      outcome: { ok: undefined },
    },
    {
      name: '200 that says that nobody was deleted',
      response: answer(200, { deleted: 0 }),
      outcome: failure('unreadable', { status: 200 }),
    },
    {
      name: '202, which only promises it',
      response: textAnswer(202, ''),
      outcome: failure('unreadable', { status: 202 }),
    },
    {
      name: '500',
      response: answer(500, { code: 500 }),
      outcome: failure('unavailable', { status: 500, code: '500' }),
    },
  ])
  runCases(octopush, 'removeFromList', [
    {
      name: 'from the one list',
      input: { keys: [phone], target: { list: 'News' }, settings },
      request: remove({ phone_numbers: [phone], list_name: 'News' }),
      response: textAnswer(204, ''),
      outcome: { ok: undefined },
    },
    {
      name: 'from a list that is not there',
      input: { keys: [phone], target: { list: 'News' }, settings },
      request: remove({ phone_numbers: [phone], list_name: 'News' }),
      response: answer(400, { code: '303', message: 'no' }),
      outcome: failure('notFound', { status: 400, code: '303', message: 'no' }),
    },
  ])

  runAnswers(octopush, 'removeFromList', { keys: [phone], target: { list: 'News' }, settings }, [
    {
      name: '404 in words of its own',
      response: answer(404, { code: 303, message: 'no' }),
      outcome: failure('notFound', { status: 404, code: '303', message: 'no' }),
    },
    ...[{ message: 'Not Found' }, { detail: 'Not Found' }, { title: 'Not Found', status: 404 }].map((body) => ({
      name: `404 by name alone, which may be of the address: ${JSON.stringify(body)}`,
      response: answer(404, body),
      outcome: {
        failure: { kind: 'unreadable', because: 'foreign', provider: expect.objectContaining({ status: 404 }) },
      },
    })),
  ])

  test('at most 200 at once', () => {
    expect(octopush.operations.deleteContacts?.maxContacts).toBe(200)
    expect(octopush.operations.removeFromList?.maxContacts).toBe(200)
  })
})

test.each([
  [phone, true],
  ['+1234567', true],
  ['33612345678', false],
  ['+0612345678', false],
  ['+33612345678x', false],
  ['+1234567890123456', false],
])('key %j has the form of a key: %s', (key, matches) => {
  expect(octopush.keyForm?.test(key)).toBe(matches)
})

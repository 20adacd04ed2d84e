import { describe, expect, test } from 'vitest'
import { oblic } from '../../src/providers/oblic/index.ts'
import { answer, contact, htmlPage, runAnswers, runCases, textAnswer } from './adapter-cases.ts'

const list = 'a459be9e-e6e5-11f0-967f-0af3f8fe5ae7'
const path = `/external/contact-list/v1/${list}/add`
const success = answer(200, { status: 'success', data: null, errors: null })
const jane = contact({ name: 'Jane Smith', email: 'jane@example.com' })
const batch = (...contacts: object[]) => ({ contacts, target: { list }, onConflict: 'update', settings: {} })
const error = (cd: string, message: string) => ({ status: 'error', data: null, errors: [{ cd, message }] })
const failure = (kind: string, provider: object) => ({ failure: { kind, provider } })

describe('adding contacts to an Oblic list', () => {
  runCases(oblic, 'addContacts', [
    {
      name: 'sends the documented members in a bare array, numbers without plus, and accepts every contact',
      input: batch(
        contact({
          ...jane,
          phone: '+911234567890',
          whatsapp: '+33612345678',
          tags: ['vip'],
          attributes: { city: 'Pune' },
        }),
        contact({ firstName: 'Ravi', lastName: 'Kumar', email: 'ravi@example.com' }),
      ),
      request: {
        method: 'POST',
        path,
        json: [
          { name: 'Jane Smith', email: 'jane@example.com', phone: '911234567890', whatsApp: '33612345678' },
          { name: 'Ravi Kumar', email: 'ravi@example.com' },
        ],
      },
      response: success,
      outcome: { ok: [{ status: 'accepted' }, { status: 'accepted' }] },
    },
    {
      name: 'keeps names in any script as they are',
      input: batch(contact({ name: 'محمد 🎉 O’Brien', email: 'm@example.com' })),
      request: { method: 'POST', path, json: [{ name: 'محمد 🎉 O’Brien', email: 'm@example.com' }] },
      response: answer(200, { status: 'success', data: null, errors: null, warnings: [], page: 1 }),
      outcome: { ok: [{ status: 'accepted' }] },
    },
    {
      name: 'puts a list id into the path so that it stays one segment',
      input: { ...batch(jane), target: { list: 'a/../b?c' } },
      request: {
        method: 'POST',
        path: '/external/contact-list/v1/a%2F..%2Fb%3Fc/add',
        json: [{ name: 'Jane Smith', email: 'jane@example.com' }],
      },
      response: answer(404, error('RESOURCE_NOT_FOUND', 'List not found')),
      outcome: failure('notFound', { status: 404, code: 'RESOURCE_NOT_FOUND', message: 'List not found' }),
    },
  ])
  const accepted = { ok: [{ status: 'accepted' }] }
  runAnswers(oblic, 'addContacts', batch(jane), [
    { name: '201 that says success', response: answer(201, { status: 'success' }), outcome: accepted },
    { name: 'the word in another spelling', response: answer(200, { status: 'SUCCESS' }), outcome: accepted },
    { name: 'the yes of another framework', response: answer(200, { success: true, data: [] }), outcome: accepted },
  ])
})

describe('answers of Oblic that are no success', () => {
  const documented = 'Invalid email address provided'
  runAnswers(oblic, 'addContacts', batch(jane), [
    {
      name: '400 with the documented code refuses the data',
      response: answer(400, error('INVALID_EMAIL', documented)),
      outcome: failure('invalid', { status: 400, code: 'INVALID_EMAIL', message: documented }),
    },
    {
      name: '400 for a list that is not there is notFound by its code',
      response: answer(400, error('RESOURCE_NOT_FOUND', 'No such list')),
      outcome: failure('notFound', { status: 400, code: 'RESOURCE_NOT_FOUND', message: 'No such list' }),
    },
    {
      name: 'a code that is not published goes by the status',
      response: answer(400, error('CONTACT_LIMIT', 'Too many')),
      outcome: failure('invalid', { status: 400, code: 'CONTACT_LIMIT', message: 'Too many' }),
    },
    {
      name: '400 for credentials is a matter of credentials by its code',
      response: answer(400, error('NOT_AUTHENTICATED', 'User not found')),
      outcome: failure('credentials', { status: 400, code: 'NOT_AUTHENTICATED', message: 'User not found' }),
    },
    {
      name: '401',
      response: answer(401, error('NOT_AUTHENTICATED', 'User not found')),
      outcome: failure('credentials', { status: 401, code: 'NOT_AUTHENTICATED', message: 'User not found' }),
    },
    {
      name: '403 for an address that is not whitelisted',
      response: answer(403, error('IP_NOT_WHITELISTED', 'Forbidden')),
      outcome: failure('credentials', { status: 403, code: 'IP_NOT_WHITELISTED', message: 'Forbidden' }),
    },
    {
      name: '429 stays a rate limit, whatever its code',
      response: answer(429, error('INVALID_REQUEST', 'Slow down')),
      outcome: failure('rateLimited', { status: 429, code: 'INVALID_REQUEST', message: 'Slow down' }),
    },
    {
      name: '500 may have been applied, whatever its code',
      response: answer(500, error('INVALID_REQUEST', 'Oops')),
      outcome: failure('unavailable', { status: 500, code: 'INVALID_REQUEST', message: 'Oops' }),
    },
    {
      name: '502 with a page of HTML',
      response: textAnswer(502, htmlPage),
      outcome: failure('unavailable', { status: 502, message: '502 Bad Gateway' }),
    },
    {
      name: '200 with a page of HTML is no success',
      response: textAnswer(200, htmlPage),
      outcome: failure('unreadable', { status: 200 }),
    },
    {
      name: '200 with an empty body is no success',
      response: textAnswer(200, ''),
      outcome: failure('unreadable', { status: 200 }),
    },
    {
      name: '200 that says error with a known code is a refusal',
      response: answer(200, error('INVALID_EMAIL', documented)),
      outcome: failure('invalid', { status: 200, code: 'INVALID_EMAIL', message: documented }),
    },
    {
      name: '200 that says error may have been applied, whatever words stand beside it',
      response: answer(200, error('PARTIAL', 'Duplicate entry')),
      outcome: failure('unreadable', { status: 200, code: 'PARTIAL', message: 'Duplicate entry' }),
    },
    {
      name: 'a code that names a field is about the data, whatever status it comes with',
      response: answer(413, error('INVALID_EMAIL', documented)),
      outcome: failure('invalid', { status: 413, code: 'INVALID_EMAIL', message: documented }),
    },
    {
      name: '200 that says error with an unknown code may have been applied',
      response: answer(200, error('PARTIAL', 'Some were added')),
      outcome: failure('unreadable', { status: 200, code: 'PARTIAL', message: 'Some were added' }),
    },
    {
      name: '200 with a word that is not known is no success',
      response: answer(200, { status: 'queued' }),
      outcome: failure('unreadable', { status: 200 }),
    },
    {
      name: '200 without a word is no success',
      response: answer(200, { data: null }),
      outcome: failure('unreadable', { status: 200 }),
    },
    {
      name: '500 is no success, even when its body says so',
      response: answer(500, { status: 'success', data: null, errors: null }),
      outcome: failure('unavailable', { status: 500 }),
    },
    {
      name: '204 is not the documented success',
      response: textAnswer(204, ''),
      outcome: failure('unreadable', { status: 204 }),
    },
    {
      name: 'a code that is a number',
      response: answer(400, { status: 'error', errors: [{ cd: 1042, message: 'No' }] }),
      outcome: failure('invalid', { status: 400, code: '1042', message: 'No' }),
    },
    {
      name: 'errors that are texts',
      response: answer(400, { status: 'error', errors: ['email is invalid', 'x'] }),
      outcome: failure('invalid', { status: 400, message: 'email is invalid' }),
    },
    {
      name: 'a message alone',
      response: answer(401, { message: 'Unauthenticated.' }),
      outcome: failure('credentials', { status: 401, message: 'Unauthenticated.' }),
    },
    {
      name: 'success with a code that says no',
      response: answer(200, { status: 'success', code: 'PARTIAL_FAILURE' }),
      outcome: failure('unreadable', { status: 200, code: 'PARTIAL_FAILURE' }),
    },
    {
      name: 'a success that is denied',
      response: answer(200, { status: 'success', success: false, message: 'quota' }),
      outcome: failure('unreadable', { status: 200, message: 'quota' }),
    },
    {
      name: 'an error without errors',
      response: answer(400, { status: 'error', data: null, errors: [] }),
      outcome: failure('invalid', { status: 400 }),
    },
    {
      name: 'the first of several errors counts',
      response: answer(400, {
        status: 'error',
        data: null,
        errors: [
          { cd: 'INVALID_EMAIL', message: 'one' },
          { cd: 'NOT_AUTHENTICATED', message: 'two' },
        ],
      }),
      outcome: failure('invalid', { status: 400, code: 'INVALID_EMAIL', message: 'one' }),
    },
  ])
})

test('adding is not repeatable, since it is not documented that a second add leaves one contact', () => {
  expect(oblic.operations.addContacts).toMatchObject({ repeatable: false, maxContacts: 100 })
})

test('the key goes out as a bearer token', () => {
  expect(oblic.authHeaders({ apiKey: 'k-1' })).toStrictEqual({ Authorization: 'Bearer k-1' })
})

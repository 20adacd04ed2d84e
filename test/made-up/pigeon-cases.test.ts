import { describe } from 'vitest'
import { answer, contact, runAnswers, runCases } from '../providers/adapter-cases.ts'
import { pigeon } from './pigeon/index.ts'

const jane = contact({ name: 'Jane Smith', email: 'jane@example.com', phone: '+919876543210' })
const ravi = contact({ email: 'ravi@example.com' })
const target = { list: 'news', id: 'aud_1' }
const batch = (...contacts: object[]) => ({ contacts, target, onConflict: 'update', settings: {} })

describe('adding contacts to a Pigeon audience', () => {
  runCases(pigeon, 'addContacts', [
    {
      name: 'tells of each contact by its address, in any order and in any case',
      input: batch(jane, ravi),
      request: {
        method: 'POST',
        path: '/audiences/aud_1/members',
        json: {
          members: [
            { email: 'jane@example.com', full_name: 'Jane Smith', mobile: '+919876543210' },
            { email: 'ravi@example.com' },
          ],
          keep_existing: false,
        },
      },
      response: answer(200, {
        results: [
          { email: 'Ravi@example.com', member: 'mb_2', state: 'changed' },
          { email: 'jane@example.com', member: 'mb_1', state: 'added' },
        ],
      }),
      outcome: {
        ok: [
          { status: 'created', key: 'mb_1' },
          { status: 'updated', key: 'mb_2' },
        ],
      },
    },
  ])
  runAnswers(pigeon, 'addContacts', batch(jane), [
    {
      name: '404 with the code for an unknown audience',
      response: answer(404, { error: { code: 'no_such_audience', message: 'No audience aud_1' } }),
      outcome: {
        failure: {
          kind: 'notFound',
          provider: { status: 404, code: 'no_such_audience', message: 'No audience aud_1' },
        },
      },
    },
  ])
})

describe('a member of Pigeon', () => {
  const ravi = { member: 'mb_2', email: 'ravi@example.com', full_name: null, mobile: '+919876543210' }
  const found = { key: 'mb_2', email: 'ravi@example.com', phone: '+919876543210', tags: [], attributes: {} }
  runCases(pigeon, 'findContacts', [
    {
      name: 'is found by its address',
      input: { email: 'ravi@example.com', settings: {} },
      request: { method: 'GET', path: '/members?email=ravi%40example.com' },
      response: answer(200, { members: [ravi], after: null }),
      outcome: { ok: [found] },
    },
    {
      name: 'is found by its number, with everybody else who has it',
      input: { phone: '+919876543210', settings: {} },
      request: { method: 'GET', path: '/members?mobile=%2B919876543210' },
      response: answer(200, { members: [ravi, { ...ravi, member: 'mb_3' }], after: null }),
      outcome: { ok: [found, { ...found, key: 'mb_3' }] },
    },
  ])
  runAnswers(pigeon, 'findContacts', { email: 'ravi@example.com', settings: {} }, [
    { name: 'nobody', response: answer(200, { members: [], after: null }), outcome: { ok: [] } },
    {
      name: 'a page of nobody that goes on proves nothing',
      response: answer(200, { members: [], after: 'x' }),
      outcome: { failure: { kind: 'unreadable', provider: { status: 200 } } },
    },
  ])
  runCases(pigeon, 'updateContact', [
    {
      name: 'is patched in the parts that change',
      input: { key: 'mb_2', contact: contact({ name: 'Ravi Kumar' }), parts: new Set(['name']), settings: {} },
      request: {
        method: 'PATCH',
        path: '/members/mb_2',
        headers: { 'content-type': 'application/merge-patch+json' },
        json: { full_name: 'Ravi Kumar' },
      },
      response: answer(200, { member: 'mb_2', email: 'ravi@example.com', full_name: 'Ravi Kumar', mobile: null }),
      outcome: {
        ok: {
          status: 'updated',
          key: 'mb_2',
          contact: { key: 'mb_2', email: 'ravi@example.com', name: 'Ravi Kumar', tags: [], attributes: {} },
        },
      },
    },
  ])
})

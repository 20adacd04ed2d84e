import { Check } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { octopush } from '../../src/providers/octopush/index.ts'
import { answer, contact, htmlPage, runAnswers, runCases, textAnswer } from './adapter-cases.ts'

const settings = { optOutFlag: 'auto_remove_blacklisted_numbers' }
const jane = contact({ phone: '+33612345678' })
const ravi = contact({ phone: '+919876543210' })
const batch = (...contacts: object[]) => ({ contacts, target: { list: 'Newsletter' }, onConflict: 'update', settings })
const failure = (kind: string, provider: object) => ({ failure: { kind, provider } })
const create = (json: object) => ({ method: 'POST' as const, path: '/contact/create', json })
const created = (phone: string) => ({ status: 'created', key: phone })
const item = (phone_number: unknown, status?: unknown) => ({ phone_number, email: null, status })
const added = answer(201, { items: [item('+33612345678', 'added')] })
const one = { ok: [created('+33612345678')] }
const blacklisted = {
  status: 'rejected',
  error: expect.objectContaining({ code: 'blacklisted', pointer: '/phone', retriable: false }),
}

describe('making a list', () => {
  const input = { target: { list: 'VIP & friends' }, settings }
  runCases(octopush, 'ensureList', [
    {
      name: 'sends its name',
      input,
      request: { method: 'POST', path: '/contact-list/create', json: { list_name: 'VIP & friends' } },
      response: textAnswer(201, ''),
      outcome: { ok: undefined },
    },
  ])
  runAnswers(octopush, 'ensureList', input, [
    { name: '201 with any body', response: answer(201, { code: 201, list: 7 }), outcome: { ok: undefined } },
    {
      name: 'a list that is there',
      response: answer(400, { code: 302, message: 'exists' }),
      outcome: { ok: undefined },
    },
    { name: '… with the code as text', response: answer(400, { code: '302' }), outcome: { ok: undefined } },
    { name: '… as error_code', response: answer(422, { error_code: 302 }), outcome: { ok: undefined } },
    { name: '… as a bare 409', response: textAnswer(409, ''), outcome: { ok: undefined } },
    {
      name: 'the most lists are there: not applied',
      response: answer(400, { code: 301, message: 'Maximum number of lists' }),
      outcome: failure('limitReached', { status: 400, code: '301', message: 'Maximum number of lists' }),
    },
    {
      name: 'no right to manage lists',
      response: answer(400, { code: 300 }),
      outcome: failure('credentials', { status: 400, code: '300' }),
    },
    {
      name: '500 stays one, even with code 302',
      response: answer(500, { code: 302 }),
      outcome: failure('unavailable', { status: 500, code: '302' }),
    },
    {
      name: '502 with HTML',
      response: textAnswer(502, htmlPage),
      outcome: failure('unavailable', { status: 502, message: '502 Bad Gateway' }),
    },
    {
      name: '200 is not documented',
      response: textAnswer(200, htmlPage),
      outcome: failure('unreadable', { status: 200 }),
    },
  ])
})

describe('what goes out to Octopush', () => {
  const base = { list_name: 'Newsletter', auto_remove_blacklisted_numbers: true }
  const number = { phone_number: '+33612345678' }
  const attributes = { title: 'param3', plan: 'param1', toString: 'param2' }
  runCases(octopush, 'addContacts', [
    {
      name: 'a contact with everything',
      input: {
        ...batch(
          contact({
            ref: 'crm-17',
            firstName: 'Jane',
            lastName: 'Smith',
            email: 'jane@example.com',
            phone: '+33612345678',
            whatsapp: '+33612345678',
            tags: ['vip'],
            attributes: { title: 'Ms', plan: 3, city: 'Pune' },
          }),
        ),
        target: { list: 'Newsletter', attributes },
      },
      request: create({
        contacts: [
          { ...number, first_name: 'Jane', last_name: 'Smith', email: 'jane@example.com', param3: 'Ms', param1: '3' },
        ],
        tag_name: 'vip',
        ...base,
      }),
      response: added,
      outcome: one,
    },
    {
      name: 'values of params are texts, and null stays null',
      input: {
        ...batch(contact({ ...jane, attributes: { title: null, plan: false } })),
        target: { list: 'Newsletter', attributes },
      },
      request: create({ contacts: [{ ...number, param3: null, param1: 'false' }], ...base }),
      response: added,
      outcome: one,
    },
    {
      name: 'a lone name goes whole into first_name',
      input: batch(contact({ ...jane, name: 'Jane van der Berg' })),
      request: create({ contacts: [{ ...number, first_name: 'Jane van der Berg' }], ...base }),
      response: added,
      outcome: one,
    },
    {
      name: 'the parts win over the name',
      input: batch(contact({ ...jane, name: 'Dr Smith', lastName: 'Smith' })),
      request: create({ contacts: [{ ...number, last_name: 'Smith' }], ...base }),
      response: added,
      outcome: one,
    },
    {
      name: 'several tags in the plural form',
      input: batch(contact({ ...jane, tags: ['vip', 'new'] })),
      request: create({ contacts: [number], tag_names: ['vip', 'new'], ...base }),
      response: added,
      outcome: one,
    },
    {
      name: 'skip asks not to overwrite',
      input: { ...batch(jane), onConflict: 'skip' },
      request: create({ contacts: [number], do_not_overwrite: true, ...base }),
      response: answer(201, { items: [item('+33612345678', 'skipped')] }),
      outcome: { ok: [{ status: 'skipped', key: '+33612345678' }] },
    },
    {
      name: 'the other opt-out flag',
      input: { ...batch(jane), settings: { optOutFlag: 'auto_delete_optout_contacts' } },
      request: create({ contacts: [number], list_name: 'Newsletter', auto_delete_optout_contacts: true }),
      response: added,
      outcome: one,
    },
    {
      name: 'both opt-out flags',
      input: { ...batch(jane), settings: { optOutFlag: 'both' } },
      request: create({ contacts: [number], ...base, auto_delete_optout_contacts: true }),
      response: added,
      outcome: one,
    },
    {
      name: 'no opt-out flag',
      input: { ...batch(jane), settings: { optOutFlag: 'none' } },
      request: create({ contacts: [number], list_name: 'Newsletter' }),
      response: added,
      outcome: one,
    },
  ])

  test('contacts with the same tags in any order go together, others apart', () => {
    const groupKey = octopush.operations.addContacts?.groupKey
    const keys = [['a', 'b'], ['b', 'a'], ['a,b'], []].map((tags) => groupKey?.(contact({ tags })))
    expect(keys[0]).toBe(keys[1])
    expect(new Set(keys).size).toBe(3)
  })
})

describe('what Octopush says of each contact', () => {
  runAnswers(octopush, 'addContacts', batch(jane, ravi), [
    {
      name: 'matched by number, not by position',
      response: answer(201, { items: [item('+919876543210', 'updated'), item('+33612345678', 'added')] }),
      outcome: { ok: [created('+33612345678'), { status: 'updated', key: '+919876543210' }] },
    },
    {
      name: 'matched however the number is written',
      response: answer(201, { items: [item('0033 6 12 34 56 78', 'added'), item(919876543210, 'SKIPPED')] }),
      outcome: { ok: [created('+33612345678'), { status: 'skipped', key: '+919876543210' }] },
    },
    {
      name: 'a number that was left out is blacklisted',
      response: answer(201, { items: [item('+33612345678', 'added')] }),
      outcome: { ok: [created('+33612345678'), blacklisted] },
    },
    { name: 'all left out', response: answer(201, { items: [] }), outcome: { ok: [blacklisted, blacklisted] } },
    {
      name: 'a word that is not known, and none, is accepted',
      response: answer(201, { items: [item('+33612345678', 'queued'), { phone_number: '+919876543210' }] }),
      outcome: {
        ok: [
          { status: 'accepted', key: '+33612345678' },
          { status: 'accepted', key: '+919876543210' },
        ],
      },
    },
    {
      name: 'the first of several items for one number counts; other numbers and members are ignored',
      response: answer(201, {
        items: [
          item('+4915112345678', 'added'),
          { ...item('+33612345678', 'added'), id: 9 },
          item('+33612345678', 'updated'),
          item('+919876543210', 'added'),
        ],
        total: 4,
      }),
      outcome: { ok: [created('+33612345678'), created('+919876543210')] },
    },
    {
      name: 'items without a number do no harm when every contact is there',
      response: answer(201, { items: [null, 'x', item('+33612345678', 'added'), {}, item('+919876543210', 'added')] }),
      outcome: { ok: [created('+33612345678'), created('+919876543210')] },
    },
    {
      name: 'an absent number is unknown, not blacklisted, when an item names nobody',
      response: answer(201, { items: [item('+33612345678', 'added'), item(null, 'added')] }),
      outcome: {
        ok: [
          created('+33612345678'),
          { status: 'unknown', error: expect.objectContaining({ code: 'provider_unreadable', retriable: true }) },
        ],
      },
    },
  ])
  runAnswers(octopush, 'addContacts', { ...batch(jane), onConflict: 'skip' }, [
    {
      name: 'an update where skip was asked is told',
      response: answer(201, { items: [item('+33612345678', 'updated')] }),
      outcome: {
        ok: [
          {
            status: 'updated',
            key: '+33612345678',
            warnings: [expect.objectContaining({ code: 'policy_not_enforced', pointer: '' })],
          },
        ],
      },
    },
    { name: 'a new contact under skip has no warning', response: added, outcome: one },
  ])
})

describe('the configuration of an Octopush list', () => {
  test.each([
    [{ list: 'L'.repeat(30) }, true],
    [{ list: 'L'.repeat(31) }, false],
    [{ list: '' }, false],
    [{ list: ' x' }, false],
    [{ list: 'x', attributes: { title: 'param5' } }, true],
    [{ list: 'x', attributes: { title: 'param6' } }, false],
    [{ list: 'x', attributes: { 'not a name': 'param1' } }, false],
  ])('%j matches the schema: %s', (target, matches) => {
    expect(Check(octopush.target, target)).toBe(matches)
  })

  test('a param that is used twice is a problem, named by its pointer', () => {
    const target = { list: 'x', attributes: { title: 'param1', city: 'param2', town: 'param1' } }
    expect(octopush.checkTarget?.(target)).toStrictEqual([
      { path: '/attributes/town', message: 'param1 is taken by title already' },
    ])
    expect(octopush.checkTarget?.({ list: 'x' })).toStrictEqual([])
  })

  test.each([
    ['both', true],
    ['none', true],
    ['auto_remove_blacklisted_contacts', false],
  ])('optOutFlag %s is known: %s', (optOutFlag, known) => {
    expect(Check(octopush.settings, { optOutFlag })).toBe(known)
  })
})

test('every operation may be repeated, and at most 200 contacts go in one call', () => {
  for (const operation of Object.values(octopush.operations)) expect(operation.repeatable).toBe(true)
  expect(octopush.operations.addContacts).toMatchObject({ repeatable: true, maxContacts: 200 })
})

test('login and key go out in their own headers', () => {
  expect(octopush.authHeaders({ apiLogin: 'a@b.example', apiKey: 'k' })).toStrictEqual({
    'api-login': 'a@b.example',
    'api-key': 'k',
  })
})

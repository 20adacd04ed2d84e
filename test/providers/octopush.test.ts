import { Check } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { checkFields } from '../../src/providers/check-fields.ts'
import { octopush } from '../../src/providers/octopush/index.ts'
import { answer, contact, htmlPage, operationOf, runAnswers, runCases, textAnswer } from './adapter-cases.ts'

const settings = { optOutFlag: 'auto_remove_blacklisted_numbers', sendEmail: true, manyTags: 'together' }
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
const unknown = (retriable: boolean) => ({
  status: 'unknown',
  error: expect.objectContaining({ code: 'provider_unreadable', retriable }),
})
const unexplained = unknown(false)
const untold = unknown(true)
const leftAsItIs = expect.objectContaining({ code: 'policy_not_enforced', pointer: '' })
const maybeOffList = expect.objectContaining({ code: 'not_on_list', pointer: '' })

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
    ...[
      [400, { message: 'The list name has already been taken.' }],
      [422, { message: 'Validation failed', errors: { list_name: ['The list name has already been taken.'] } }],
      [403, { message: 'A list of that name already exists' }],
      [400, { message: 'Une liste de ce nom existe déjà.' }],
      [400, { code: 'LIST_EXISTS' }],
      [400, { error: { code: 'DUPLICATE_NAME', message: 'no' } }],
      [500, { message: 'Duplicate entry "News" for key list_name' }],
    ].map(([status, body]) => ({
      name: `… as ${status} ${JSON.stringify(body)}`,
      response: answer(status as number, body),
      outcome: { ok: undefined },
    })),
    ...[
      [200, ''],
      [202, ''],
      [204, ''],
      [200, 'OK'],
    ].map(([status, text]) => ({
      name: `${status} ${JSON.stringify(text)} is made`,
      response: textAnswer(status as number, text as string),
      outcome: { ok: undefined },
    })),
    { name: '200 with the list', response: answer(200, { id: 7, list_name: 'News' }), outcome: { ok: undefined } },
    { name: '200 with a list of one', response: answer(200, [{ id: 7 }]), outcome: { ok: undefined } },
    {
      name: '200 that denies it, since it is there: whoever asks may go on',
      response: answer(200, { success: false, message: 'already exists' }),
      outcome: failure('conflict', { status: 200, message: 'already exists' }),
    },
    {
      name: '200 that denies it for another reason',
      response: answer(200, { success: false, message: 'No.' }),
      outcome: failure('unreadable', { status: 200, message: 'No.' }),
    },
    {
      name: 'words that are not known',
      response: answer(400, { message: 'No.' }),
      outcome: failure('invalid', { status: 400, message: 'No.' }),
    },
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
      name: '200 with a page is no answer of theirs',
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
      outcome: { ok: [{ status: 'skipped', key: '+33612345678', warnings: [maybeOffList] }] },
    },
    {
      name: 'the other opt-out flag',
      input: { ...batch(jane), settings: { ...settings, optOutFlag: 'auto_delete_optout_contacts' } },
      request: create({ contacts: [number], list_name: 'Newsletter', auto_delete_optout_contacts: true }),
      response: added,
      outcome: one,
    },
    {
      name: 'both opt-out flags',
      input: { ...batch(jane), settings: { ...settings, optOutFlag: 'both' } },
      request: create({ contacts: [number], ...base, auto_delete_optout_contacts: true }),
      response: added,
      outcome: one,
    },
    {
      name: 'no opt-out flag',
      input: { ...batch(jane), settings: { ...settings, optOutFlag: 'none' } },
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
      outcome: {
        ok: [
          created('+33612345678'),
          { status: 'skipped', key: '+919876543210', warnings: [leftAsItIs, maybeOffList] },
        ],
      },
    },
    {
      name: 'a number that was left out is blacklisted',
      response: answer(201, { items: [item('+33612345678', 'added')] }),
      outcome: { ok: [created('+33612345678'), blacklisted] },
    },
    {
      name: 'all left out: that nobody is there proves nothing',
      response: answer(201, { items: [] }),
      outcome: { ok: [unexplained, unexplained] },
    },
    {
      name: 'items of which none is of those that were sent',
      response: answer(201, { items: [item('+4915112345678', 'added'), item('+4915112345679', 'added')] }),
      outcome: { ok: [untold, untold] },
    },
    {
      name: 'one is there, and one item is nobody’s',
      response: answer(201, { items: [item('+33612345678', 'added'), item('+4915112345678', 'added')] }),
      outcome: { ok: [created('+33612345678'), untold] },
    },
    {
      name: 'an answer that says that it has more items',
      response: answer(201, { items: [item('+33612345678', 'added')], total: 2 }),
      outcome: { ok: [created('+33612345678'), untold] },
    },
    {
      name: 'items by number',
      response: answer(201, { items: { '+33612345678': { status: 'added' }, '+919876543210': { status: 'updated' } } }),
      outcome: { ok: [created('+33612345678'), { status: 'updated', key: '+919876543210' }] },
    },
    {
      name: 'numbers that are masked, or without their country code, and fit one alone',
      response: answer(201, { items: [item('06 12 34 56 78', 'added'), item('+91******3210', 'updated')] }),
      outcome: { ok: [created('+33612345678'), { status: 'updated', key: '+919876543210' }] },
    },
    ...['queued', 'pending', 'error', 'failed', 'invalid', 1].map((word) => ({
      name: `the word ${word} is no success`,
      response: answer(201, { items: [item('+33612345678', word), item('+919876543210', 'added')] }),
      outcome: {
        ok: [
          {
            status: 'unknown',
            key: '+33612345678',
            error: {
              code: 'provider_unreadable',
              detail: expect.any(String),
              retriable: false,
              provider: { status: 201, ...(typeof word === 'string' && { code: word }) },
            },
          },
          created('+919876543210'),
        ],
      },
    })),
    {
      name: 'words of success, in any case, and none',
      response: answer(201, { items: [item('+33612345678', 'OK'), { phone_number: '+919876543210' }] }),
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
    ...[
      [item('+33612345678', 'added'), item('+33612345678', 'added')],
      [item('+33612345678', 'added'), item('+91 98765', 'added')],
      [item('+33612345678', 'added'), 'x'],
    ].map((items, index) => ({
      name: `an absent number is not blacklisted when an item is left over, form ${index + 1}`,
      response: answer(201, { items }),
      outcome: { ok: [created('+33612345678'), untold] },
    })),
    ...[{ total: '2' }, { count: 2 }, { meta: { total: 2 } }, { has_more: 'true' }, { last_page: 2, page: 1 }].map(
      (marks) => ({
        name: `an answer that says in another form that it has more items: ${JSON.stringify(marks)}`,
        response: answer(201, { items: [item('+33612345678', 'added')], ...marks }),
        outcome: { ok: [created('+33612345678'), untold] },
      }),
    ),
    ...[
      { errors: [{ code: 7, message: 'no' }] },
      { failed: 1 },
      { status: 'partial' },
      { data: { rejected: 1 } },
      { message: 'One contact could not be added' },
    ].map((said) => ({
      name: `an error beside the items is no opt-out, and no acceptance of who has no word: ${JSON.stringify(said)}`,
      response: answer(201, { items: [{ phone_number: '+33612345678' }], ...said }),
      outcome: {
        ok: [
          { status: 'unknown', key: '+33612345678', error: expect.objectContaining({ code: 'provider_unreadable' }) },
          { status: 'unknown', error: expect.objectContaining({ code: 'provider_unreadable', retriable: true }) },
        ],
      },
    })),
    {
      name: 'the code of an error beside the items is handed on',
      response: answer(201, { items: [item('+33612345678', 'added')], errors: [{ code: 117, message: 'no' }] }),
      outcome: {
        ok: [
          created('+33612345678'),
          {
            status: 'unknown',
            error: expect.objectContaining({ provider: { status: 201, code: '117', message: 'no' } }),
          },
        ],
      },
    },
    ...[
      { error: 'no' },
      { success: false },
      { errors: ['no'] },
      { message: 'Invalid number' },
      { code: 117 },
      { status: 'added', error: { message: 'no' } },
      { status: 'updated', success: false },
      { result: 'error' },
      { state: 'rejected' },
    ].map((said) => ({
      name: `an item that says that it failed is no success: ${JSON.stringify(said)}`,
      response: answer(201, { items: [{ phone_number: '+33612345678', ...said }, item('+919876543210', 'added')] }),
      outcome: {
        ok: [
          {
            status: 'unknown',
            key: '+33612345678',
            error: expect.objectContaining({ code: 'provider_unreadable', retriable: false }),
          },
          created('+919876543210'),
        ],
      },
    })),
    ...[{ result: 'added' }, { state: 'ADDED' }, { status: 'added', error: null, errors: [] }].map((said) => ({
      name: `an item that says its word elsewhere: ${JSON.stringify(said)}`,
      response: answer(201, { items: [{ phone_number: '+33612345678', ...said }, item('+919876543210', 'added')] }),
      outcome: { ok: [created('+33612345678'), created('+919876543210')] },
    })),
    {
      name: 'of two items for one number, of which one is in doubt, that one counts',
      response: answer(201, {
        items: [item('+33612345678', 'added'), item('+33612345678', 'failed'), item('+919876543210', 'added')],
      }),
      outcome: { ok: [expect.objectContaining({ status: 'unknown' }), created('+919876543210')] },
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

describe('what Octopush shows of a contact otherwise than it was sent', () => {
  const target = { list: 'Newsletter', attributes: { city: 'param2' } }
  const sent = contact({
    phone: '+33612345678',
    firstName: 'Jane',
    lastName: 'Smith',
    email: 'jane@example.com',
    attributes: { city: 'Pune' },
  })
  const pointers = (shown: object, changes: object = {}) => {
    const response = answer(201, { items: [{ ...item('+33612345678', 'added'), ...shown }] })
    const input = { ...batch(sent), target, ...changes }
    const result = octopush.operations.addContacts?.toOutcome(response, input as never)
    const items = result !== undefined && 'ok' in result ? result.ok : []
    return items.flatMap(({ warnings = [] }) => warnings.map(({ code, pointer }) => `${code} ${pointer}`))
  }

  test.each<[shown: object, pointer: string]>([
    [{ email: 'other@example.com' }, '/email'],
    [{ first_name: 'Joan' }, '/firstName'],
    [{ last_name: 'S' }, '/lastName'],
    [{ param2: 'Delhi' }, '/attributes/city'],
  ])('%j is a warning at %s', (shown, pointer) => {
    expect(pointers(shown)).toEqual([`changed_by_provider ${pointer}`])
  })

  test.each([
    [{ email: ' JANE@example.com', first_name: 'jane', param2: 'PUNE ' }],
    [{ email: '', first_name: null }],
    [{ email: null, list_name: 'Other', param1: 'x' }],
    [{ first_name: 7 }],
  ])('%j is none', (shown) => {
    expect(pointers(shown)).toEqual([])
  })

  test('an e-mail that was not sent is nobody’s', () => {
    const changes = { settings: { ...settings, sendEmail: false } }
    expect(pointers({ email: 'other@example.com' }, changes)).toEqual([])
  })
})

describe('a contact that is not in the answer', () => {
  const mails = (...phones: string[]) => phones.map((phone, i) => contact({ phone, email: `p${i}@example.com` }))
  const three = ['+33612345678', '+919876543210', '+4915112345678']
  const shown = (...phones: string[]) => answer(201, { items: phones.map((phone) => item(phone, 'added')) })
  runAnswers(octopush, 'addContacts', { ...batch(jane, ravi), settings: { ...settings, optOutFlag: 'none' } }, [
    {
      name: 'is not blacklisted where nobody asked to drop such numbers',
      response: added,
      outcome: { ok: [created('+33612345678'), unexplained] },
    },
  ])
  runAnswers(octopush, 'addContacts', batch(...three.map((phone) => contact({ phone }))), [
    {
      name: 'is not blacklisted where most are not there',
      response: shown('+33612345678'),
      outcome: { ok: [created('+33612345678'), unexplained, unexplained] },
    },
  ])
  runAnswers(octopush, 'addContacts', batch(jane, ...mails('+919876543210')), [
    {
      name: 'may be missing for its e-mail, where nobody with one is there',
      response: added,
      outcome: { ok: [created('+33612345678'), unexplained] },
    },
  ])
  runAnswers(octopush, 'addContacts', batch(...mails('+33612345678', '+919876543210')), [
    {
      name: 'is blacklisted where another one with an e-mail is there',
      response: added,
      outcome: { ok: [created('+33612345678'), blacklisted] },
    },
  ])
  const withoutEmail = { ...settings, sendEmail: false }
  runAnswers(octopush, 'addContacts', { ...batch(jane, ...mails('+919876543210')), settings: withoutEmail }, [
    {
      name: 'is not missing for an e-mail that was not sent',
      response: added,
      outcome: { ok: [created('+33612345678'), blacklisted] },
    },
  ])
})

describe('what is documented in one place only', () => {
  const one = contact({ phone: '+33612345678', email: 'j@example.com', tags: ['vip', 'new'] })
  const rules = (members: object) => octopush.fields({ ...settings, ...members })

  test.each([
    [{}, ['best_effort /email', 'best_effort /tags']],
    [{ sendEmail: false }, ['field_dropped /email', 'best_effort /tags']],
    [{ manyTags: 'one call each' }, ['best_effort /email']],
  ])('with %j the contact has the warnings %j', (members, warnings) => {
    const { warnings: said } = checkFields(rules(members), one, 'Octopush')
    expect(said.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(warnings)
  })

  test('one tag, or none, is certain', () => {
    for (const tags of [[], ['vip']]) {
      const { warnings } = checkFields(rules({}), contact({ phone: '+33612345678', tags }), 'Octopush')
      expect(warnings).toEqual([])
    }
  })

  test('an e-mail that is not to be sent is not', () => {
    const { json } = operationOf(octopush, 'addContacts').toRequest({
      ...batch(one),
      settings: { ...settings, sendEmail: false },
    })
    expect(JSON.stringify(json)).not.toContain('j@example.com')
  })
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
    expect(Check(octopush.settings, { ...settings, optOutFlag })).toBe(known)
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

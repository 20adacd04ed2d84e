import { Check } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { vobiz } from '../../src/providers/vobiz/index.ts'
import { answer, answerAt, contact, htmlPage, runAnswers, runCases, textAnswer } from './adapter-cases.ts'
import { documented, failure, id, rahul, settings, stored, target } from './vobiz-example.ts'

describe('creating a contact at Vobiz', () => {
  const post = (json: object) => ({ method: 'POST' as const, path: '/contacts', json })
  const created = { ok: { status: 'created', key: id, contact: stored } }
  runCases(vobiz, 'createContact', [
    {
      name: "the list's tag comes first, the e-mail is a custom attribute, nulls stay away",
      input: {
        contact: contact({
          ...rahul,
          ref: 'crm-17',
          email: 'rahul@example.com',
          tags: ['vip', 'newsletter'],
          attributes: { company: 'Acme', seats: 3, paid: false, old: null },
        }),
        target,
        settings,
      },
      request: post({
        phone_number: '+919876543210',
        name: 'Rahul Sharma',
        tags: ['newsletter', 'vip'],
        custom_attributes: { company: 'Acme', seats: 3, paid: false, email: 'rahul@example.com' },
      }),
      response: answer(201, documented),
      outcome: created,
    },
    {
      name: 'nothing but the required; in no list; the name joined of its parts',
      input: { contact: contact({ firstName: 'Rahul', lastName: 'Sharma', phone: '+919876543210' }), settings },
      request: post({ phone_number: '+919876543210', name: 'Rahul Sharma' }),
      response: answer(201, documented),
      outcome: created,
    },
    {
      name: 'the WhatsApp number stands in for the phone',
      input: { contact: contact({ name: 'Priya', whatsapp: '+919123456789' }), target, settings },
      request: post({ phone_number: '+919123456789', name: 'Priya', tags: ['newsletter'] }),
      response: answer(201, { id }),
      outcome: {
        ok: {
          status: 'created',
          key: id,
          contact: { key: id, name: 'Priya', phone: '+919123456789', tags: ['newsletter'], attributes: {} },
          unshown: ['name', 'tags'],
        },
      },
    },
    {
      name: 'the phone wins over the WhatsApp number',
      input: { contact: contact({ ...rahul, whatsapp: '+919123456789' }), target, settings },
      request: post({ phone_number: '+919876543210', name: 'Rahul Sharma', tags: ['newsletter'] }),
      response: answer(201, documented),
      outcome: created,
    },
    {
      name: 'the e-mail wins over an attribute of its name',
      input: {
        contact: contact({ ...rahul, email: 'rahul@example.com', attributes: { mail: 'other@example.com' } }),
        settings: { ...settings, emailAttribute: 'mail' },
      },
      request: post({
        phone_number: '+919876543210',
        name: 'Rahul Sharma',
        custom_attributes: { mail: 'rahul@example.com' },
      }),
      response: answer(201, documented),
      outcome: created,
    },
    {
      name: "the place of the e-mail takes no attribute, lest it be read back as the contact's e-mail",
      input: { contact: contact({ ...rahul, attributes: { email: 7, city: 'Pune' } }), settings },
      request: post({ phone_number: '+919876543210', name: 'Rahul Sharma', custom_attributes: { city: 'Pune' } }),
      response: answer(201, documented),
      outcome: created,
    },
    {
      name: 'without a place for e-mails there is none, and the name is free',
      input: {
        contact: contact({ ...rahul, email: 'rahul@example.com', attributes: { email: 'x' } }),
        settings: { ...settings, emailAttribute: null },
      },
      request: post({ phone_number: '+919876543210', name: 'Rahul Sharma', custom_attributes: { email: 'x' } }),
      response: answer(201, documented),
      outcome: created,
    },
  ])

  const { updatedAt: _, ...withoutUpdatedAt } = stored
  const input = { contact: rahul, target, settings, onConflict: 'update' }
  const replaced = expect.objectContaining({ code: 'tags_may_be_replaced', pointer: '/tags' })
  const existed = (updatedAt: string) => ({
    ok: { status: 'updated', key: id, contact: { ...stored, updatedAt }, warnings: [replaced] },
  })
  runAnswers(vobiz, 'createContact', input, [
    {
      name: '201 with a contact that was updated later is a silent upsert',
      response: answer(201, { ...documented, updated_at: '2026-03-02T10:00:00Z' }),
      outcome: existed('2026-03-02T10:00:00Z'),
    },
    {
      name: 'the same moment in two clocks is no upsert',
      response: answer(201, {
        ...documented,
        created_at: '2026-03-01T10:00:00.000001Z',
        updated_at: '2026-03-01T10:00:00.000009Z',
      }),
      outcome: {
        ok: {
          status: 'created',
          key: id,
          contact: { ...stored, createdAt: '2026-03-01T10:00:00.000001Z', updatedAt: '2026-03-01T10:00:00.000009Z' },
        },
      },
    },
    {
      name: '200 without a clock tells neither that it was made nor that it was there',
      response: answer(200, documented),
      outcome: { ok: { status: 'accepted', key: id, contact: stored } },
    },
    {
      name: 'stamps of the moment of the call say that it was made, whatever the code',
      response: answerAt('2026-03-01T10:00:01Z', 200, { ...documented, updated_at: '2026-03-01T10:00:00.900Z' }),
      outcome: { ok: { status: 'created', key: id, contact: { ...stored, updatedAt: '2026-03-01T10:00:00.900Z' } } },
    },
    {
      name: 'an old stamp and a new one say that it was there and was updated',
      response: answerAt('2026-03-02T10:00:00Z', 201, { ...documented, updated_at: '2026-03-02T10:00:00Z' }),
      outcome: existed('2026-03-02T10:00:00Z'),
    },
    {
      name: 'two old stamps say that it was there and is as it was',
      response: answerAt('2026-03-02T10:00:00Z', 201, documented),
      outcome: { ok: { status: 'updated', key: id, contact: stored } },
    },
    { name: 'under data', response: answer(201, { status: 'success', data: documented }), outcome: created },
    { name: 'under contact', response: answer(201, { contact: documented }), outcome: created },
    { name: 'under item', response: answer(201, { item: documented }), outcome: created },
    {
      name: 'nulls and members that are new are no obstacle',
      response: answer(201, {
        id,
        name: null,
        tags: null,
        custom_attributes: null,
        last_active_at: null,
        stage: 'lead',
      }),
      outcome: {
        ok: { status: 'created', key: id, contact: { key: id, phone: '+919876543210', tags: [], attributes: {} } },
      },
    },
    {
      name: 'who is shown without a number and with another name is shown to nobody',
      response: answer(201, { ...documented, phone_number: undefined, name: 'Jane Planted' }),
      outcome: { ok: { status: 'created', unshown: [] } },
    },
    {
      name: '201 without an id is created all the same',
      response: answer(201, { phone_number: '+919876543210' }),
      outcome: { ok: { status: 'created', unshown: [] } },
    },
    {
      name: '204, which no document has, says nothing of a contact',
      response: textAnswer(204, ''),
      outcome: failure('unreadable', { status: 204 }),
    },
    {
      name: '201 with an empty body',
      response: textAnswer(201, ''),
      outcome: { ok: { status: 'created', unshown: [] } },
    },
    {
      name: '201 that says error may have been applied',
      response: answer(201, { status: 'error', message: 'no' }),
      outcome: failure('unreadable', { status: 201, message: 'no' }),
    },
    {
      name: '201 with HTML',
      response: textAnswer(201, htmlPage),
      outcome: failure('unreadable', { status: 201 }),
    },
    {
      name: '200 without an id is not documented',
      response: answer(200, { phone_number: '+919876543210' }),
      outcome: failure('unreadable', { status: 200 }),
    },
    {
      name: 'a time with an offset is put into UTC, and what is no time is left out',
      response: answer(201, { ...documented, created_at: '2026-03-01T15:30:00+05:30', updated_at: 'yesterday' }),
      outcome: {
        ok: {
          status: 'created',
          key: id,
          contact: { ...withoutUpdatedAt, createdAt: '2026-03-01T10:00:00.000Z' },
        },
      },
    },
    {
      name: '200 with HTML',
      response: textAnswer(200, htmlPage),
      outcome: failure('unreadable', { status: 200 }),
    },
    {
      name: '200 that says error with a known code is a refusal',
      response: answer(200, { status: 'error', error: { code: 'VALIDATION_ERROR', message: 'no' } }),
      outcome: failure('invalid', { status: 200, code: 'VALIDATION_ERROR', message: 'no' }),
    },
    {
      name: '202 only promises it',
      response: answer(202, documented),
      outcome: failure('unreadable', { status: 202 }),
    },
  ])
})

describe('a silent upsert at Vobiz', () => {
  runAnswers(vobiz, 'createContact', { contact: rahul, settings, onConflict: 'skip' }, [
    {
      name: 'where skip was asked is told',
      response: answerAt('2026-03-02T10:00:00Z', 200, { ...documented, updated_at: '2026-03-02T10:00:00Z' }),
      outcome: {
        ok: {
          status: 'updated',
          key: id,
          contact: { ...stored, updatedAt: '2026-03-02T10:00:00Z' },
          warnings: [
            expect.objectContaining({ code: 'tags_may_be_replaced' }),
            expect.objectContaining({ code: 'policy_not_enforced' }),
          ],
        },
      },
    },
    {
      name: 'is none when the contact is as it was: then it is skipped',
      response: answerAt('2026-03-02T10:00:00Z', 200, documented),
      outcome: { ok: { status: 'skipped', key: id, contact: stored } },
    },
    {
      name: 'is none when the contact is new',
      response: answer(201, documented),
      outcome: { ok: { status: 'created', key: id, contact: stored } },
    },
  ])
})

describe('the configuration of a Vobiz list and account', () => {
  test.each([
    ['a', true],
    ['new members', true],
    ['x'.repeat(64), true],
    ['x'.repeat(65), false],
    ['', false],
    [' a', false],
    ['a ', false],
    ['vip,enterprise', false],
  ])('tag %j matches the schema: %s', (tag, matches) => {
    expect(Check(vobiz.target, { tag })).toBe(matches)
  })

  test.each([
    ['email', true],
    [null, true],
    ['', false],
    ['__proto__', false],
  ])('emailAttribute %j matches the schema: %s', (emailAttribute, matches) => {
    expect(Check(vobiz.settings, { emailAttribute, csvImport: true, updateReplaces: false })).toBe(matches)
  })
})

test('only creating is not repeatable', () => {
  const names = Object.entries(vobiz.operations).filter(([, { repeatable }]) => !repeatable)
  expect(names.map(([name]) => name)).toStrictEqual(['createContact'])
})

test('id and token go out in their own headers', () => {
  expect(vobiz.authHeaders({ authId: 'MA_X', authToken: 't' })).toStrictEqual({
    'X-Auth-ID': 'MA_X',
    'X-Auth-Token': 't',
  })
})

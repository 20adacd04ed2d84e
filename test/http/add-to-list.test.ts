import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BatchResult, ContactResult } from '../support/answer-bodies.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
beforeEach(async () => {
  gateway = await startGateway()
})
afterEach(() => gateway.close())

const add = (body: unknown, query = '', headers: Record<string, string> = {}) =>
  gateway.call<BatchResult>('POST', `/lists/newsletter/contacts${query}`, { body, headers })

/** `<status> <error code>? [warning codes]` of each account, in a short form that reads as a table. */
function inShort(result?: ContactResult): Record<string, string> {
  return Object.fromEntries(
    (result?.outcomes ?? []).map(({ account, status, error, warnings }) => {
      const codes = warnings.map(({ code, pointer }) => `${code}@${pointer}`).join(' ')
      return [account, [status, error?.code, codes].filter(Boolean).join(' ')]
    }),
  )
}

const good = { ref: 'crm-1', name: 'Jane Smith', email: 'jane@example.com', phone: '+919876543210' }
const withoutEmail = { firstName: 'Ravi', lastName: 'Kumar', phone: '+91 98765-43211' }
const badPhone = { name: 'Bad Phone', email: 'bad@example.com', phone: '+9112' }
const rich = {
  name: 'Axelle Durand',
  firstName: 'Axelle',
  lastName: 'Durand',
  email: 'axelle@example.com',
  phone: '+33612345678',
  whatsapp: '+33612345679',
  tags: ['vip', 'paris', 'vip'],
  attributes: { title: 'Mme', city: 'Paris' },
}

describe('a batch of four to all three providers', () => {
  test('answers 207 with the outcomes and warnings of each account, in order', async () => {
    const { status, headers, body } = await add({ contacts: [good, withoutEmail, badPhone, rich] })
    expect(status).toBe(207)
    expect(headers.get('content-type')).toContain('application/json')
    expect(body.summary).toEqual({ contacts: 4, outcomes: { accepted: 2, created: 6, rejected: 4 } })
    expect(headers.get('x-items-failed')).toBe('4')
    expect(body.results.map(({ index, ref }) => [index, ref])).toEqual([
      [0, 'crm-1'],
      [1, undefined],
      [2, undefined],
      [3, undefined],
    ])
    expect(body.results.map(inShort)).toEqual([
      {
        'oblic-main': 'accepted',
        'octopush-fr': 'created name_not_split@#/contacts/0/name best_effort@#/contacts/0/email',
        'vobiz-in': 'created',
      },
      {
        'oblic-main': 'rejected email_required value_normalized@#/contacts/1/phone',
        'octopush-fr': 'created value_normalized@#/contacts/1/phone',
        'vobiz-in': 'created value_normalized@#/contacts/1/phone',
      },
      {
        'oblic-main': 'rejected phone_invalid',
        'octopush-fr': 'rejected phone_invalid',
        'vobiz-in': 'rejected phone_invalid',
      },
      {
        'oblic-main':
          'accepted tag_dropped@#/contacts/3/tags/0 tag_dropped@#/contacts/3/tags/1 attribute_dropped@#/contacts/3/attributes/title attribute_dropped@#/contacts/3/attributes/city',
        'octopush-fr':
          'created best_effort@#/contacts/3/email field_dropped@#/contacts/3/whatsapp best_effort@#/contacts/3/tags attribute_dropped@#/contacts/3/attributes/city',
        'vobiz-in': 'created field_dropped@#/contacts/3/whatsapp',
      },
    ])
    expect(body.results[0]?.outcomes[1]?.id).toBe('octopush-fr:+919876543210')
    expect(body.results[2]?.outcomes[0]?.error).toMatchObject({ pointer: '#/contacts/2/phone', retriable: false })
  })

  test('reaches each provider as exactly the documented requests', async () => {
    await add({ contacts: [good, withoutEmail, badPhone, rich] })
    const { oblic, octopush, vobiz } = gateway.simulators
    expect(oblic.requests().map(({ method, path, body }) => ({ method, path, body }))).toEqual([
      {
        method: 'POST',
        path: '/external/contact-list/v1/a459be9e-e6e5-11f0-967f-0af3f8fe5ae7/add',
        body: [
          { name: 'Jane Smith', email: 'jane@example.com', phone: '919876543210' },
          { name: 'Axelle Durand', email: 'axelle@example.com', phone: '33612345678', whatsApp: '33612345679' },
        ],
      },
    ])
    expect(oblic.requests()[0]?.headers).toMatchObject({
      authorization: 'Bearer oblic-sandbox-key',
      'content-type': 'application/json',
    })

    const toOctopush = octopush.requests()
    expect(toOctopush.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v1/public/contact-list/create',
      'POST /v1/public/contact/create',
      'POST /v1/public/contact/create',
    ])
    expect(toOctopush[0]?.body).toEqual({ list_name: 'newsletter' })
    const bodies = toOctopush.slice(1).map(({ body }) => body)
    expect(bodies).toContainEqual({
      contacts: [
        { phone_number: '+919876543210', first_name: 'Jane Smith', email: 'jane@example.com' },
        { phone_number: '+919876543211', first_name: 'Ravi', last_name: 'Kumar' },
      ],
      list_name: 'newsletter',
      auto_remove_blacklisted_numbers: true,
    })
    expect(bodies).toContainEqual({
      contacts: [
        {
          phone_number: '+33612345678',
          first_name: 'Axelle',
          last_name: 'Durand',
          email: 'axelle@example.com',
          param3: 'Mme',
        },
      ],
      list_name: 'newsletter',
      tag_names: ['vip', 'paris'],
      auto_remove_blacklisted_numbers: true,
    })
    expect(toOctopush[1]?.headers).toMatchObject({
      'api-login': 'sandbox@octopush.example',
      'api-key': 'octopush-sandbox-key',
      'content-type': 'application/json',
    })

    const toVobiz = vobiz.requests()
    expect(toVobiz.map(({ method, path }) => `${method} ${path}`)).toEqual(
      Array(3).fill('POST /api/v1/messaging/contacts'),
    )
    expect(toVobiz.map(({ body }) => body)).toContainEqual({
      phone_number: '+33612345678',
      name: 'Axelle Durand',
      tags: ['newsletter', 'vip', 'paris'],
      custom_attributes: { title: 'Mme', city: 'Paris', email: 'axelle@example.com' },
    })
    expect(toVobiz[0]?.headers).toMatchObject({
      'x-auth-id': 'MA_SANDBOX1',
      'x-auth-token': 'vobiz-sandbox-token',
      'content-type': 'application/json',
    })
  })

  test('sends the request id to no provider', async () => {
    await add({ contacts: [good] }, '', { 'x-request-id': 'caller-chosen-1' })
    const { oblic, octopush, vobiz } = gateway.simulators
    const everything = JSON.stringify([oblic, octopush, vobiz].flatMap((simulator) => simulator.requests()))
    expect(everything).not.toContain('caller-chosen-1')
  })
})

describe('1,000 contacts', () => {
  test('go in the configured batch sizes and come back in order', async () => {
    const own = await startGateway({ accounts: { 'oblic-main': { batchSize: 40 }, 'octopush-fr': { batchSize: 150 } } })
    const contacts = Array.from({ length: 1000 }, (_, i) => ({
      ref: `r${i}`,
      name: `Person ${i}`,
      email: `p${i}@example.com`,
      phone: `+9198${String(10_001_000 + i)}`,
    }))
    const { status, body } = await own.call('POST', '/lists/newsletter/contacts', { body: { contacts } })
    expect(status).toBe(207)
    expect(body.summary).toEqual({ contacts: 1000, outcomes: { accepted: 1000, created: 2000 } })
    expect(body.results.map(({ ref }: { ref: string }) => ref)).toEqual(contacts.map(({ ref }) => ref))
    const sizes = (requests: readonly { body: unknown }[], of: (body: never) => number) =>
      requests.map(({ body: sent }) => of(sent as never))
    expect(sizes(own.simulators.oblic.requests(), (sent: unknown[]) => sent.length)).toEqual(Array(25).fill(40))
    const toOctopush = own.simulators.octopush.requests().filter(({ path }) => path.endsWith('/contact/create'))
    expect(sizes(toOctopush, (sent: { contacts: unknown[] }) => sent.contacts.length).sort()).toEqual([
      100,
      ...Array(6).fill(150),
    ])
    expect(own.simulators.vobiz.contacts()).toHaveLength(1000)
    await own.close()
  })
})

describe('a contact that is there already', () => {
  test('is updated, its Vobiz tags merged, never taken off another list', async () => {
    await gateway.call('POST', '/lists/whatsapp/contacts', {
      body: { contacts: [{ ...good, tags: ['old'], attributes: { plan: 'a', city: 'Pune' } }] },
    })
    const { body } = await add({ contacts: [{ ...good, name: 'Jane S.', tags: ['new'], attributes: { plan: 'b' } }] })
    expect(body.results[0]?.outcomes[2]).toMatchObject({ account: 'vobiz-in', status: 'updated' })
    expect(gateway.simulators.vobiz.contacts()).toMatchObject([
      {
        name: 'Jane S.',
        tags: ['newsletter', 'whatsapp', 'old', 'new'],
        custom_attributes: { plan: 'b', city: 'Pune', email: 'jane@example.com' },
      },
    ])
  })

  test('stays as it is with onConflict skip, where the provider can do that', async () => {
    await add({ contacts: [good] })
    const { body } = await add({ contacts: [{ ...good, name: 'Other' }], onConflict: 'skip' })
    expect(inShort(body.results[0])).toMatchObject({
      'oblic-main': 'accepted policy_not_enforced@#/contacts/0',
      'octopush-fr': 'skipped name_not_split@#/contacts/0/name best_effort@#/contacts/0/email not_on_list@#/contacts/0',
      'vobiz-in': 'skipped',
    })
    expect(gateway.simulators.vobiz.contacts()).toMatchObject([{ name: 'Jane Smith' }])
    const last = gateway.simulators.octopush.requests().at(-1)
    expect(last?.body).toMatchObject({ do_not_overwrite: true })
  })

  test('twice in one batch, the first is sent and the later one skipped', async () => {
    const { body } = await add({ contacts: [good, { ...good, ref: 'again', phone: '+91 98765 43210' }] })
    expect(inShort(body.results[1])).toMatchObject({
      'oblic-main': 'skipped value_normalized@#/contacts/1/phone duplicate_in_batch@#/contacts/1',
    })
    expect(gateway.simulators.oblic.requests()[0]?.body).toHaveLength(1)
  })
})

describe('preferences and validateOnly', () => {
  test('validateOnly calls no provider and shows what would be sent, without credentials', async () => {
    const { status, body, text } = await add({ contacts: [good, withoutEmail] }, '?validateOnly=true')
    expect(status).toBe(207)
    expect(body.summary).toEqual({ contacts: 2, outcomes: { rejected: 1, skipped: 5 } })
    expect(body.results[0]?.outcomes[0]?.warnings).toMatchObject([{ code: 'validate_only' }])
    expect(body.preview?.map(({ account, requests }) => [account, requests.length])).toEqual([
      ['oblic-main', 1],
      ['octopush-fr', 2],
      ['vobiz-in', 2],
    ])
    expect(body.preview?.[0]?.requests[0]).toMatchObject({
      method: 'POST',
      json: [{ email: 'jane@example.com', phone: '919876543210' }],
    })
    expect(text).not.toContain('sandbox-key')
    const { oblic, octopush, vobiz } = gateway.simulators
    expect([oblic, octopush, vobiz].flatMap((simulator) => simulator.requests())).toEqual([])
  })

  test('handling=strict refuses any loss before anything is sent, and tidying is none', async () => {
    const lossy = await gateway.call('POST', '/lists/whatsapp/contacts', {
      body: { contacts: [{ ...good, whatsapp: '+33612345679' }] },
      headers: { prefer: 'handling=strict' },
    })
    expect(lossy.status).toBe(422)
    expect(lossy.body).toMatchObject({
      code: 'loss-not-accepted',
      errors: [{ pointer: '#/contacts/0/whatsapp', code: 'field_dropped' }],
    })
    expect(gateway.simulators.vobiz.requests()).toEqual([])
    const tidied = await gateway.call('POST', '/lists/whatsapp/contacts', {
      body: { contacts: [{ ...good, phone: '+91 98765 43210' }] },
      headers: { prefer: 'handling=strict, wait=5' },
    })
    expect(tidied.status).toBe(207)
    expect(tidied.headers.get('preference-applied')).toBe('wait=5, handling=strict')
  })

  test('return=minimal leaves out what has neither error nor warning', async () => {
    const { body } = await gateway.call('POST', '/lists/whatsapp/contacts', {
      body: { contacts: [good, { ...good, phone: '+919876543299', whatsapp: '+33612345679' }] },
      headers: { prefer: 'return=minimal' },
    })
    expect(body.results.map(({ index }: { index: number }) => index)).toEqual([1])
    expect(body.summary).toEqual({ contacts: 2, outcomes: { created: 2 } })
  })

  test('wait shortens the deadline: what was not sent by then is failed, what was is unknown', async () => {
    gateway.simulators.oblic.setBehaviour({ hang: 'before' })
    const { status, body } = await add({ contacts: [good] }, '', { prefer: 'wait=1' })
    expect(status).toBe(207)
    expect(inShort(body.results[0])['oblic-main']).toBe('unknown provider_timeout')
    expect(body.results[0]?.outcomes[1]?.status).toBe('created')
  })
})

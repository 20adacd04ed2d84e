import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { createOctopushSimulator } from '../../src/simulators/octopush.ts'
import { stopForms } from '../../src/simulators/octopush-stop.ts'
import { misbehave, octopushHeaders, send } from './provider-calls.ts'

const axelle = { phone_number: '+111222233334444', first_name: 'Axelle', last_name: 'Durand', param3: 'Mme' }
const john = { phone_number: '+2222333334444555', first_name: 'John', last_name: 'Smith', param3: 'M' }
const item = (phoneNumber: string, status: string, email: string | null = null) => ({
  phone_number: phoneNumber,
  email,
  status,
})
const refusal = (code: number) => ({ code, message: expect.any(String) })

describe('the Octopush simulator does what is known of Octopush', () => {
  let simulator: ReturnType<typeof createOctopushSimulator>
  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = octopushHeaders) =>
    send(simulator.baseUrl + path, method, headers, body)
  const create = async (body: unknown) => {
    const { status, body: answer } = await call('POST', '/contact/create', body)
    return { status, body: answer }
  }
  const statuses = async (body: object) => {
    const answer = await create(body)
    expect(answer.status).toBe(201)
    return (answer.body as { items: { status: string }[] }).items.map(({ status }) => status)
  }
  const contact = (phoneNumber: string) => simulator.contacts().find((held) => held.phone_number === phoneNumber)
  const quirks = (values: Record<string, unknown>) => misbehave(simulator, { quirks: values })

  beforeEach(async () => {
    simulator = createOctopushSimulator({ lists: ['my_list', 'other'], blacklist: ['+33600000001'] })
    await simulator.listen()
  })
  afterEach(() => simulator.close())

  describe('a STOP', () => {
    const stop = (body: unknown) => send(`${simulator.url}/_sim/stop`, 'POST', {}, body)

    it.each(stopForms)('calls the URL with the documented fields, as %s, and blacklists the number', async (form) => {
      const calls: Promise<string>[] = []
      const server = createServer((request, response) => {
        calls.push(text(request).then((body) => decodeURIComponent(`${request.method} ${request.url} ${body}`)))
        response.writeHead(204).end()
      })
      await once(server.listen(0, '127.0.0.1'), 'listening')
      onTestFinished(() => void server.close())
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/called`
      expect(await stop({ url, number: '+33612345678', form })).toMatchObject({ status: 200, body: { status: 204 } })
      const told = await Promise.all(calls)
      expect(told).toHaveLength(1)
      for (const part of ['/called', 'message_id', 'number', '33612345678', 'text', 'stop', 'stop_date'])
        expect(told[0]).toContain(part)
      const contacts = [{ phone_number: '+33612345678' }, john]
      expect(await statuses({ contacts, auto_remove_blacklisted_numbers: true })).toHaveLength(1)
      simulator.reset()
      expect(await statuses({ contacts, auto_remove_blacklisted_numbers: true })).toHaveLength(2)
    })

    it('is refused in words where it does not say whom, where and how', async () => {
      for (const body of [
        {},
        { url: 'x', number: '+33612345678' },
        { url: 'http://127.0.0.1:1', number: '+1', form: 'fax' },
      ])
        expect((await stop(body)).status).toBe(400)
    })
  })

  describe('contact/create', () => {
    it('takes the documented request: its numbers, its list and its tag', async () => {
      const answer = await create({ contacts: [axelle, john], list_name: 'my_list', tag_name: 'vip' })
      expect(answer).toEqual({
        status: 201,
        body: { items: [item(axelle.phone_number, 'added'), item(john.phone_number, 'added')] },
      })
      const rest = {
        email: null,
        param1: null,
        param2: null,
        param4: null,
        param5: null,
        lists: ['my_list'],
        tags: ['vip'],
        sends: 1,
      }
      expect(simulator.contacts()).toEqual([
        { ...axelle, ...rest },
        { ...john, ...rest },
      ])
    })

    it('says added, updated and skipped per contact', async () => {
      expect(await statuses({ contacts: [axelle] })).toEqual(['added'])
      expect(await statuses({ contacts: [{ ...axelle, first_name: 'A' }, john] })).toEqual(['updated', 'added'])
      expect(await statuses({ contacts: [axelle], do_not_overwrite: true })).toEqual(['skipped'])
      expect(contact(axelle.phone_number)).toMatchObject({ first_name: 'A', last_name: 'Durand', sends: 2 })
      expect(simulator.counts()).toEqual({ total: 2, lists: 2, sends: 3 })
    })

    it('leaves a skipped contact alone, its lists too', async () => {
      await create({ contacts: [axelle] })
      await create({ contacts: [axelle], list_name: 'my_list', tag_name: 'vip', do_not_overwrite: true })
      expect(contact(axelle.phone_number)).toMatchObject({ lists: [], tags: [] })
    })

    it('reads do_not_overwrite the other way round when told so', async () => {
      await quirks({ doNotOverwrite: 'overwrites' })
      await create({ contacts: [axelle] })
      expect(await statuses({ contacts: [axelle] })).toEqual(['skipped'])
      expect(await statuses({ contacts: [axelle], do_not_overwrite: true })).toEqual(['updated'])
    })

    it('attaches several lists and tags, adding to those that are there', async () => {
      await create({ contacts: [axelle], list_names: ['my_list'], tag_names: ['a', 'b'] })
      await create({ contacts: [axelle], list_name: 'other', list_names: ['my_list'], tag_name: 'c' })
      expect(contact(axelle.phone_number)).toMatchObject({ lists: ['my_list', 'other'], tags: ['a', 'b', 'c'] })
    })

    it('detaches all lists with un_list and all tags with un_tag', async () => {
      await create({ contacts: [axelle, john], list_name: 'my_list', tag_name: 'vip' })
      await create({ contacts: [axelle], un_list: true })
      expect(contact(axelle.phone_number)).toMatchObject({ lists: [], tags: ['vip'] })
      await create({ contacts: [axelle], un_tag: true, tag_name: 'new' })
      expect(contact(axelle.phone_number)).toMatchObject({ lists: [], tags: ['new'] })
      expect(contact(john.phone_number)).toMatchObject({ lists: ['my_list'], tags: ['vip'] })
    })

    it('keeps an e-mail and shows it in the answer, or drops it when told so', async () => {
      const withEmail = { contacts: [{ ...axelle, email: 'a@example.com' }] }
      expect((await create(withEmail)).body).toEqual({ items: [item(axelle.phone_number, 'added', 'a@example.com')] })
      expect(contact(axelle.phone_number)?.email).toBe('a@example.com')
      await quirks({ storesEmail: false })
      const other = { contacts: [{ ...axelle, email: 'b@example.com' }] }
      expect((await create(other)).body).toEqual({ items: [item(axelle.phone_number, 'updated')] })
      expect(contact(axelle.phone_number)?.email).toBe('a@example.com')
    })

    it('casts and cleans what it can and ignores the rest', async () => {
      const answer = await create({
        contacts: [
          { phone_number: '+33 6.12-34 (56)78', first_name: 7, last_name: { a: 1 }, nonsense: 1 },
          { phone_number: 33612345679 },
        ],
        list_name: 'my_list',
        tag_name: 'x'.repeat(21),
        do_not_overwrite: 'perhaps',
        nonsense: true,
      })
      expect(answer.body).toEqual({ items: [item('+33612345678', 'added'), item('+33612345679', 'added')] })
      expect(contact('+33612345678')).toMatchObject({ first_name: '7', last_name: null, lists: ['my_list'], tags: [] })
      expect(await statuses({ contacts: [{ phone_number: '0033612345678' }], do_not_overwrite: 'true' })).toEqual([
        'skipped',
      ])
    })

    it('ignores a list name of more than 30 characters', async () => {
      expect((await create({ contacts: [axelle], list_name: 'x'.repeat(31) })).status).toBe(201)
      expect(contact(axelle.phone_number)?.lists).toEqual([])
    })

    it.each(['+12345', '0612345678', 'none', '+12345678901234567', null, ''])(
      'leaves %j out of the answer',
      async (bad) => {
        const answer = await create({ contacts: [{ phone_number: bad }, axelle] })
        expect(answer).toEqual({ status: 201, body: { items: [item(axelle.phone_number, 'added')] } })
        expect(simulator.counts().total).toBe(1)
      },
    )

    it('leaves a contact with the magic e-mail out of the answer', async () => {
      const answer = await create({ contacts: [{ ...john, email: 'j@invalid.example' }, axelle] })
      expect(answer.body).toEqual({ items: [item(axelle.phone_number, 'added')] })
    })

    it.each([
      ['only bad numbers', { contacts: [{ phone_number: '1' }, 'x'] }, 117],
      ['only magic e-mails', { contacts: [{ ...john, email: 'j@invalid.example' }] }, 117],
      ['no contacts', {}, 110],
      ['an empty array', { contacts: [] }, 110],
      [
        '201 contacts',
        { contacts: Array.from({ length: 201 }, (_, index) => ({ phone_number: `+3361234${1000 + index}` })) },
        305,
      ],
      ['a list that is not there', { contacts: [axelle], list_name: 'none' }, 303],
      ['one missing list of several', { contacts: [axelle], list_names: ['my_list', 'My_list'] }, 303],
      ['no JSON', '{', 100],
      ['no object', [axelle], 100],
    ])('refuses %s with 400 and its legacy code', async (_name, body, code) => {
      expect(await create(body)).toEqual({ status: 400, body: refusal(code) })
      expect(simulator.counts().total).toBe(0)
    })

    it('takes 200 contacts', async () => {
      const contacts = Array.from({ length: 200 }, (_, index) => ({ phone_number: `+3361234${1000 + index}` }))
      expect(await statuses({ contacts })).toHaveLength(200)
    })

    it('creates a missing list when told so', async () => {
      await quirks({ createsMissingLists: true })
      await create({ contacts: [axelle], list_name: 'brand new' })
      expect(contact(axelle.phone_number)?.lists).toEqual(['brand new'])
      expect(simulator.counts().lists).toBe(3)
    })

    const blacklisted = ['+33612340404', '+33600000001']
    it.each(['auto_remove_blacklisted_numbers', 'auto_delete_optout_contacts'])(
      'drops blacklisted numbers with %s',
      async (flag) => {
        const contacts = [axelle, ...blacklisted.map((phone_number) => ({ phone_number }))]
        expect((await create({ contacts, [flag]: true })).body).toEqual({ items: [item(axelle.phone_number, 'added')] })
        expect(simulator.counts().total).toBe(1)
        expect(await create({ contacts: contacts.slice(1), [flag]: true })).toEqual({
          status: 201,
          body: { items: [] },
        })
      },
    )

    it('keeps blacklisted numbers without the flag, with false, and with a name for it that is not known', async () => {
      for (const flag of [{}, { auto_remove_blacklisted_numbers: false }, { auto_remove_blacklisted_contacts: true }]) {
        simulator.reset()
        expect(await statuses({ contacts: blacklisted.map((phone_number) => ({ phone_number })), ...flag })).toEqual([
          'added',
          'added',
        ])
      }
    })

    it.each([
      ['auto_remove_blacklisted_numbers', 'auto_delete_optout_contacts'],
      ['auto_delete_optout_contacts', 'auto_remove_blacklisted_numbers'],
    ])('knows only %s in strict mode', async (optOutFlag, other) => {
      await quirks({ optOutFlag })
      const contacts = [{ phone_number: '+33612340404' }]
      expect(await statuses({ contacts, [optOutFlag]: true })).toEqual([])
      expect(await statuses({ contacts, [other]: true })).toEqual(['added'])
    })

    it('answers in another form or order when told so', async () => {
      await quirks({ answersWithoutPlus: true, reversesItems: true })
      const numbers = ((await create({ contacts: [axelle, john] })).body as { items: object[] }).items
      expect(numbers).toEqual([item('2222333334444555', 'added'), item('111222233334444', 'added')])
    })
  })

  describe('contact/delete', () => {
    const remove = async (body: unknown) => {
      const { status, body: answer } = await call('DELETE', '/contact/delete', body)
      return { status, body: answer }
    }
    beforeEach(() => create({ contacts: [axelle, john], list_name: 'my_list' }))

    it('takes numbers out of the account, with a JSON body and an empty 204', async () => {
      expect(await remove({ phone_numbers: [axelle.phone_number, '+33611111111'] })).toEqual({
        status: 204,
        body: undefined,
      })
      expect(simulator.contacts().map(({ phone_number }) => phone_number)).toEqual([john.phone_number])
    })

    it('takes numbers only out of the list that is named', async () => {
      await create({ contacts: [axelle], list_name: 'other' })
      expect((await remove({ phone_numbers: [axelle.phone_number], list_name: 'my_list' })).status).toBe(204)
      expect(contact(axelle.phone_number)?.lists).toEqual(['other'])
      expect(contact(john.phone_number)?.lists).toEqual(['my_list'])
    })

    it.each([
      ['an unknown list', { phone_numbers: ['+33612345678'], list_name: 'none' }, 303],
      ['no numbers', {}, 110],
      ['201 numbers', { phone_numbers: Array.from({ length: 201 }, (_, index) => `+3361234${1000 + index}`) }, 305],
      ['no body', undefined, 100],
    ])('refuses %s', async (_name, body, code) => {
      expect(await remove(body)).toEqual({ status: 400, body: refusal(code) })
      expect(simulator.counts().total).toBe(2)
    })
  })

  describe('contact lists', () => {
    it('are created with 201, once', async () => {
      const first = await call('POST', '/contact-list/create', { list_name: 'new' })
      expect([first.status, first.body]).toEqual([201, undefined])
      const second = await call('POST', '/contact-list/create', { list_name: 'new' })
      expect([second.status, second.body]).toEqual([400, refusal(302)])
      expect(await statuses({ contacts: [axelle], list_name: 'new' })).toEqual(['added'])
    })

    it.each([{}, { list_name: '' }, { list_name: 'x'.repeat(31) }])(
      'need a name of at most 30 characters: %j',
      async (body) => {
        const { status, body: answer } = await call('POST', '/contact-list/create', body)
        expect([status, answer]).toEqual([400, refusal(100)])
      },
    )

    it('are deleted with 204, and their contacts stay', async () => {
      await create({ contacts: [axelle], list_name: 'my_list' })
      const { status, body } = await call('DELETE', '/contact-list/delete', { list_name: 'my_list' })
      expect([status, body]).toEqual([204, undefined])
      expect(contact(axelle.phone_number)?.lists).toEqual([])
      expect(await create({ contacts: [axelle], list_name: 'my_list' })).toEqual({ status: 400, body: refusal(303) })
    })

    it('are emptied, and their contacts stay unless they are to be deleted', async () => {
      await create({ contacts: [axelle], list_name: 'my_list' })
      await create({ contacts: [john], list_name: 'other' })
      expect((await call('POST', '/contact-list/empty', { list_name: 'my_list' })).status).toBe(204)
      expect(contact(axelle.phone_number)?.lists).toEqual([])
      expect((await call('POST', '/contact-list/empty', { list_name: 'other', delete_contacts: true })).status).toBe(
        204,
      )
      expect(contact(john.phone_number)).toBeUndefined()
      expect(simulator.counts()).toMatchObject({ total: 1, lists: 2 })
    })

    it.each([
      ['DELETE', '/contact-list/delete'],
      ['POST', '/contact-list/empty'],
    ])('that are not there are code 303 at %s %s', async (method, path) => {
      const { status, body } = await call(method, path, { list_name: 'none' })
      expect([status, body]).toEqual([400, refusal(303)])
    })

    it('are back as at the start after a reset', async () => {
      await call('POST', '/contact-list/create', { list_name: 'new' })
      simulator.reset()
      expect(simulator.counts().lists).toBe(2)
    })
  })

  it('tells the balance, for a check of the credentials', async () => {
    const balance = (query: string) =>
      call('GET', `/wallet/check-balance?country_code=FR&product_name=sms_premium${query}`)
    expect(await balance('')).toMatchObject({ status: 200, body: { amount: 10, unit: expect.any(String) } })
    expect((await balance('&with_details=1')).body).toHaveProperty('wallet_packs', [])
  })

  it.each([
    ['no login', { 'api-key': 'octopush-sandbox-key' }, 108],
    ['no key', { 'api-login': 'sandbox@octopush.example' }, 109],
    ['a wrong key', { ...octopushHeaders, 'api-key': 'wrong' }, 101],
    ['a wrong login', { ...octopushHeaders, 'api-login': 'other@octopush.example' }, 101],
  ])('refuses %s on every call', async (_name, headers, code) => {
    for (const [method, path] of [
      ['POST', '/contact/create'],
      ['DELETE', '/contact/delete'],
      ['POST', '/contact-list/create'],
      ['DELETE', '/contact-list/delete'],
      ['POST', '/contact-list/empty'],
      ['GET', '/wallet/check-balance'],
    ] as const) {
      const { status, body } = await call(
        method,
        path,
        method === 'GET' ? undefined : { contacts: [axelle] },
        headers as Record<string, string>,
      )
      expect([path, status, body]).toEqual([path, 401, refusal(code)])
    }
  })

  it.each([
    ['text', { code: '303', message: expect.any(String) }],
    ['error_code', { error_code: 303, message: expect.any(String) }],
  ])('writes its codes as %s when told so', async (errorCode, body) => {
    await quirks({ errorCode })
    expect(await create({ contacts: [axelle], list_name: 'none' })).toEqual({ status: 400, body })
  })

  it('answers 404 for paths and methods that are not documented', async () => {
    expect((await call('GET', '/contact/list')).status).toBe(404)
    expect((await call('GET', '/contact/create')).status).toBe(404)
    expect((await call('POST', '/Contact/create', { contacts: [axelle] })).status).toBe(404)
  })
})

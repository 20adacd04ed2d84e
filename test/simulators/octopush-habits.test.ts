import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createOctopushSimulator } from '../../src/simulators/octopush.ts'
import type { OctopushQuirks } from '../../src/simulators/octopush-errors.ts'
import { misbehave, octopushHeaders, send } from './provider-calls.ts'

const jane = { phone_number: '+33612345678', first_name: 'Jane', email: 'jane@example.com' }
const max = { phone_number: '+33612345679', first_name: 'Max' }

describe('the habits of the Octopush simulator', () => {
  let simulator: ReturnType<typeof createOctopushSimulator>
  const call = async (method: string, path: string, body: object) => {
    const response = await fetch(simulator.baseUrl + path, {
      method,
      headers: octopushHeaders,
      body: JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text }
  }
  const create = (contacts: object[], more: object = {}) => call('POST', '/contact/create', { contacts, ...more })
  const makeList = (list_name = 'news') => call('POST', '/contact-list/create', { list_name })
  const remove = (phone_numbers: string[], more: object = {}) =>
    call('DELETE', '/contact/delete', { phone_numbers, ...more })
  const quirks = (values: Partial<OctopushQuirks>) => misbehave(simulator, { quirks: values })
  const held = (number = jane.phone_number) => simulator.contacts().find(({ phone_number }) => phone_number === number)

  beforeEach(async () => {
    simulator = createOctopushSimulator()
    await simulator.listen()
  })
  afterEach(() => simulator.close())

  it.each([
    ['code-302', 400, { code: 302 }],
    ['409', 409, { code: 302 }],
    ['409-words', 409, { message: 'The list name has already been taken.' }],
    ['400-words', 400, { message: 'The list name has already been taken.' }],
    ['400-words-fr', 400, { message: 'Une liste de ce nom existe déjà.' }],
    ['422-words', 422, { message: 'The list name has already been taken.' }],
    ['403-words', 403, { message: 'The list name has already been taken.' }],
    ['500-words', 500, { message: 'The list name has already been taken.' }],
    ['made-200', 200, ''],
    ['made-201', 201, ''],
    ['made-204', 204, ''],
  ] as const)('a list that exists: %s', async (listExists, status, body) => {
    await makeList()
    await quirks({ listExists })
    const answer = await makeList()
    expect(answer.status).toBe(status)
    if (typeof body === 'string') expect(answer.body).toBe(body)
    else expect(answer.body).toMatchObject(body)
    if (!listExists.match(/^(code-302|409)$/) && typeof body === 'object')
      expect(answer.body).not.toHaveProperty('code')
  })

  it.each([
    ['201', 201, ''],
    ['201-list', 201, { id: 7, list_name: 'news', contacts: 0 }],
    ['200', 200, ''],
    ['200-list', 200, { id: 7, list_name: 'news', contacts: 0 }],
    ['202', 202, ''],
    ['204', 204, ''],
    ['200-text', 200, 'OK'],
  ] as const)('a list that was made: %s', async (listMade, status, body) => {
    await quirks({ listMade })
    expect(await makeList()).toEqual({ status, body })
    expect(simulator.counts().lists).toBe(1)
  })

  it('a new list is not there for the first calls that add to it', async () => {
    await quirks({ listLagCalls: 2 })
    await makeList()
    const add = async () => (await create([jane], { list_name: 'news' })).status
    expect([await add(), await add(), await add()]).toEqual([400, 400, 201])
  })

  it('a new list is not there for a while', async () => {
    await makeList()
    await quirks({ listLagMs: 600_000 })
    expect((await create([jane], { list_name: 'news' })).status).toBe(400)
    await quirks({ listLagMs: 0 })
    expect((await create([jane], { list_name: 'news' })).status).toBe(201)
  })

  it('people land in the account alone where the list is missing', async () => {
    await quirks({ missingList: 'ignored' })
    expect((await create([jane], { list_name: 'gone' })).body.items).toMatchObject([{ status: 'added' }])
    expect(held()?.lists).toEqual([])
    expect(simulator.counts().lists).toBe(0)
  })

  it.each([
    ['by-flag', 'updated', 'Janet'],
    ['skipped', 'skipped', 'Jane'],
    ['invalid', 'invalid', 'Jane'],
    ['error', 'error', 'Jane'],
    ['kept-as-updated', 'updated', 'Jane'],
    ['kept-as-added', 'added', 'Jane'],
  ] as const)('somebody who is there already: %s', async (existing, status, name) => {
    await create([jane])
    await quirks({ existing })
    expect((await create([{ ...jane, first_name: 'Janet' }, max])).body.items).toMatchObject([
      { status },
      { status: 'added' },
    ])
    expect(held()?.first_name).toBe(name)
  })

  it.each([
    [false, []],
    [true, ['news']],
  ] as const)('whether somebody who is skipped joins the list: %s', async (skippedJoinsList, lists) => {
    await makeList()
    await create([jane])
    await quirks({ skippedJoinsList })
    const again = { ...jane, first_name: 'Janet' }
    const { body } = await create([again], { list_name: 'news', do_not_overwrite: true })
    expect(body.items).toMatchObject([{ status: 'skipped' }])
    expect(held()).toMatchObject({ lists, first_name: 'Jane' })
  })

  it.each([
    ['all', { items: [{ phone_number: '+33612345678' }, { phone_number: '+33612345679' }] }],
    ['absent', {}],
    ['none', { items: [] }],
    ['strangers', { items: [{ phone_number: '+9992345678' }, { phone_number: '+9992345679' }] }],
    ['first', { items: [{ phone_number: '+33612345678' }] }],
    ['without-numbers', { items: [{ status: 'added' }, { status: 'added' }] }],
    ['masked', { items: [{ phone_number: '+336****5678' }, { phone_number: '+336****5679' }] }],
    ['in-list-object', { items: { '+33612345678': { status: 'added' }, '+33612345679': { status: 'added' } } }],
  ] as const)('the items of the answer: %s', async (items, expected) => {
    await quirks({ items })
    const { status, body } = await create([jane, max])
    expect(status).toBe(201)
    expect(body).toMatchObject(expected)
    expect(Object.keys(body)).toEqual(Object.keys(expected))
    if (items === 'without-numbers') expect(body.items[0]).not.toHaveProperty('phone_number')
    expect(simulator.counts().total).toBe(2)
  })

  it.each([
    ['own', 'added'],
    ['pending', 'pending'],
    ['error', 'error'],
    ['failed', 'failed'],
    ['invalid', 'invalid'],
    ['ok', 'ok'],
    ['capitals', 'ADDED'],
    ['number', 1],
    ['absent', undefined],
  ] as const)('the status of an item: %s', async (itemStatus, status) => {
    await quirks({ itemStatus })
    expect((await create([jane])).body.items[0].status).toBe(status)
    expect(simulator.counts().total).toBe(1)
  })

  it.each([
    ['as-sent', { lists: ['news'], tags: ['vip'], first_name: 'Jane' }],
    ['without-lists', { lists: [], tags: ['vip'], first_name: 'Jane' }],
    ['without-tags', { lists: ['news'], tags: [], first_name: 'Jane' }],
    ['without-names', { lists: ['news'], tags: ['vip'], first_name: null }],
    ['nothing', undefined],
  ] as const)('what is kept of a contact: %s', async (stores, expected) => {
    await makeList()
    await quirks({ stores })
    const { body } = await create([jane], { list_name: 'news', tag_name: 'vip' })
    expect(body.items).toMatchObject([{ phone_number: jane.phone_number, status: 'added' }])
    if (expected === undefined) expect(held()).toBeUndefined()
    else expect(held()).toMatchObject(expected)
  })

  it('a contact is kept and shown under another number', async () => {
    await quirks({ stores: 'other-number' })
    expect((await create([jane])).body.items).toMatchObject([{ phone_number: '+3361234567', status: 'added' }])
    expect(held('+3361234567')).toBeDefined()
  })

  it.each([
    ['all', ['one', 'two']],
    ['first', ['one']],
    ['none', []],
    ['refused', undefined],
  ] as const)('several tags and lists: %s', async (several, expected) => {
    for (const name of ['one', 'two']) await makeList(name)
    await quirks({ severalTags: several })
    const withTags = await create([jane], { tag_names: ['one', 'two'] })
    expect([withTags.status, held()?.tags]).toEqual([expected ? 201 : 400, expected])
    await quirks({ severalLists: several })
    const withLists = await create([max], { list_names: ['one', 'two'] })
    expect([withLists.status, held(max.phone_number)?.lists]).toEqual([expected ? 201 : 400, expected])
  })

  it.each([
    ['accepted', 201, 2],
    ['contact-left-out', 201, 1],
    ['call-refused', 400, 0],
  ] as const)('a contact with an e-mail: %s', async (email, status, total) => {
    await quirks({ email })
    expect((await create([jane, max])).status).toBe(status)
    expect(simulator.counts().total).toBe(total)
  })

  it.each([
    ['plus', '+33612345678'],
    ['digits', '33612345678'],
    ['spaced', '+33 612 345 678'],
    ['dashed', '+33-612-345-678'],
    ['double-zero', '0033612345678'],
    ['national', '0612345678'],
  ] as const)('numbers in the answer: %s', async (numberForm, phone_number) => {
    await quirks({ numberForm })
    expect((await create([jane])).body.items).toMatchObject([{ phone_number }])
  })

  it.each([
    ['happens', 204, 1],
    ['answered-only', 204, 2],
    ['page-404', 404, 2],
    ['router-404', 404, 2],
    ['empty-404', 404, 2],
    ['text-404', 404, 2],
  ] as const)('a deletion: %s', async (deletion, status, total) => {
    await makeList()
    await create([jane, max], { list_name: 'news' })
    await quirks({ deletion })
    expect((await remove([jane.phone_number])).status).toBe(status)
    expect(simulator.counts().total).toBe(total)
    expect((await remove([max.phone_number], { list_name: 'news' })).status).toBe(status)
    expect(held(max.phone_number)?.lists).toEqual(deletion === 'happens' ? [] : ['news'])
    expect((await call('DELETE', '/contact-list/delete', { list_name: 'news' })).status).toBe(status)
    expect(simulator.counts().lists).toBe(deletion === 'happens' ? 0 : 1)
    const operations = simulator.requests().map(({ operation }) => operation)
    expect(operations.slice(2)).toEqual(['delete', 'remove-from-list', 'list-delete'])
  })

  it.each([
    ['204', 204, ''],
    ['404', 404, { code: 117, message: 'No contact with this number.' }],
    ['400-code', 400, { code: 117, message: 'No contact with this number.' }],
    ['200-count', 200, { deleted: 0 }],
  ] as const)('numbers that are not there: %s', async (unknownNumber, status, body) => {
    await create([jane])
    await quirks({ unknownNumber })
    expect(await remove([max.phone_number])).toEqual({ status, body })
    expect((await remove([max.phone_number, jane.phone_number])).status).toBe(204)
  })

  it('a contact that is taken off a list leaves the account', async () => {
    await makeList()
    await create([jane], { list_name: 'news' })
    await quirks({ removal: 'from-account' })
    expect((await remove([jane.phone_number], { list_name: 'news' })).status).toBe(204)
    expect(held()).toBeUndefined()
  })

  it('of two slow writers one loses', async () => {
    await create([jane])
    await quirks({ writeDelayMs: 1_000 })
    await Promise.all([create([jane], { tag_name: 'one' }), create([jane], { tag_name: 'two' })])
    expect(held()?.tags).toHaveLength(1)
  })

  it('a call for many is refused with the code of the table', async () => {
    await quirks({ maxBatch: 1 })
    expect(await create([jane, max])).toMatchObject({ status: 400, body: { code: 305 } })
    expect(await remove([jane.phone_number, max.phone_number])).toMatchObject({ status: 400, body: { code: 305 } })
    expect((await send(`${simulator.baseUrl}/wallet/check-balance`, 'GET', octopushHeaders)).status).toBe(200)
  })
})

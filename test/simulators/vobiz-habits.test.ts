import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createVobizSimulator } from '../../src/simulators/vobiz.ts'
import type { VobizContact } from '../../src/simulators/vobiz-contacts.ts'
import type { VobizQuirks } from '../../src/simulators/vobiz-errors.ts'
import { misbehave, vobizHeaders } from './provider-calls.ts'

const rahul = {
  phone_number: '+919876543210',
  name: 'Rahul Sharma',
  tags: ['VIP', 'New Delhi'],
  custom_attributes: { company: 'Acme', age: 40 },
}
const priya = { phone_number: '+919123456789', name: 'Priya Nair' }

describe('the habits of the Vobiz simulator', () => {
  let simulator: ReturnType<typeof createVobizSimulator>
  const call = async (method: string, path: string, sent?: object) => {
    const body = sent === undefined ? null : JSON.stringify(sent)
    const response = await fetch(simulator.baseUrl + path, { method, headers: vobizHeaders, body })
    const text = await response.text()
    return { status: response.status, body: /^[{[n]/.test(text) ? JSON.parse(text) : text }
  }
  const create = async (contact: object = rahul) => (await call('POST', '/contacts', contact)).body as VobizContact
  const found = async (query: string): Promise<string[]> => {
    const { body } = await call('GET', `/contacts?${query}`)
    return body.items.map(({ name }: VobizContact) => name)
  }
  const quirks = (values: Partial<VobizQuirks>) => misbehave(simulator, { quirks: values })
  const held = () => simulator.contacts()

  beforeEach(async () => {
    simulator = createVobizSimulator()
    await simulator.listen()
  })
  afterEach(() => simulator.close())

  it.each([
    ['as-quirk', 409, 'Rahul Sharma'],
    ['kept-200', 200, 'Rahul Sharma'],
    ['kept-201', 201, 'Rahul Sharma'],
    ['stamps-reset-200', 200, 'Other'],
    ['stamps-reset-201', 201, 'Other'],
    ['refused-400', 400, 'Rahul Sharma'],
    ['refused-422', 422, 'Rahul Sharma'],
    ['refused-500', 500, 'Rahul Sharma'],
  ] as const)('somebody who is there already: %s', async (existing, status, name) => {
    const { id } = await create()
    await call('PUT', `/contacts/${id}`, { tags: ['later'] })
    await quirks({ existing })
    const answer = await call('POST', '/contacts', { ...rahul, name: 'Other' })
    expect(answer.status).toBe(status)
    if (status < 400) expect(answer.body).toMatchObject({ id, name })
    else expect(answer.body.error.code).toBe('DUPLICATE_CONTACT')
    expect(held()).toMatchObject([{ id, name }])
    const { created_at, updated_at } = held()[0] as VobizContact
    expect(created_at === updated_at).toBe(existing.startsWith('stamps-reset'))
  })

  it('a new contact was updated a little after it was created', async () => {
    await quirks({ updatedAfterMs: 1 })
    const { created_at, updated_at } = await create()
    expect(Date.parse(updated_at) - Date.parse(created_at)).toBe(1)
  })

  it.each([
    ['kept', ['VIP', 'New Delhi']],
    ['lower', ['vip', 'new delhi']],
    ['upper', ['VIP', 'NEW DELHI']],
    ['slug', ['vip', 'new-delhi']],
  ] as const)('the case of tags: %s', async (tagCase, tags) => {
    await quirks({ tagCase })
    const { id } = await create()
    expect(held()[0]?.tags).toEqual(tags)
    expect((await call('PUT', `/contacts/${id}`, { tags: ['VIP', 'New Delhi'] })).body.tags).toEqual(tags)
  })

  it.each([
    ['plus', '+919876543210'],
    ['digits', '919876543210'],
    ['spaced', '+919 876 543 210'],
    ['dashed', '+919-876-543-210'],
    ['double-zero', '00919876543210'],
    ['national', '0876543210'],
  ] as const)('numbers are kept and shown and searched for in this form: %s', async (numberForm, phone_number) => {
    await quirks({ numberForm })
    const { id, ...shown } = await create()
    expect(shown.phone_number).toBe(phone_number)
    expect((await call('GET', `/contacts/${id}`)).body.phone_number).toBe(phone_number)
    expect((await call('GET', '/contacts')).body.items).toMatchObject([{ phone_number }])
    expect(await found(`search=${encodeURIComponent(phone_number)}`)).toEqual(['Rahul Sharma'])
    const byPlus = await found(`search=${encodeURIComponent(rahul.phone_number)}`)
    expect(byPlus).toEqual(numberForm === 'plus' ? ['Rahul Sharma'] : [])
  })

  it.each([
    ['uuid', '00000000-0000-4000-8000-000000000001'],
    ['integer', '1000001'],
    ['number', 1_000_001],
    ['ulid', '01JDQ0Z8V7M3N5000000000001'],
    ['prefixed', 'c_000000000001'],
    ['hex', '65f1c0ffee00000000000001'],
    ['dotted', 'MA.contact~000000000001'],
    ['long', expect.stringMatching(/^contact-0{111}1$/)],
  ] as const)('ids of another form are found again: %s', async (idForm, id) => {
    await quirks({ idForm })
    const created = await create()
    expect(created.id).toEqual(id)
    expect((await call('GET', `/contacts/${created.id}`)).body).toMatchObject({ id: created.id, name: rahul.name })
    expect((await call('PUT', `/contacts/${created.id}`, { name: 'X' })).status).toBe(200)
    expect((await call('DELETE', `/contacts/${created.id}`)).status).toBe(204)
  })

  it('a new contact is not found by the first lists and searches', async () => {
    await quirks({ searchLagCalls: 2 })
    await create()
    const look = () => found('search=Rahul')
    expect([await look(), await look(), await look()]).toEqual([[], [], ['Rahul Sharma']])
    expect((await call('GET', '/contacts')).body).toMatchObject({ total: 1 })
  })

  it('a new contact is not found for a while, but read by its id', async () => {
    await quirks({ searchLagMs: 600_000 })
    const { id } = await create()
    expect(await found('search=Rahul')).toEqual([])
    expect((await call('GET', `/contacts/${id}`)).status).toBe(200)
    await quirks({})
    expect(await found('search=Rahul')).toEqual(['Rahul Sharma'])
  })

  it.each([
    ['as-quirk', true, true, true, true],
    ['without-plus', false, true, true, false],
    ['twice-decoded', false, true, true, false],
    ['names', false, false, true, false],
    ['numbers', true, true, false, true],
    ['nobody', false, false, false, false],
    ['everybody', true, true, true, true],
  ] as const)('a search: %s', async (searchFinds, ...expected) => {
    await create()
    await quirks({ searchFinds })
    const searches = ['%2B919876543210', '919876543210', 'rahul', '%2B9198765']
    const results = await Promise.all(searches.map((search) => found(`search=${search}`)))
    expect(results.map((names) => names.length > 0)).toEqual(expected)
    expect(await found('search=nobody-has-this')).toEqual(searchFinds === 'everybody' ? ['Rahul Sharma'] : [])
  })

  it('a query that is encoded twice is found by a proxy that decodes twice', async () => {
    await create()
    await quirks({ searchFinds: 'twice-decoded' })
    expect(await found('search=%252B919876543210')).toEqual(['Rahul Sharma'])
  })

  it.each([
    ['exact', [], ['Rahul Sharma'], []],
    ['ignored', ['Priya Nair', 'Rahul Sharma'], ['Priya Nair', 'Rahul Sharma'], ['Priya Nair', 'Rahul Sharma']],
    ['any-case', ['Rahul Sharma'], ['Rahul Sharma'], []],
    ['beginning', ['Rahul Sharma'], ['Rahul Sharma'], ['Rahul Sharma']],
  ] as const)('what tag= does: %s', async (tagFilter, lower, own, part) => {
    await create()
    await create(priya)
    await quirks({ tagFilter })
    expect([await found('tag=vip'), await found('tag=VIP'), await found('tag=VI')]).toEqual([lower, own, part])
  })

  it.each([
    ['empty', 200, []],
    ['404', 404, undefined],
    ['404-page', 404, undefined],
    ['400', 400, undefined],
    ['last', 200, ['Rahul Sharma']],
    ['first', 200, ['Priya Nair']],
  ] as const)('a page after the last: %s', async (pastEnd, status, names) => {
    await create()
    await create(priya)
    await quirks({ pastEnd })
    expect(await found('limit=1&page=2')).toEqual(['Rahul Sharma'])
    const answer = await call('GET', '/contacts?limit=1&page=3')
    expect(answer.status).toBe(status)
    if (names !== undefined) expect(answer.body.items.map(({ name }: VobizContact) => name)).toEqual(names)
  })

  it.each([
    ['empty', 200, { items: [], total: 0 }],
    ['204', 204, ''],
    ['404', 404, { error: { code: 'CONTACT_NOT_FOUND' } }],
    ['404-page', 404, expect.stringContaining('<h1>404 Not Found</h1>')],
    ['null', 200, { items: null, total: 0 }],
  ] as const)('a list or search that finds nobody: %s', async (nobodyFound, status, body) => {
    await create()
    await quirks({ nobodyFound })
    const answer = await call('GET', '/contacts?search=Priya')
    expect(answer.status).toBe(status)
    if (typeof body === 'object' && 'asymmetricMatch' in body === false) expect(answer.body).toMatchObject(body)
    else expect(answer.body).toEqual(body)
    expect(await found('search=Rahul')).toEqual(['Rahul Sharma'])
  })

  it.each([
    ['partial', { name: 'New', tags: rahul.tags }, { name: 'New', tags: rahul.tags }],
    ['whole', { name: 'New', tags: [], custom_attributes: {} }, { name: 'New', tags: [], custom_attributes: {} }],
    ['skipped', { status: 'skipped' }, rahul],
    ['invalid', { status: 'invalid' }, rahul],
    ['kept', rahul, rahul],
    ['answered-only', { ...rahul, name: 'New' }, rahul],
  ] as const)('an update: %s', async (update, shown, kept) => {
    const { id } = await create()
    await quirks({ update })
    const answer = await call('PUT', `/contacts/${id}`, { name: 'New' })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject(shown)
    expect(held()).toMatchObject([kept])
    expect(simulator.requests().at(-1)?.applied).toBe(update === 'partial' || update === 'whole')
  })

  it('an update adds tags to those that are there', async () => {
    const { id } = await create()
    await quirks({ update: 'tags-added' })
    expect((await call('PUT', `/contacts/${id}`, { tags: ['x'] })).body.tags).toEqual(['VIP', 'New Delhi', 'x'])
  })

  it.each([
    ['as-sent', rahul],
    ['other-number', { ...rahul, phone_number: '+919876543211' }],
    ['other-name', { ...rahul, name: 'Unknown contact' }],
    ['short-name', { ...rahul, name: 'Rahul Sharma' }],
    ['without-name', { ...rahul, name: '' }],
    ['without-tags', { ...rahul, tags: [] }],
    ['first-tag', { ...rahul, tags: ['VIP'] }],
    ['without-attributes', { ...rahul, custom_attributes: {} }],
    ['first-attribute-lost', { ...rahul, custom_attributes: { age: 40 } }],
    ['attributes-as-texts', { ...rahul, custom_attributes: { company: 'Acme', age: '40' } }],
  ] as const)('what is kept of the fields that were sent: %s', async (stores, kept) => {
    await quirks({ stores })
    const { status, body } = await call('POST', '/contacts', rahul)
    expect(status).toBe(201)
    expect(body).toMatchObject(kept)
    expect(body.custom_attributes).toEqual(kept.custom_attributes)
    expect(held()).toMatchObject([kept])
  })

  it('a long name is cut', async () => {
    await quirks({ stores: 'short-name' })
    expect((await create({ ...priya, name: 'P'.repeat(50) })).name).toBe('P'.repeat(20))
  })

  it.each([
    ['happens', 204, 0],
    ['answered-only', 204, 1],
    ['page-404', 404, 1],
    ['router-404', 404, 1],
    ['empty-404', 404, 1],
    ['text-404', 404, 1],
  ] as const)('a deletion: %s', async (deletion, status, total) => {
    const { id } = await create()
    await quirks({ deletion })
    const answer = await call('DELETE', `/contacts/${id}`)
    expect(answer.status).toBe(status)
    expect(JSON.stringify(answer.body)).not.toContain('CONTACT_NOT_FOUND')
    expect(simulator.counts().total).toBe(total)
    expect(simulator.requests().at(-1)?.applied).toBe(total === 0)
  })

  it.each([
    ['404', 404, { error: { code: 'CONTACT_NOT_FOUND' } }],
    ['400', 400, { error: { code: 'CONTACT_NOT_FOUND' } }],
    ['410', 410, { error: { code: 'CONTACT_NOT_FOUND' } }],
    ['404-router', 404, { message: 'no Route matched with those values' }],
    ['404-page', 404, undefined],
    ['404-empty', 404, undefined],
    ['404-text', 404, undefined],
    ['200-null', 200, null],
    ['200-empty', 200, {}],
    ['204', 204, undefined],
  ] as const)('an id that is not there: %s', async (notThere, status, body) => {
    await quirks({ notThere })
    for (const [method, sent] of [['GET'], ['DELETE'], ['PUT', { name: 'X' }]] as const) {
      const answer = await call(method, '/contacts/00000000-0000-4000-8000-000000000009', sent)
      expect(answer.status).toBe(status)
      if (body === null) expect(answer.body).toBeNull()
      else if (body !== undefined) expect(answer.body).toMatchObject(body)
      else expect(answer.body).toEqual(expect.any(String))
    }
    expect(simulator.requests().every(({ applied }) => !applied)).toBe(true)
  })

  it('of two slow updates one loses, and two slow creates of one number make two contacts', async () => {
    const { id } = await create()
    await quirks({ writeDelayMs: 1_000 })
    await Promise.all([
      call('PUT', `/contacts/${id}`, { name: 'New' }),
      call('PUT', `/contacts/${id}`, { tags: ['new'] }),
      create(priya),
      create(priya),
    ])
    const { name, tags } = held()[0] as VobizContact
    expect([name === 'New', tags.includes('new')].sort()).toEqual([false, true])
    expect(held().map(({ phone_number }) => phone_number)).toEqual([
      rahul.phone_number,
      priya.phone_number,
      priya.phone_number,
    ])
  })
})

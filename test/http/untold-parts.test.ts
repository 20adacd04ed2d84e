import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { documented, id } from '../providers/vobiz-example.ts'
import { type Asked, type OddProvider, type Said, startOddProvider } from '../support/odd-provider.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

/**
 * Answers that do not tell all of a contact, or tell of another one. What is written back is what was read: what was not
 * told must not be taken for what is not there.
 */
let provider: OddProvider
let gateway: TestGateway
let answer: (asked: Asked) => Said
let written: unknown[]
beforeAll(async () => {
  provider = await startOddProvider((asked) => {
    if (asked.method === 'PUT') written.push(JSON.parse(asked.body))
    return answer(asked)
  })
  const account = { baseUrl: provider.url, retries: 0, settleAfterMs: 0 }
  gateway = await startGateway({ accounts: { 'vobiz-in': account, 'octopush-fr': account } })
})
afterAll(async () => {
  await gateway.close()
  await provider.close()
})
beforeEach(() => {
  written = []
})

const { phone_number: phone, name } = documented
const duplicate = { status: 409, body: { error: { code: 'DUPLICATE_CONTACT', message: 'It is there' } } }
const page = (item: object) => ({ body: { items: [item], total: 1, page: 1, limit: 100, has_more: false } })

/** A provider that has the contact, and shows it so in a search, and so by its id. */
function shows(inSearch: object, alone: object) {
  answer = ({ method, path }) => {
    if (method === 'POST') return duplicate
    if (method === 'PUT') return { body: { ...documented, ...(written.at(-1) as object) } }
    return path === '/contacts' ? page(inSearch) : { body: alone }
  }
}

const without = (...members: string[]) =>
  Object.fromEntries(Object.entries(documented).filter(([member]) => !members.includes(member)))

async function addToList() {
  const body = { contacts: [{ name, phone }] }
  const { results } = (await gateway.call('POST', '/lists/whatsapp/contacts', { body })).body
  return results[0].outcomes[0]
}

test.each([[without('tags')], [{ ...documented, tags: ['vip', {}] }], [{ ...documented, tags: null }]])(
  'tags that a search does not show whole (%j) are asked for, and stay',
  async (inSearch) => {
    shows(inSearch, documented)
    expect(await addToList()).toMatchObject({ status: 'updated', warnings: [] })
    expect(written).toEqual([{ name, tags: ['whatsapp', 'vip'] }])
  },
)

test('tags that are shown nowhere may be replaced, which is said', async () => {
  shows(without('tags'), without('tags'))
  const { status, warnings } = await addToList()
  expect([status, warnings]).toEqual(['updated', [expect.objectContaining({ code: 'tags_may_be_replaced' })]])
})

test('tags that nobody can read are not written over', async () => {
  const odd = { ...documented, tags: [{}] }
  shows(odd, odd)
  expect(await addToList()).toMatchObject({ status: 'failed', error: { code: 'provider_unreadable' } })
  expect(written).toEqual([])
})

const at = `/contacts/${encodeURIComponent(`vobiz-in:${id}`)}`

test.each([{}, { status: 'error' }])('who was shown just now is not said to be gone by a 404 of %j', async (body) => {
  answer = ({ method }) => (method === 'PUT' ? { status: 404, body } : { body: documented })
  const patched = await gateway.call('PATCH', at, { body: { name: 'New' } })
  expect([patched.status, patched.body.code]).toEqual([504, 'outcome-unknown'])
  shows(documented, documented)
  const showing = answer
  answer = (asked) => (asked.method === 'PUT' ? { status: 404, body } : showing(asked))
  expect(await addToList()).toMatchObject({ status: 'unknown' })
})

test('attributes that a change writes over unseen are warned of', async () => {
  answer = ({ method }) => ({
    body: method === 'PUT' ? { ...documented, ...(written.at(-1) as object) } : without('custom_attributes'),
  })
  const { status, body } = await gateway.call('PATCH', at, { body: { attributes: { plan: 'new' } } })
  const warning = expect.objectContaining({ code: 'tags_may_be_replaced', pointer: '#/attributes' })
  expect([status, body.warnings, written]).toEqual([200, [warning], [{ custom_attributes: { plan: 'new' } }]])
})

test('who is shown without tags is not said to be off a list', async () => {
  shows(documented, without('tags'))
  const { status, body } = await gateway.call('DELETE', `/lists/whatsapp${at}`)
  expect([status, body.code, written]).toEqual([502, 'provider-unreadable', []])
})

test('a create that is answered with somebody else names nobody of that kind', async () => {
  const jane = { ...documented, id: 'c-2', name: 'Jane Planted', phone_number: '+33612345678' }
  answer = ({ method }) => (method === 'POST' ? { status: 201, body: jane } : { status: 500 })
  const { text } = await gateway.call('POST', '/lists/whatsapp/contacts', { body: { contacts: [{ name, phone }] } })
  expect(text).toContain('"unknown"')
  expect(text).not.toMatch(/c-2|Planted|33612345678/)
})

test('who was there for long, and was not written since, is not said to be created', async () => {
  answer = ({ method }) => (method === 'POST' ? { status: 500 } : page({ ...documented, tags: ['whatsapp'] }))
  expect(await addToList()).toMatchObject({ status: 'updated' })
})

test('whom a search shows without stamps was made by the lost call, or was there: that is not said', async () => {
  const shown = { ...without('created_at'), tags: ['whatsapp'] }
  answer = ({ method }) => (method === 'POST' ? { status: 500 } : page(shown))
  expect(await addToList()).toMatchObject({ status: 'accepted' })
})

test('whom a lost create made is not said to be skipped, since a search does not show all of her', async () => {
  const now = new Date().toISOString()
  const made = { ...documented, tags: ['whatsapp', 'vip'], created_at: now, updated_at: now }
  const { tags: _, ...shown } = made
  answer = ({ method, path }) => {
    if (method === 'POST') return { cut: 'before' }
    return path === '/contacts' ? page(shown) : { body: made }
  }
  const body = { contacts: [{ name, phone, tags: ['vip'] }], onConflict: 'skip' }
  const added = await gateway.call('POST', '/lists/whatsapp/contacts', { body })
  expect(added.body.summary.outcomes).toEqual({ created: 1 })
})

test('a repeat under the same key that only failed to read says nothing of what the first try did', async () => {
  const headers = { 'idempotency-key': 'untold-parts-removal' }
  shows(documented, { ...documented, tags: ['whatsapp'] })
  const reads = answer
  answer = (asked) => (asked.method === 'PUT' ? { cut: 'before' } : reads(asked))
  const first = await gateway.call('DELETE', `/lists/whatsapp${at}`, { headers })
  answer = () => ({ status: 500 })
  const second = await gateway.call('DELETE', `/lists/whatsapp${at}`, { headers })
  expect([first.body.code, second.body.code]).toEqual(['outcome-unknown', 'outcome-unknown'])
})

test('a contact that may have been left as it was is not shown as it was sent', async () => {
  answer = ({ path }) =>
    path.endsWith('create')
      ? { status: 201, body: { items: [{ phone_number: phone, status: 'ok' }] } }
      : { status: 500 }
  const body = { name, phone, onConflict: 'skip' }
  const created = await gateway.call('POST', '/contacts?account=octopush-fr', { body })
  expect(created.body).toMatchObject({ status: 'accepted', contact: { phone } })
  expect(created.body.contact.name).toBeUndefined()
})

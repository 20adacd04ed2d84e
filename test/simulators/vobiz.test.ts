import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createVobizSimulator, defaultVobizCredentials } from '../../src/simulators/vobiz.ts'
import type { VobizContact } from '../../src/simulators/vobiz-contacts.ts'
import { misbehave, send, vobizHeaders, vobizKeyPair } from './provider-calls.ts'

const rahul = {
  phone_number: '+919876543210',
  name: 'Rahul Sharma',
  tags: ['vip'],
  custom_attributes: { company: 'Acme' },
}
const priya = { phone_number: '+919123456789', name: 'Priya Nair' }
const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
const refusal = (code: string, details?: unknown) => ({
  status: 'error',
  error: { code, message: expect.any(String), ...(details === undefined ? {} : { details }) },
  timestamp,
  requestId: expect.stringMatching(/^req_[0-9a-f]{12}$/),
})

describe('the Vobiz simulator does what is known of Vobiz', () => {
  let simulator: ReturnType<typeof createVobizSimulator>
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = vobizHeaders) => {
    const answer = await send(simulator.baseUrl + path, method, headers, body)
    return { status: answer.status, body: answer.body }
  }
  const create = async (contact: object): Promise<VobizContact> => {
    const { status, body } = await call('POST', '/contacts', contact)
    expect(status).toBe(201)
    return body as VobizContact
  }
  const found = async (query: string): Promise<string[]> => {
    const { body } = await call('GET', `/contacts?${query}`)
    return (body as { items: VobizContact[] }).items.map(({ name }) => name)
  }
  const quirks = (values: Record<string, unknown>) => misbehave(simulator, { quirks: values })

  beforeEach(async () => {
    simulator = createVobizSimulator()
    await simulator.listen()
  })
  afterEach(() => simulator.close())

  describe('create', () => {
    it('answers 201 with the contact object, without last_active_at', async () => {
      expect(await call('POST', '/contacts', rahul)).toEqual({
        status: 201,
        body: {
          id: uuid,
          account_id: defaultVobizCredentials.authId,
          ...rahul,
          created_at: timestamp,
          updated_at: timestamp,
        },
      })
    })

    it('needs only phone_number and name, and ignores fields that it does not know', async () => {
      const contact = await create({ ...priya, email: 'p@example.com', id: 'mine' })
      expect(contact).toMatchObject({ ...priya, id: uuid, tags: [], custom_attributes: {} })
      expect(contact).not.toHaveProperty('email')
    })

    it.each([
      [{ name: 'A' }, 'phone_number', 'REQUIRED'],
      [{ phone_number: '+919876543210' }, 'name', 'REQUIRED'],
      [{ ...rahul, phone_number: '919876543210' }, 'phone_number', 'INVALID_FORMAT'],
      [{ ...rahul, phone_number: '+12345' }, 'phone_number', 'INVALID_FORMAT'],
      [{ ...rahul, phone_number: '+1234567890123456' }, 'phone_number', 'INVALID_FORMAT'],
      [{ ...rahul, phone_number: 919876543210 }, 'phone_number', 'INVALID_FORMAT'],
      [{ ...rahul, name: '' }, 'name', 'MIN_LENGTH'],
      [{ ...rahul, name: 5 }, 'name', 'INVALID_FORMAT'],
      [{ ...rahul, tags: 'vip' }, 'tags', 'INVALID_FORMAT'],
      [{ ...rahul, tags: [1] }, 'tags', 'INVALID_FORMAT'],
      [{ ...rahul, custom_attributes: [] }, 'custom_attributes', 'INVALID_FORMAT'],
      [{ ...rahul, custom_attributes: { email: 'a@invalid.example' } }, 'custom_attributes.email', 'INVALID_FORMAT'],
    ])('answers 422 for %j', async (body, field, code) => {
      const errors = [expect.objectContaining({ field, code, message: expect.any(String) })]
      expect(await call('POST', '/contacts', body)).toEqual({
        status: 422,
        body: refusal('VALIDATION_ERROR', { errors }),
      })
      expect(simulator.counts().total).toBe(0)
    })

    it('names all bad fields at once', async () => {
      const { body } = await call('POST', '/contacts', { tags: 1 })
      const { errors } = (body as { error: { details: { errors: { field: string }[] } } }).error.details
      expect(errors.map(({ field }) => field)).toEqual(['phone_number', 'name', 'tags'])
    })

    it('answers 400 in place of 422 when told so', async () => {
      await quirks({ validationStatus: 400 })
      expect((await call('POST', '/contacts', {})).status).toBe(400)
    })

    it('answers 409 for a number that exists', async () => {
      await create(rahul)
      const answer = await call('POST', '/contacts', { ...rahul, name: 'Other' })
      expect(answer).toEqual({ status: 409, body: refusal('DUPLICATE_CONTACT', { phone_number: rahul.phone_number }) })
      expect(simulator.contacts()).toMatchObject([{ name: 'Rahul Sharma' }])
    })

    it.each([200, 201] as const)('updates a number that exists in silence with %i when told so', async (status) => {
      const before = await create(rahul)
      await quirks({ duplicateCreate: `updated-${status}` })
      const answer = await call('POST', '/contacts', { ...priya, phone_number: rahul.phone_number })
      expect(answer).toMatchObject({
        status,
        body: { id: before.id, name: 'Priya Nair', created_at: before.created_at },
      })
      expect((answer.body as VobizContact).updated_at > before.updated_at).toBe(true)
      expect(simulator.counts().total).toBe(1)
    })

    it.each([
      ['no JSON', '{', vobizHeaders],
      ['an array', [rahul], vobizHeaders],
      ['another Content-Type', rahul, { ...vobizKeyPair, 'content-type': 'text/plain' }],
    ])('answers 400 for %s', async (_name, body, headers) => {
      expect(await call('POST', '/contacts', body, headers)).toEqual({ status: 400, body: refusal('BAD_REQUEST') })
    })
  })

  it('holds and shows every number as it was written', async () => {
    const numbers =
      '"a":9007199254740993,"b":1e400,"c":-0,"d":1.0,"e":[0.10,{"f":123456789012345678901234567890}],"g":5'
    const contact = `{"phone_number":"+919876543210","name":"R","custom_attributes":{${numbers}}}`
    const text = async (method: string, url: string, body?: string) => {
      const response = await fetch(url, { method, headers: vobizHeaders, ...(body !== undefined && { body }) })
      return response.text()
    }
    const { baseUrl, url } = simulator
    const created = await text('POST', `${baseUrl}/contacts`, contact)
    expect(created).toContain(`"custom_attributes":{${numbers}}`)
    await quirks({ attributesUpdate: 'merged' })
    const path = `${baseUrl}/contacts/${(JSON.parse(created) as VobizContact).id}`
    const merged = `"custom_attributes":{${numbers},"h":2.50}`
    expect(await text('PUT', path, '{"custom_attributes":{"h":2.50}}')).toContain(merged)
    for (const shown of [path, `${baseUrl}/contacts`, `${url}/_sim/contacts`])
      expect(await text('GET', shown)).toContain(merged)
    expect(await text('GET', `${url}/_sim/requests`)).toContain(`"body":${contact}`)
    expect(JSON.stringify(simulator.contacts())).toContain(merged)
  })

  describe('get, update and delete', () => {
    it('shows one contact', async () => {
      const contact = await create(rahul)
      expect(await call('GET', `/contacts/${contact.id}`)).toEqual({ status: 200, body: contact })
    })

    it.each([{ name: 'Rahul S.' }, { tags: ['new', 'new', 'vip'] }, { custom_attributes: { city: 'Pune' } }])(
      'changes only what is sent: %j',
      async (change) => {
        const contact = await create(rahul)
        const { status, body } = await call('PUT', `/contacts/${contact.id}`, change)
        const changed = change.tags === undefined ? change : { tags: ['new', 'vip'] }
        expect({ status, body }).toEqual({ status: 200, body: { ...contact, ...changed, updated_at: timestamp } })
        expect((body as VobizContact).updated_at > contact.updated_at).toBe(true)
        expect((await call('GET', `/contacts/${contact.id}`)).body).toEqual(body)
      },
    )

    it('shows an update in updated_at even within the same millisecond', async () => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-01T10:00:00Z') })
      const contact = await create(rahul)
      const { body } = await call('PUT', `/contacts/${contact.id}`, { name: 'N' })
      vi.useRealTimers()
      expect([contact.updated_at, (body as VobizContact).updated_at]).toEqual([
        '2026-03-01T10:00:00.000Z',
        '2026-03-01T10:00:00.001Z',
      ])
    })

    it('merges attributes when told so', async () => {
      const { id } = await create(rahul)
      await quirks({ attributesUpdate: 'merged' })
      const { body } = await call('PUT', `/contacts/${id}`, { custom_attributes: { city: 'Pune' } })
      expect(body).toHaveProperty('custom_attributes', { company: 'Acme', city: 'Pune' })
    })

    it('does not change the phone number', async () => {
      const { id } = await create(rahul)
      const { status, body } = await call('PUT', `/contacts/${id}`, { phone_number: priya.phone_number, name: 'N' })
      expect({ status, body }).toMatchObject({ status: 200, body: { phone_number: rahul.phone_number, name: 'N' } })
    })

    it('takes an empty update as nothing, or refuses it when told so', async () => {
      const contact = await create(rahul)
      expect(await call('PUT', `/contacts/${contact.id}`, {})).toEqual({ status: 200, body: contact })
      await quirks({ emptyUpdate: 'refused' })
      expect((await call('PUT', `/contacts/${contact.id}`, {})).status).toBe(400)
    })

    it.each([{ name: '' }, { tags: {} }, { custom_attributes: { mail: 'a@invalid.example' } }])(
      'answers 422 for the update %j',
      async (change) => {
        const contact = await create(rahul)
        expect((await call('PUT', `/contacts/${contact.id}`, change)).status).toBe(422)
        expect((await call('GET', `/contacts/${contact.id}`)).body).toEqual(contact)
      },
    )

    it('deletes for good with an empty 204, and frees the number', async () => {
      const { id } = await create(rahul)
      expect(await call('DELETE', `/contacts/${id}`)).toEqual({ status: 204, body: undefined })
      expect(await call('DELETE', `/contacts/${id}`)).toEqual({ status: 404, body: refusal('CONTACT_NOT_FOUND') })
      expect((await create(rahul)).id).not.toBe(id)
    })

    it.each([
      ['GET', undefined],
      ['PUT', { name: 'A' }],
      ['DELETE', undefined],
    ])('answers 404 to %s of an id that is not there', async (method, body) => {
      for (const id of ['9b8a7c6d-5e4f-4a3b-2c1d-0e9f8a7b6c5d', 'no-uuid'])
        expect(await call(method, `/contacts/${id}`, body)).toEqual({ status: 404, body: refusal('CONTACT_NOT_FOUND') })
    })
  })

  describe('list', () => {
    it('answers in the documented form', async () => {
      const contact = await create(rahul)
      const body = { items: [contact], total: 1, page: 1, limit: 25, has_more: false }
      expect(await call('GET', '/contacts')).toEqual({ status: 200, body })
    })

    it('answers in the old form when told so', async () => {
      const contact = await create(rahul)
      await quirks({ listShape: 'old' })
      expect((await call('GET', '/contacts')).body).toEqual({ data: [contact], meta: { total: 1, page: 1, limit: 25 } })
    })

    it('pages, newest first, and says whether there is more', async () => {
      for (let index = 1; index <= 5; index++) await create({ phone_number: `+91987654321${index}`, name: `N${index}` })
      expect(await found('limit=2')).toEqual(['N5', 'N4'])
      expect(await found('limit=2&page=3')).toEqual(['N1'])
      const pages = await Promise.all([1, 2, 3, 4].map((page) => call('GET', `/contacts?limit=2&page=${page}`)))
      expect(pages.map(({ body }) => body)).toMatchObject([
        { total: 5, page: 1, limit: 2, has_more: true },
        { page: 2, has_more: true },
        { page: 3, has_more: false },
        { items: [], total: 5, page: 4, has_more: false },
      ])
      expect((await call('GET', '/contacts?limit=5')).body).toMatchObject({ total: 5, has_more: false })
    })

    it.each([
      ['limit=500', 1, 100],
      ['limit=0&page=0', 1, 1],
      ['limit=-3&page=-1', 1, 1],
    ])('clamps %s, or refuses it when told so', async (query, page, limit) => {
      expect((await call('GET', `/contacts?${query}`)).body).toMatchObject({ page, limit })
      await quirks({ outOfRange: 'refused' })
      expect((await call('GET', `/contacts?${query}`)).status).toBe(400)
    })

    it.each(['page=x', 'limit=1.5', 'limit='])('refuses %s', async (query) => {
      expect((await call('GET', `/contacts?${query}`)).status).toBe(400)
    })

    it.each([
      ['sharma', ['Rahul Sharma']],
      ['A', ['Priya Nair', 'Rahul Sharma']],
      ['%2B919876543210', ['Rahul Sharma']],
      ['%2B91987654', ['Rahul Sharma']],
      ['%2B91', ['Priya Nair', 'Rahul Sharma']],
      ['543210', ['Rahul Sharma']],
      ['%2B9198765432100', []],
      ['nobody', []],
      ['', ['Priya Nair', 'Rahul Sharma']],
    ])('searches names and numbers for "%s"', async (search, names) => {
      await create(rahul)
      await create(priya)
      expect(await found(`search=${search}`)).toEqual(names)
    })

    it('takes a + that is not encoded for a space', async () => {
      await create(rahul)
      expect(await found('search=+919876543210')).toEqual([])
    })

    it('finds longer numbers that contain the one searched for, and names with a number in them', async () => {
      await create({ phone_number: '+91987654321', name: 'Short' })
      await create({ phone_number: '+919876543210', name: 'Long' })
      await create({ phone_number: '+4915112345678', name: 'Was +91987654321' })
      expect(await found('search=%2B91987654321')).toEqual(['Was +91987654321', 'Long', 'Short'])
      await quirks({ search: 'exact' })
      expect(await found('search=%2B91987654321')).toEqual(['Short'])
      expect(await found('search=long')).toEqual(['Long'])
    })

    it('filters by a whole tag, also after tags have changed', async () => {
      const { id } = await create(rahul)
      await create({ ...priya, tags: ['vip', 'vip2'] })
      expect(await found('tag=vip')).toEqual(['Priya Nair', 'Rahul Sharma'])
      expect(await found('tag=vip&search=rahul')).toEqual(['Rahul Sharma'])
      await call('PUT', `/contacts/${id}`, { tags: ['vip2'] })
      expect(await found('tag=vip')).toEqual(['Priya Nair'])
      expect(await found('tag=vip2')).toEqual(['Priya Nair', 'Rahul Sharma'])
      await call('DELETE', `/contacts/${id}`)
      expect(await found('tag=vip2')).toEqual(['Priya Nair'])
      expect(await found('tag=VIP')).toEqual([])
    })

    it('adds fields that no document knows when told so', async () => {
      await create(rahul)
      await quirks({ extraFields: true })
      const { body } = await call('GET', '/contacts')
      expect((body as { items: object[] }).items[0]).toHaveProperty('lifecycle_stage')
    })
  })

  describe('credentials', () => {
    const bearer = { authorization: `Bearer ${defaultVobizCredentials.jwt}` }
    const me = (headers: Record<string, string>) => send(`${simulator.url}/api/v1/auth/me`, 'GET', headers)

    it('are the header pair, or a JWT in place of it', async () => {
      expect((await call('GET', '/contacts', undefined, vobizKeyPair)).status).toBe(200)
      expect((await call('GET', '/contacts', undefined, bearer)).status).toBe(200)
      expect(await me(vobizKeyPair)).toMatchObject({ status: 200, body: { auth_id: defaultVobizCredentials.authId } })
    })

    it.each([
      ['none', {}],
      ['only the id', { 'x-auth-id': defaultVobizCredentials.authId }],
      ['a wrong token', { ...vobizKeyPair, 'x-auth-token': 'wrong' }],
      ['a wrong id', { ...vobizKeyPair, 'x-auth-id': 'MA_OTHER' }],
      ['a wrong JWT', { authorization: 'Bearer a.b.c' }],
    ])('that are %s are refused everywhere', async (_name, headers) => {
      const refused = { status: 401, body: refusal('INVALID_CREDENTIALS') }
      for (const [method, path] of [
        ['GET', '/contacts'],
        ['POST', '/contacts'],
        ['GET', '/contacts/x'],
        ['PUT', '/contacts/x'],
        ['DELETE', '/contacts/x'],
        ['POST', '/contacts/import'],
      ] as const)
        expect(await call(method, path, undefined, headers as Record<string, string>)).toEqual(refused)
      expect(await me(headers as Record<string, string>)).toMatchObject(refused)
    })

    it('expire when told so, the pair excepted', async () => {
      await quirks({ tokenExpired: true })
      expect(await call('GET', '/contacts', undefined, bearer)).toEqual({ status: 401, body: refusal('TOKEN_EXPIRED') })
      expect((await call('GET', '/contacts')).status).toBe(200)
    })
  })

  it.each([
    ['/api/v1/messaging/Contacts', 401],
    ['/API/v1/messaging/contacts', 401],
    ['/v1/messaging/contacts', 404],
    ['/api/v1/messaging/campaigns', 404],
    ['/api/v1/messaging/contacts/', 404],
  ])('answers %s with %i', async (path, status) => {
    expect((await send(simulator.url + path, 'GET', vobizHeaders)).status).toBe(status)
  })

  it.each([
    ['documented', refusal('CONTACT_NOT_FOUND')],
    ['short', { status: 'error', error: { code: 'CONTACT_NOT_FOUND', message: 'Contact not found' } }],
    ['live', { error: { code: 'contact_not_found', message: 'Contact not found' } }],
    ['error-text', { error: 'Contact not found', api_id: expect.any(String) }],
    ['status-message', { status: 'error', message: 'Contact not found' }],
    ['message', { message: 'Contact not found' }],
    ['unavailable', { status: 'unavailable' }],
  ])('writes its errors in the form "%s"', async (errorShape, body) => {
    await quirks({ errorShape })
    expect(await call('GET', '/contacts/x')).toEqual({ status: 404, body })
  })

  it('gives the details of a 429 that are documented', async () => {
    await misbehave(simulator, { rateLimit: {} })
    const details = {
      limitType: expect.any(String),
      limit: expect.any(Number),
      current: expect.any(Number),
      retryAfter: expect.any(Number),
    }
    expect(await call('GET', '/contacts')).toEqual({ status: 429, body: refusal('RATE_LIMIT_EXCEEDED', details) })
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createOblicSimulator, sampleOblicList } from '../../src/simulators/oblic.ts'
import { misbehave, oblicAddPath, oblicHeaders, send } from './provider-calls.ts'

const john = { name: 'John Doe', email: 'user@example.com', phone: '911234567890', whatsApp: '911234567890' }
const jane = { name: 'Jane Smith', email: 'jane@example.com', phone: '919876543210', whatsApp: '919876543210' }
const success = { status: 'success', data: null, errors: null }
const failure = (cd: string, message: unknown = expect.any(String)) => ({
  status: 'error',
  data: null,
  errors: [{ cd, message }],
})
const invalidEmail = failure('INVALID_EMAIL', 'Invalid email address provided')

describe('the Oblic simulator does what is known of Oblic', () => {
  let simulator: ReturnType<typeof createOblicSimulator>
  const add = (body: unknown, headers: Record<string, string> = oblicHeaders, path = oblicAddPath) =>
    send(simulator.baseUrl + path, 'POST', headers, body)
  const emails = () => simulator.contacts().map(({ email }) => email)

  beforeEach(async () => {
    simulator = createOblicSimulator({ lists: ['another-list'] })
    await simulator.listen()
  })
  afterEach(() => simulator.close())

  it('answers the documented request with the documented success', async () => {
    const { status, body } = await add([john, jane])
    expect({ status, body }).toEqual({ status: 200, body: success })
    expect(simulator.contacts()).toEqual([
      { listId: sampleOblicList, ...john, sends: 1 },
      { listId: sampleOblicList, ...jane, sends: 1 },
    ])
  })

  it('takes a contact with only name and e-mail', async () => {
    expect((await add([{ name: 'J', email: 'j@example.com' }])).status).toBe(200)
    expect(simulator.contacts()).toEqual([{ listId: sampleOblicList, name: 'J', email: 'j@example.com', sends: 1 }])
  })

  it('updates by e-mail, in any case of its letters, and counts the sends', async () => {
    await add([john])
    await add([{ ...john, name: 'Johnny', email: 'User@Example.com' }, jane])
    expect(simulator.contacts()).toMatchObject([
      { name: 'Johnny', sends: 2 },
      { name: 'Jane Smith', sends: 1 },
    ])
    expect(simulator.counts()).toEqual({ total: 2, sends: 3 })
  })

  it('keeps the same e-mail in two lists apart', async () => {
    await add([john])
    await add([john], oblicHeaders, '/external/contact-list/v1/another-list/add')
    expect(simulator.contacts().map(({ listId, sends }) => [listId, sends])).toEqual([
      [sampleOblicList, 1],
      ['another-list', 1],
    ])
  })

  it.each([
    ['no key', { 'content-type': 'application/json' }],
    ['a wrong key', { ...oblicHeaders, authorization: 'Bearer wrong' }],
    ['a key without Bearer', { ...oblicHeaders, authorization: 'oblic-sandbox-key' }],
  ])('refuses %s with 401', async (_name, headers) => {
    const { status, body } = await add([john], headers)
    expect({ status, body }).toEqual({ status: 401, body: failure('NOT_AUTHENTICATED', 'User not found') })
    expect(emails()).toEqual([])
  })

  it.each([403, 401] as const)('refuses a caller who is not whitelisted with %i, valid key or not', async (status) => {
    await misbehave(simulator, { quirks: { ipNotWhitelisted: status } })
    const refused = await add([john])
    expect(refused.status).toBe(status)
    expect(refused.body).toEqual(failure('IP_NOT_WHITELISTED'))
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    'insists on Content-Type: application/json, not %s',
    async (contentType) => {
      const { status, body } = await add([john], { ...oblicHeaders, 'content-type': contentType })
      expect({ status, body }).toEqual({ status: 400, body: failure('INVALID_REQUEST') })
      expect(emails()).toEqual([])
    },
  )

  it('accepts a charset in the Content-Type', async () => {
    const { status } = await add([john], { ...oblicHeaders, 'content-type': 'application/json; charset=utf-8' })
    expect(status).toBe(200)
  })

  it.each([404, 400] as const)('answers %i RESOURCE_NOT_FOUND for an unknown list', async (status) => {
    await misbehave(simulator, { quirks: { unknownListStatus: status } })
    const refused = await add([john], oblicHeaders, '/external/contact-list/v1/no-such-list/add')
    expect(refused.status).toBe(status)
    expect(refused.body).toEqual(failure('RESOURCE_NOT_FOUND'))
  })

  it('answers 404 in its own form for any other path or method', async () => {
    expect(await send(`${simulator.url}/external/contacts`, 'GET', oblicHeaders)).toMatchObject({
      status: 404,
      body: failure('RESOURCE_NOT_FOUND'),
    })
    expect((await send(simulator.url + oblicAddPath, 'PUT', oblicHeaders, [john])).status).toBe(404)
    expect((await add([john], oblicHeaders, oblicAddPath.toUpperCase())).status).toBe(404)
  })

  it.each([
    ['no array', john],
    ['a wrapper object', { contacts: [john] }],
    ['an empty array', []],
    ['no JSON', '[{'],
    ['a member that is no object', ['x']],
    ['no name', [{ email: 'j@example.com' }]],
    ['an empty name', [{ name: ' ', email: 'j@example.com' }]],
    ['a phone with +', [{ ...john, phone: '+911234567890' }]],
    ['a numeric phone', [{ ...john, phone: 911234567890 }]],
    ['a WhatsApp number with spaces', [{ ...john, whatsApp: '91 12345 67890' }]],
    ['a field that is not documented', [{ ...john, tags: ['vip'] }]],
  ])('refuses %s with 400 INVALID_REQUEST', async (_name, body) => {
    const refused = await add(body)
    expect({ status: refused.status, body: refused.body }).toEqual({ status: 400, body: failure('INVALID_REQUEST') })
    expect(emails()).toEqual([])
  })

  it.each([
    undefined,
    null,
    '',
    'user',
    'user@',
    '@example.com',
    'user@localhost',
    'a b@example.com',
    'a@b@example.com',
    7,
  ])('refuses the e-mail %j with 400 INVALID_EMAIL', async (email) => {
    const { status, body } = await add([{ name: 'J', email }])
    expect({ status, body }).toEqual({ status: 400, body: invalidEmail })
  })

  it.each(['someone@invalid.example', 'SOMEONE@Invalid.Example'])('refuses the magic e-mail %s', async (email) => {
    const { status, body } = await add([{ name: 'J', email }])
    expect({ status, body }).toEqual({ status: 400, body: invalidEmail })
  })

  it('refuses a whole batch for one bad contact and stores none of it', async () => {
    const { status, body } = await add([john, { name: 'B', email: 'bad' }, jane])
    expect({ status, body }).toEqual({ status: 400, body: invalidEmail })
    expect(emails()).toEqual([])
    expect(simulator.requests()).toMatchObject([{ applied: false }])
  })

  it('names each bad contact of a batch with an error of its own', async () => {
    const { body } = await add([{ name: 'A', email: 'bad' }, john, { name: 'B', email: 'worse' }])
    expect(body).toEqual({ ...invalidEmail, errors: [...invalidEmail.errors, ...invalidEmail.errors] })
  })

  it('stores the good ones before the bad one when it is told to be not atomic', async () => {
    await misbehave(simulator, { quirks: { atomic: false } })
    const { status, body } = await add([john, { name: 'B', email: 'bad' }, jane])
    expect({ status, body }).toEqual({ status: 400, body: invalidEmail })
    expect(emails()).toEqual([john.email])
    expect(simulator.requests()).toMatchObject([{ applied: true }])
  })

  it('ignores unknown fields when told so', async () => {
    await misbehave(simulator, { quirks: { unknownMembers: 'ignored' } })
    expect((await add([{ ...john, tags: ['vip'] }])).status).toBe(200)
  })

  it('answers 500 in the documented envelope, and 200 with an error in it', async () => {
    await misbehave(simulator, { rules: [{ status: 500, times: 1 }, { status: 200 }] })
    expect((await add([john])).body).toEqual(failure('INTERNAL_ERROR'))
    expect(await add([john])).toMatchObject({ status: 200, body: { status: 'error' } })
  })
})

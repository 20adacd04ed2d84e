import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sharedStores } from '../support/shared-stores.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let nextNumber = 100_000
/** A number that no other test has. */
const freshPhone = () => `+336${String(nextNumber++).padStart(8, '0')}`
const idempotencyKey = () => ({ 'idempotency-key': randomUUID() })

const clients = {
  crm: { scopes: ['suppressions:read', 'suppressions:write', 'admin'] },
  blind: { scopes: ['suppressions:write'] },
  reader: { scopes: ['suppressions:read'] },
  other: { scopes: ['contacts:write', 'contacts:read', 'imports'] },
  small: { scopes: ['suppressions:read', 'suppressions:write'] },
}

describe.each(sharedStores)('the suppression list in %s', (_name, open) => {
  let gateway: TestGateway
  let second: TestGateway
  let folder: string
  let auditLog: string
  const closers: (() => Promise<void>)[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gateway-suppressions-'))
    auditLog = join(folder, 'audit.log')
    const { redisUrl } = await open((close) => closers.push(close))
    const store = redisUrl === undefined ? { DATA_DIR: join(folder, 'data') } : { REDIS_URL: redisUrl }
    const changes = { clients, limits: { suppressionsPerDay: 400 } }
    gateway = await startGateway({ ...changes, env: { ...store, AUDIT_LOG: auditLog } })
    second = await startGateway({ ...changes, env: store }, gateway.simulators)
  })
  afterAll(async () => {
    await second.close()
    await gateway.close()
    for (const close of closers) await close()
    rmSync(folder, { recursive: true, force: true })
  })

  const add = (suppressions: readonly object[], options: { key?: string; headers?: Record<string, string> } = {}) =>
    gateway.call('POST', '/suppressions', { body: { suppressions }, ...options })
  const search = async (address: object, at = gateway) => {
    const { status, body } = await at.call('POST', '/suppressions/search', { body: address })
    expect(status).toBe(200)
    return body.items
  }

  test('an entry is answered with its id, and found at every replica, in every form of the address, without the address', async () => {
    const phone = '+5215512345678'
    const before = Date.now()
    const { status, body, headers } = await add([
      {
        phone,
        reason: 'opt_out',
        source: 'preference centre',
        note: 'said "stop"',
        saidAt: '2026-11-30T10:00:00+01:00',
      },
      { email: 'Jáne@MÜNCHEN.example', reason: 'complaint', channels: ['email'] },
    ])
    expect(status).toBe(207)
    expect(headers.get('x-items-failed')).toBe('0')
    const [{ id }, second_] = body.results
    expect(body).toEqual({
      summary: { suppressions: 2, statuses: { created: 2 } },
      results: [
        { index: 0, status: 'created', id: expect.stringMatching(/^[\w-]{22}$/) },
        { index: 1, status: 'created', id: second_.id },
      ],
    })
    const [entry, ...others] = await search({ phone: '+52 55 1234 5678' }, second)
    expect(others).toEqual([])
    expect(entry).toEqual({
      id,
      kind: 'phone',
      hint: '+52••••78',
      channels: ['*'],
      reason: 'opt_out',
      source: 'preference centre',
      note: 'said "stop"',
      saidAt: '2026-11-30T09:00:00.000Z',
      createdAt: entry.createdAt,
      updatedAt: entry.createdAt,
      createdBy: 'crm',
    })
    expect(Math.abs(Date.parse(entry.createdAt) - before)).toBeLessThan(60_000)
    expect(await search({ email: 'ja\u0301ne@xn--mnchen-3ya.EXAMPLE' }, second)).toMatchObject([
      { id: second_.id, hint: 'j••••@x••••.example', channels: ['email'], source: 'api' },
    ])
    expect((await second.call('GET', `/suppressions/${id}`)).body).toEqual(entry)
    expect(await search({ phone: freshPhone() })).toEqual([])
  })

  test('channels are those of the person, or for a bounce those of the address', async () => {
    const [person, bounced] = [freshPhone(), freshPhone()]
    const email = `${randomUUID()}@example.com`
    await add([
      { phone: person, reason: 'manual' },
      { phone: bounced, reason: 'bounce' },
      { email, reason: 'bounce' },
    ])
    expect((await search({ phone: person }))[0].channels).toEqual(['*'])
    expect((await search({ phone: bounced }))[0].channels).toEqual(['sms', 'whatsapp'])
    expect((await search({ email }))[0].channels).toEqual(['email'])
  })

  test('the same address again unites: channels are never narrowed, and the strongest reason counts with what was said of it', async () => {
    const phone = freshPhone()
    const said = (entry: object) => add([{ phone, ...entry }]).then(({ body }) => body.results[0].status)
    expect(await said({ reason: 'bounce', channels: ['sms'], source: 'first' })).toBe('created')
    expect(await said({ reason: 'bounce', channels: ['sms'], source: 'again' })).toBe('unchanged')
    expect(await said({ reason: 'manual', channels: ['whatsapp'], source: 'weaker' })).toBe('updated')
    const [united] = await search({ phone })
    expect(united).toMatchObject({ channels: ['sms', 'whatsapp'], reason: 'bounce', source: 'first' })
    expect(await said({ reason: 'complaint', channels: ['sms'], source: 'stronger', note: 'angry' })).toBe('updated')
    const [stronger] = await search({ phone })
    expect(stronger).toMatchObject({
      channels: ['sms', 'whatsapp'],
      reason: 'complaint',
      source: 'stronger',
      note: 'angry',
      createdAt: united.createdAt,
    })
    expect(await said({ reason: 'opt_out' })).toBe('updated')
    expect((await search({ phone }))[0]).toMatchObject({ channels: ['*'], reason: 'complaint' })
  })

  test('one request may say the same address several times, in several forms', async () => {
    const [old, today] = ['+22507654321', '+2250707654321']
    const { body } = await add([
      { phone: old, reason: 'manual', channels: ['sms'] },
      { phone: today, reason: 'manual', channels: ['whatsapp'] },
      { phone: old, reason: 'manual', channels: ['sms'] },
    ])
    expect(body.results.map(({ status }: { status: string }) => status)).toEqual(['created', 'updated', 'unchanged'])
    expect(new Set(body.results.map(({ id }: { id: string }) => id)).size).toBe(1)
    expect((await search({ phone: today }))[0].channels).toEqual(['sms', 'whatsapp'])
  })

  test('many who say the same at once at two replicas make one entry', async () => {
    const phone = freshPhone()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? gateway : second).call('POST', '/suppressions', {
          body: { suppressions: [{ phone, reason: 'manual', channels: [index % 3 === 0 ? 'sms' : 'whatsapp'] }] },
        }),
      ),
    )
    const statuses = answers.map(({ body }) => body.results[0].status)
    expect(statuses.filter((status) => status === 'created')).toHaveLength(1)
    expect(statuses.filter((status) => status === 'updated')).toHaveLength(1)
    expect((await search({ phone }))[0].channels).toEqual(['sms', 'whatsapp'])
  })

  test('an entry that is wrong is rejected alone, with its place and what to do', async () => {
    const phone = freshPhone()
    const { status, body, headers } = await add([
      { phone, reason: 'opt_out' },
      { phone: 'jane', reason: 'opt_out' },
      { email: 'jane', reason: 'opt_out' },
      { reason: 'opt_out' },
      { phone, email: 'jane@example.com', reason: 'opt_out' },
      { phone, reason: 'opt_out', channels: ['sms', 'email'] },
      { email: 'jane@example.com', reason: 'opt_out', channels: ['whatsapp'] },
      { phone, reason: 'opt_out', source: 'mail of jane@example.com' },
      { phone, reason: 'opt_out', note: 'called from 06 12 34 56 78' },
      { phone, reason: 'opt_out', saidAt: '2999-01-01T00:00:00Z' },
      { phone: '06 12 34 56 78', reason: 'opt_out' },
    ])
    expect(status).toBe(207)
    expect(headers.get('x-items-failed')).toBe('10')
    expect(body.summary).toEqual({ suppressions: 11, statuses: { created: 1, rejected: 10 } })
    const errors = body.results.slice(1).map(({ error }: { error: { code: string; pointer: string } }) => error)
    expect(errors.map(({ code, pointer }: { code: string; pointer: string }) => [code, pointer])).toEqual([
      ['phone_invalid', '#/suppressions/1/phone'],
      ['email_invalid', '#/suppressions/2/email'],
      ['one_address_required', '#/suppressions/3'],
      ['one_address_required', '#/suppressions/4'],
      ['channel_impossible', '#/suppressions/5/channels/1'],
      ['channel_impossible', '#/suppressions/6/channels/0'],
      ['holds_address', '#/suppressions/7/source'],
      ['holds_address', '#/suppressions/8/note'],
      ['time_invalid', '#/suppressions/9/saidAt'],
      ['phone_not_e164', '#/suppressions/10/phone'],
    ])
  })

  test('numbers as they are dialled at home are read with their country, and no number is refused for its range', async () => {
    const { body } = await gateway.call('POST', '/suppressions', {
      body: {
        suppressions: [
          { phone: '06 99 99 01 23', reason: 'opt_out' },
          { phone: '+9991234567', reason: 'opt_out' },
        ],
        defaultCountry: 'FR',
      },
    })
    expect(body.summary.statuses).toEqual({ created: 2 })
    expect(await search({ phone: '+33699990123' })).toHaveLength(1)
    expect(await search({ phone: '+9991234567' })).toHaveLength(1)
  })

  test.each([
    ['the reason of an erasure', { suppressions: [{ phone: '+33612345678', reason: 'erasure' }] }],
    ['no reason', { suppressions: [{ phone: '+33612345678' }] }],
    ['another channel', { suppressions: [{ phone: '+33612345678', reason: 'manual', channels: ['fax'] }] }],
    ['no channel', { suppressions: [{ phone: '+33612345678', reason: 'manual', channels: [] }] }],
    ['a long source', { suppressions: [{ phone: '+33612345678', reason: 'manual', source: 'x'.repeat(129) }] }],
    ['a long note', { suppressions: [{ phone: '+33612345678', reason: 'manual', note: 'x'.repeat(257) }] }],
    ['a time without its zone', { suppressions: [{ phone: '+33612345678', reason: 'manual', saidAt: '2026-11-30' }] }],
    ['no entries', { suppressions: [] }],
    ['too many entries', { suppressions: Array(1_001).fill({ phone: '+33612345678', reason: 'manual' }) }],
    ['an unknown country', { suppressions: [{ phone: '0612345678', reason: 'manual' }], defaultCountry: 'ZZ' }],
  ])('a request with %s is refused as a whole', async (_what, body) => {
    const answer = await gateway.call('POST', '/suppressions', { body })
    expect(answer.status).toBe(422)
    expect(answer.body).toMatchObject({ code: 'validation-failed', errors: [{}] })
  })

  test('a repeat under the same key is answered from memory, and another request under it is refused', async () => {
    const headers = idempotencyKey()
    const phone = freshPhone()
    const first = await add([{ phone, reason: 'opt_out' }], { headers })
    const again = await add([{ phone, reason: 'opt_out' }], { headers })
    expect(first.body.results[0].status).toBe('created')
    expect(again.text).toBe(first.text)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect((await add([{ phone, reason: 'manual' }], { headers })).status).toBe(422)
  })

  test('the list is read from the newest on, by reason, channel and time, page by page', async () => {
    const since = new Date(Date.now() - 1).toISOString()
    await new Promise((resolve) => setTimeout(resolve, 5))
    const phones = Array.from({ length: 5 }, freshPhone)
    for (const [index, phone] of phones.entries())
      await add([{ phone, reason: 'opt_out', channels: [index === 2 ? 'whatsapp' : 'sms'], source: `nr ${index}` }])
    await add([{ phone: freshPhone(), reason: 'bounce', source: 'bounced' }])
    const query = `since=${since}&reason=opt_out&limit=2`
    const sources: string[] = []
    let path = `/suppressions?${query}`
    for (;;) {
      const { status, body, headers } = await second.call('GET', path)
      expect(status).toBe(200)
      sources.push(...body.items.map(({ source }: { source: string }) => source))
      if (body.nextCursor === null) break
      path = `/suppressions?${query}&cursor=${body.nextCursor}`
      expect(headers.get('link')).toContain(`cursor=${body.nextCursor}`)
    }
    expect(sources).toEqual(['nr 4', 'nr 3', 'nr 2', 'nr 1', 'nr 0'])
    const ofChannel = await gateway.call('GET', `/suppressions?since=${since}&channel=whatsapp`)
    expect(ofChannel.body.items.map(({ source }: { source: string }) => source)).toEqual(['bounced', 'nr 2'])
    const none = await gateway.call('GET', `/suppressions?since=${since}&until=${since}`)
    expect(none.body).toEqual({ items: [], nextCursor: null })
    const tampered = await gateway.call('GET', `/suppressions?cursor=${'A'.repeat(60)}`)
    expect(tampered.body).toMatchObject({ status: 400, code: 'invalid-cursor' })
    const foreign = await gateway.call('GET', `/suppressions?${query}&cursor=x`, { key: gateway.key('reader') })
    expect(foreign.status).toBe(400)
  })

  test('an admin takes an entry off the list with a reason, once, and a repeat under the same key is the same answer', async () => {
    const phone = freshPhone()
    const { id } = (await add([{ phone, reason: 'opt_out' }])).body.results[0]
    const path = `/suppressions/${id}`
    expect((await gateway.call('DELETE', path)).status).toBe(422)
    expect((await gateway.call('DELETE', `${path}?reason=`)).status).toBe(422)
    expect((await gateway.call('DELETE', `${path}?reason=${'x'.repeat(257)}`)).status).toBe(422)
    const withAddress = await gateway.call('DELETE', `${path}?reason=asked%20by%20jane%40example.com`)
    expect(withAddress.body).toMatchObject({
      status: 422,
      errors: [{ pointer: '#/query/reason', code: 'holds_address' }],
    })
    expect(await search({ phone })).toHaveLength(1)
    const headers = idempotencyKey()
    const removed = await gateway.call('DELETE', `${path}?reason=asked%20for%20it`, { headers })
    expect([removed.status, removed.text]).toEqual([204, ''])
    expect(await search({ phone }, second)).toEqual([])
    expect((await gateway.call('GET', path)).status).toBe(404)
    expect((await gateway.call('DELETE', `${path}?reason=asked%20for%20it`, { headers })).status).toBe(204)
    expect((await gateway.call('DELETE', `${path}?reason=asked%20for%20it`)).status).toBe(404)
    expect((await add([{ phone, reason: 'opt_out' }])).body.results[0]).toMatchObject({ status: 'created', id })
  })

  test.each([
    ['reader', 'POST', '/suppressions', { suppressions: [{ phone: '+33612345678', reason: 'manual' }] }],
    ['reader', 'DELETE', '/suppressions/x?reason=y', undefined],
    ['small', 'DELETE', '/suppressions/x?reason=y', undefined],
    ['blind', 'POST', '/suppressions/search', { phone: '+33612345678' }],
    ['blind', 'GET', '/suppressions', undefined],
    ['blind', 'GET', '/suppressions/x', undefined],
    ['other', 'POST', '/suppressions', { suppressions: [{ phone: '+33612345678', reason: 'manual' }] }],
    ['other', 'GET', '/suppressions', undefined],
  ])('%s may not %s %s', async (client, method, path, body) => {
    const answer = await gateway.call(method, path, { body, key: gateway.key(client) })
    expect(answer.body).toMatchObject({ status: 403, code: 'scope-missing' })
  })

  test('a client that may not read the list hears the same of known and unknown addresses', async () => {
    const [known, unknown] = [freshPhone(), freshPhone()]
    await add([{ phone: known, reason: 'complaint' }])
    const key = gateway.key('blind')
    const [first, second_] = [
      await add([{ phone: known, reason: 'manual' }], { key }),
      await add([{ phone: unknown, reason: 'manual' }], { key }),
    ]
    const plain = (answer: typeof first) => answer.text.replace(/"id":"[\w-]{22}"/, '"id":"…"')
    expect(plain(first)).toBe(plain(second_))
    expect(first.body.summary).toEqual({ suppressions: 1, statuses: { accepted: 1 } })
    expect(first.body.results[0].id).toBe((await search({ phone: known }))[0].id)
    expect((await search({ phone: known }))[0]).toMatchObject({ reason: 'complaint', createdBy: 'crm' })
    // What it may write on a day is used up by either.
    for (let written = 2; written < 400; written += 199)
      await add(Array(199).fill({ phone: known, reason: 'manual' }), { key })
    expect((await add([{ phone: known, reason: 'manual' }], { key })).status).toBe(429)
    expect((await add([{ phone: unknown, reason: 'manual' }], { key })).status).toBe(429)
  })

  test('new entries beyond the limit of a day are refused with nothing written; what is known already is not counted', async () => {
    const key = gateway.key('small')
    const phones = Array.from({ length: 400 }, freshPhone)
    const entries = phones.map((phone) => ({ phone, reason: 'manual' }))
    const first = await add(entries, { key })
    expect(first.body.summary.statuses).toEqual({ created: 400 })
    const phone = freshPhone()
    const refused = await add(
      [
        { phone: phones[0], reason: 'opt_out' },
        { phone, reason: 'manual' },
      ],
      { key },
    )
    expect(refused.body).toMatchObject({ status: 429, code: 'too-many-suppressions', retriable: true })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await search({ phone })).toEqual([])
    expect((await search({ phone: phones[0] }))[0].reason).toBe('manual')
    expect((await add(entries, { key })).body.summary.statuses).toEqual({ unchanged: 400 })
    expect((await add([{ phone, reason: 'manual' }])).body.summary.statuses).toEqual({ created: 1 })
  })

  test('a search takes one address', async () => {
    for (const body of [{}, { phone: 'jane' }, { phone: '+33612345678', email: 'jane@example.com' }, { name: 'x' }]) {
      const answer = await gateway.call('POST', '/suppressions/search', { body })
      expect(answer.body).toMatchObject({ status: 422, code: 'validation-failed', errors: [{}] })
    }
  })

  test('the audit has all that was said, and who took it back and why, and no address; neither has the log', async () => {
    const [phone, email] = [freshPhone(), `${randomUUID()}@example.com`]
    const { results } = (
      await add([
        { phone, reason: 'opt_out', source: 'first', note: 'a note' },
        { phone, reason: 'manual', source: 'weaker' },
        { email, reason: 'opt_out' },
        { email: 'none', reason: 'opt_out' },
      ])
    ).body
    const [{ id }] = results
    await gateway.call('DELETE', `/suppressions/${id}?reason=asked%20for%20it`)
    const events = () =>
      readFileSync(auditLog, 'utf8')
        .split('\n')
        .filter((line) => line.includes(id))
        .map((line) => JSON.parse(line))
    await expect.poll(() => events().length).toBe(2)
    const [added, removed] = events()
    expect(added).toMatchObject({
      action: 'suppressions.add',
      client: 'crm',
      status: 207,
      suppressions: [
        { id, status: 'created', channels: ['*'], reason: 'opt_out', source: 'first', note: 'a note' },
        { id, status: 'unchanged', reason: 'manual', source: 'weaker' },
        { id: results[2].id, status: 'created' },
      ],
    })
    expect(removed).toMatchObject({
      action: 'suppression.remove',
      client: 'crm',
      status: 204,
      suppressions: [{ id, status: 'removed', takenBackFor: 'asked for it' }],
    })
    for (const text of [readFileSync(auditLog, 'utf8'), gateway.logged()]) {
      expect(text).not.toContain(phone.slice(1))
      expect(text).not.toContain(email)
    }
  })

  test('the metrics tell how long the list is, and what became of entries', async () => {
    const read = async (name: string) => {
      const { text } = await gateway.call('GET', '/metrics', { key: null })
      return Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.slice(name.length),
      )
    }
    const created = 'contact_gateway_suppression_changes_total{change="created",reason="manual"}'
    const [length, changes] = [await read('contact_gateway_suppressions'), await read(created)]
    await add([freshPhone(), freshPhone()].map((phone) => ({ phone, reason: 'manual' })))
    // An answer is given out for a moment.
    await expect.poll(() => read('contact_gateway_suppressions')).toBe(length + 2)
    expect(await read(created)).toBe(changes + 2)
  })
})

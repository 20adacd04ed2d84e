import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { freshKey } from '../support/contact-source.ts'
import { startGateway } from '../support/start-gateway.ts'
import { withImportStores } from '../support/with-import-stores.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** Mexico: one phone, two numbers. */
const forms = ['+525512345678', '+5215512345678'] as const
const other = '+525587654321'
const email = 'xaviera.quackenbush@example.com'
const person = { phone: forms[0], email }

withImportStores(
  'An erasure, with %s',
  { per: 'test', changes: { accounts: { 'vobiz-in': { retries: 0, breaker: { minimumCalls: 100_000 } } } } },
  (gateway) => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    })
    afterEach(() => {
      vi.useRealTimers()
    })
    const erase = (body: object, path = '/erasures') =>
      gateway.call('POST', path, { body, headers: { 'idempotency-key': freshKey() } })
    const read = async (id: string) => (await gateway.call('GET', `/erasures/${id}`)).body
    const statuses = (body: { accounts: { account: string; status: string }[] }) =>
      Object.fromEntries(body.accounts.map(({ account, status }) => [account, status]))
    const later = (ms: number) => vi.setSystemTime(Date.now() + ms)
    const until = (id: string, is: (body: Awaited<ReturnType<typeof read>>) => boolean) =>
      vi.waitFor(
        async () => {
          const body = await read(id)
          if (!is(body)) throw new Error(JSON.stringify(body))
          return body
        },
        { timeout: 15_000, interval: 100 },
      )
    const tried = (times: number) => (body: { accounts: { attempts: number; account: string }[] }) =>
      body.accounts.every(({ account, attempts }) => account === 'oblic-main' || attempts >= times)

    /** Puts somebody into the account at Vobiz, past the gateway. */
    const atVobiz = async (phone: string) => {
      const { vobiz, credentials } = gateway.simulators
      const { authId, authToken } = credentials.vobiz
      const made = await fetch(`${vobiz.baseUrl}/contacts`, {
        method: 'POST',
        headers: { 'X-Auth-ID': authId, 'X-Auth-Token': authToken, 'Content-Type': 'application/json' },
        body: JSON.stringify({ name: 'Xaviera', phone_number: phone }),
      })
      expect(made.status).toBe(201)
    }
    const numbersAt = () => ({
      vobiz: gateway.simulators.vobiz.contacts().map((contact) => contact.phone_number),
      octopush: gateway.simulators.octopush.contacts().map((contact) => contact.phone_number),
    })

    test('deletes a person everywhere, asks once more a minute later, and then forgets who it was', async () => {
      for (const phone of [...forms, other]) await atVobiz(phone)
      const body = { name: 'Xaviera', phone: forms[0] }
      await gateway.call('POST', '/contacts?account=octopush-fr', { body, headers: { 'idempotency-key': freshKey() } })
      const begun = await erase({ ...person, reference: 'case 7' })
      expect(begun.status).toBe(202)
      const { id } = begun.body
      expect(begun.headers.get('location')).toBe(`/erasures/${id}`)
      expect(begun.text).not.toContain(email)
      expect(begun.body).toMatchObject({ hints: ['+52••••78', 'x••••@e••••.com'], reference: 'case 7' })
      const asked = await until(id, tried(1))
      expect(statuses(asked)).toEqual({ 'oblic-main': 'by_hand', 'octopush-fr': 'pending', 'vobiz-in': 'pending' })
      expect(asked).toMatchObject({ status: 'needs_person', addresses: person })
      expect(numbersAt()).toEqual({ vobiz: [other], octopush: [] })
      later(minuteMs)
      const deleted = await until(id, (shown) => tried(2)(shown) && shown.gateway.status === 'done')
      expect(statuses(deleted)).toEqual({ 'oblic-main': 'by_hand', 'octopush-fr': 'deleted', 'vobiz-in': 'deleted' })
      const done = await gateway.call('POST', `/erasures/${id}/accounts/oblic-main/done`, { body: { by: 'A. Durand' } })
      expect(done.status).toBe(200)
      expect(done.body).toMatchObject({ status: 'completed', finishedAt: expect.any(String) })
      expect(done.body).not.toHaveProperty('addresses')
      expect(done.body.accounts[0]).toMatchObject({ status: 'done_by_hand', by: 'A. Durand' })
    })

    test('says not_found where a provider can be asked and has nobody, and by_hand where it cannot', async () => {
      const { body } = await erase({ phone: other })
      await until(body.id, tried(1))
      later(minuteMs)
      const found = statuses(await until(body.id, tried(2)))
      expect(found['vobiz-in']).toBe('not_found')
      const alone = (await erase({ email })).body
      expect(statuses(alone)).toEqual({ 'oblic-main': 'by_hand', 'octopush-fr': 'by_hand', 'vobiz-in': 'by_hand' })
      for (const { detail } of alone.accounts) expect(detail).toMatch(/delete/i)
    })

    test('validateOnly says who would be asked, and keeps nothing', async () => {
      const { status, body } = await erase(person, '/erasures?validateOnly=true')
      expect(status).toBe(200)
      expect(statuses(body)).toEqual({ 'oblic-main': 'by_hand', 'octopush-fr': 'pending', 'vobiz-in': 'pending' })
      expect((await gateway.call('GET', '/erasures')).body.items).toEqual([])
    })

    test('an open one of the same addresses, in any form, is answered again', async () => {
      const first = await erase({ phone: forms[0] })
      expect((await erase({ whatsapp: forms[1] })).body.id).toBe(first.body.id)
      expect((await erase({ phone: other })).body.id).not.toBe(first.body.id)
      const list = (await gateway.call('GET', '/erasures?limit=1')).body
      expect(list.items).toHaveLength(1)
      const cursor = encodeURIComponent(list.nextCursor)
      const rest = (await gateway.call('GET', `/erasures?limit=1&cursor=${cursor}`)).body
      expect(rest.items[0].id).not.toBe(list.items[0].id)
      expect((await gateway.call('GET', '/erasures?status=completed')).body.items).toEqual([])
      expect((await gateway.call('GET', '/erasures?account=vobiz-in')).body.items).toHaveLength(2)
    })

    test('refuses what would keep the address, and what is none', async () => {
      const texts = await erase({ ...person, reference: `about ${email.toUpperCase()}` })
      expect(texts.status).toBe(422)
      expect(texts.body.errors).toMatchObject([{ pointer: '#/reference', code: 'holds_address' }])
      expect((await erase({ reference: 'nobody' })).status).toBe(422)
      expect((await erase({ phone: '12' })).status).toBe(422)
      expect((await erase({ phone: other, receivedAt: '2999-01-01T00:00:00Z' })).status).toBe(422)
      const { body } = await erase({ phone: other, receivedAt: '2026-01-31T10:00:00Z' })
      expect(body.dueAt).toBe('2026-02-28T10:00:00.000Z')
      const path = `/erasures/${body.id}/accounts/oblic-main/done`
      const told = await gateway.call('POST', path, { body: { by: 'me', note: `was ${other}` } })
      expect(told.body.errors).toMatchObject([{ pointer: '#/note', code: 'holds_address' }])
      expect(
        (await gateway.call('POST', `/erasures/${body.id}/accounts/nowhere/done`, { body: { by: 'me' } })).status,
      ).toBe(404)
      expect((await gateway.call('POST', '/erasures/none/retry')).status).toBe(404)
    })

    test('a provider that is down is tried for 72 hours, then given up, and tried again when somebody says so', async () => {
      await atVobiz(forms[1])
      gateway.simulators.vobiz.setBehaviour({ status: 503 })
      const { id } = (await erase({ phone: forms[0] })).body
      const vobizOf = (body: { accounts: { account: string; attempts: number; status: string }[] }) =>
        body.accounts.find(({ account }) => account === 'vobiz-in')
      for (let attempt = 1; attempt <= 4; attempt++) {
        await until(id, (body) => (vobizOf(body)?.attempts ?? 0) >= attempt)
        later(hourMs)
      }
      later(72 * hourMs)
      const given = await until(id, (body) => vobizOf(body)?.status === 'failed')
      expect(given.status).toBe('needs_person')
      gateway.simulators.vobiz.reset()
      await atVobiz(forms[1])
      expect(vobizOf((await gateway.call('POST', `/erasures/${id}/retry`)).body)?.status).toBe('pending')
      await until(id, () => numbersAt().vobiz.length === 0)
      later(hourMs)
      await until(id, (body) => vobizOf(body)?.status === 'deleted')
    })
  },
)

test('a client that may not use every account is refused at the start, where it may erase', async () => {
  const start = () => startGateway({ clients: { dpo: { scopes: ['erasures'], accounts: ['vobiz-in'] } } })
  await expect(start()).rejects.toThrow(/"clients\.dpo\.scopes".*accounts: \[\\"\*\\"\]/)
  const gateway = await startGateway({ clients: { reader: { scopes: ['contacts:read', 'admin'] } } })
  const call = (method: string, path: string) => gateway.call(method, path, { key: gateway.key('reader') })
  for (const [method, path] of [
    ['GET', '/erasures'],
    ['GET', '/erasures/one'],
    ['POST', '/erasures/one/retry'],
  ] as const)
    expect((await call(method, path)).status).toBe(403)
  const { text } = await gateway.call('GET', '/metrics', { key: null })
  expect(text).toContain('contact_gateway_erasures_unfinished{status="needs_person"} 0')
  expect(text).toMatch(/^contact_gateway_erasures_due_seconds \+Inf$/m)
  const begun = await gateway.call('POST', '/erasures', { body: { email }, headers: { 'idempotency-key': freshKey() } })
  expect(begun.text).toContain('needs_person')
  const metrics = async () => (await gateway.call('GET', '/metrics', { key: null })).text
  await expect.poll(metrics).toContain('contact_gateway_erasures_unfinished{status="needs_person"} 1')
  const after = await metrics()
  const left = Number(/^contact_gateway_erasures_due_seconds (\S+)$/m.exec(after)?.[1])
  expect(left).toBeGreaterThan(27 * 86_400)
  await gateway.close()
})

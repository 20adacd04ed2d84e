import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { withImportStores } from '../support/with-import-stores.ts'

const crm = {
  scopes: ['contacts:read', 'contacts:write', 'imports', 'admin', 'suppressions:read', 'suppressions:write'],
}
let serial = 0
const person = () => {
  const number = String(30_000_000 + serial++)
  return { name: `Person ${number}`, email: `r${number}@example.com`, phone: `+336${number}` }
}
/** What one request may be waiting for while somebody is suppressed. */
const changes = {
  clients: { crm },
  accounts: { 'vobiz-in': { maxConcurrency: 1, csvImport: false }, 'oblic-main': { maxConcurrency: 1 } },
}

withImportStores('somebody who is suppressed while a call waits, with %s,', { changes }, (gateway) => {
  const suppress = async (suppression: object) => {
    const body = { suppressions: [{ reason: 'opt_out', ...suppression }] }
    expect((await gateway.call('POST', '/suppressions', { body })).status).toBe(207)
  }
  const create = (body: object, account = 'vobiz-in', headers: Record<string, string> = {}) =>
    gateway.call('POST', `/contacts?account=${account}`, { body, headers })
  const sent = (name: 'oblic' | 'octopush' | 'vobiz', text: string) =>
    gateway.simulators[name]
      .requests()
      .filter(({ method }) => method !== 'GET')
      .filter((request) => JSON.stringify(request).includes(text)).length
  beforeEach(() => {
    for (const simulator of [gateway.simulators.oblic, gateway.simulators.octopush, gateway.simulators.vobiz])
      simulator.reset()
  })

  test('for a place is skipped', async () => {
    const [first, waiting] = [person(), person()]
    gateway.simulators.vobiz.setBehaviour({ latencyMs: 1_500, times: 1 })
    const ahead = create(first)
    await sleep(100)
    const behind = create(waiting)
    await sleep(100)
    await suppress({ phone: waiting.phone })
    expect((await ahead).body.status).toBe('created')
    const { status, body } = await behind
    expect([status, body.status, body.warnings[0].code]).toEqual([200, 'skipped', 'suppressed'])
    expect(sent('vobiz', waiting.phone.slice(1))).toBe(0)
  })

  test('for a retry is skipped where the first attempt was certainly not applied', async () => {
    const one = person()
    gateway.simulators.vobiz.setBehaviour({ rateLimit: { retryAfter: 2 }, times: 1 })
    const creating = create(one, 'vobiz-in', { 'idempotency-key': randomUUID() })
    await expect.poll(() => sent('vobiz', one.phone.slice(1))).toBe(1)
    await suppress({ phone: one.phone, channels: ['whatsapp'] })
    expect((await creating).body).toMatchObject({
      status: 'skipped',
      warnings: [{ code: 'suppressed', pointer: '#/phone' }],
    })
    expect(sent('vobiz', one.phone.slice(1))).toBe(1)
  })

  test('for a retry of a batch is left out, and the others go', async () => {
    const people = [person(), person(), person()]
    gateway.simulators.oblic.setBehaviour({ rateLimit: { retryAfter: 2 }, times: 1 })
    const adding = gateway.call('POST', '/lists/newsletter/contacts', { body: { contacts: people } })
    await expect.poll(() => gateway.simulators.oblic.requestTotal()).toBe(1)
    await suppress({ email: people[1]?.email, channels: ['email'] })
    await suppress({ phone: people[2]?.phone, channels: ['sms'] })
    const { body } = await adding
    // biome-ignore lint/suspicious/noExplicitAny: of an answer.
    const atOblic = body.results.map(({ outcomes }: any) => [
      outcomes[0].status,
      // biome-ignore lint/suspicious/noExplicitAny: of an answer.
      ...outcomes[0].warnings.map(({ code, pointer }: any) => `${code} ${pointer}`),
    ])
    expect(atOblic).toEqual([
      ['accepted'],
      ['skipped', 'suppressed #/contacts/1/email'],
      ['accepted', 'field_suppressed #/contacts/2/phone'],
    ])
    const last = JSON.stringify(gateway.simulators.oblic.requests().at(-1))
    expect(last).toContain(people[0]?.email)
    expect(last).not.toContain(people[1]?.email)
    expect(last).toContain(people[2]?.email)
    expect(last).not.toContain(people[2]?.phone.slice(1))
  })

  test('within a second of the look-up is looked up once, and is sent', async () => {
    const one = person()
    gateway.simulators.vobiz.setBehaviour({ latencyMs: 300, times: 1 })
    const creating = create(one)
    await sleep(100)
    await suppress({ phone: one.phone })
    expect((await creating).body.status).toBe('created')
  })

  test.each([
    ['has got there is told as it is', { statusAfterApplying: 500 }, 'created'],
    ['has not got there is skipped', { status: 500 }, 'skipped'],
  ] as const)('and of whom nobody knows whether a first try %s, and never sent again', async (_what, fault, status) => {
    const one = person()
    const headers = { 'idempotency-key': randomUUID() }
    const add = () => gateway.call('POST', '/lists/whatsapp/contacts', { body: { contacts: [one] }, headers })
    const { vobiz } = gateway.simulators
    vobiz.setBehaviour({
      rules: [
        { match: { method: 'POST' }, ...fault },
        { match: { method: 'GET' }, status: 500 },
      ],
    })
    const [outcome] = (await add()).body.results[0].outcomes
    expect([outcome.status, outcome.error.retriable]).toEqual(['unknown', true])
    vobiz.setBehaviour({})
    const before = sent('vobiz', one.phone.slice(1))
    await suppress({ phone: one.phone })
    const again = await add()
    expect(again.headers.get('idempotency-replayed')).toBe('resumed')
    expect(again.body.results[0].outcomes[0].status).toBe(status)
    expect(sent('vobiz', one.phone.slice(1))).toBe(before)
  })
})

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BatchResult } from '../support/answer-bodies.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
/** An operator who knows that Oblic stores nothing of a batch that it refuses switches the search on. */
beforeEach(async () => {
  gateway = await startGateway({ accounts: { 'oblic-main': { isolateRejected: true } }, lists: oblicList })
})
afterEach(() => gateway.close())

const sample = 'a459be9e-e6e5-11f0-967f-0af3f8fe5ae7'
const oblicList = { oblic: { targets: [{ account: 'oblic-main', list: sample }] } }
/** The gateway finds nothing wrong with these addresses; the simulator refuses those at `invalid.example`. */
const batch = (count: number, bad: readonly number[]) => ({
  contacts: Array.from({ length: count }, (_, i) => ({
    name: `Person ${i}`,
    email: `p${i}@${bad.includes(i) ? 'invalid.example' : 'example.com'}`,
  })),
})
const add = (body: object, own = gateway) => own.call<BatchResult>('POST', '/lists/oblic/contacts', { body })
const statuses = (body: BatchResult) => body.results.map(({ outcomes: [outcome] }) => outcome?.status)
const held = () => new Set(gateway.simulators.oblic.contacts().map(({ email }) => email))

describe('contacts that Oblic alone refuses', () => {
  test('3 in a batch of 200 are rejected and the 197 accepted, within the budget', async () => {
    const bad = [20, 77, 180]
    const { status, headers, body } = await add(batch(200, bad))
    expect([status, headers.get('x-items-failed')]).toEqual([207, '3'])
    expect(body.summary.outcomes).toEqual({ accepted: 197, rejected: 3 })
    for (const index of bad) {
      expect(body.results[index]?.outcomes[0]?.error).toMatchObject({
        code: 'rejected_by_provider',
        retriable: false,
        provider: { status: 400, code: 'INVALID_EMAIL' },
      })
    }
    expect(held().size).toBe(197)
    // Two batches of 100, and the search.
    expect(gateway.simulators.oblic.requestTotal()).toBeLessThanOrEqual(2 + 3 * (2 * Math.log2(200) + 2))
    const sends = gateway.simulators.oblic.contacts().map((contact) => contact.sends)
    expect(Math.max(...sends)).toBe(1)
  })

  test('are too many to find: nothing is claimed that is not known', async () => {
    const bad = Array.from({ length: 60 }, (_, i) => i * 3)
    const { body } = await add(batch(200, bad))
    const all = statuses(body)
    const stored = held()
    expect(gateway.simulators.oblic.requestTotal()).toBeLessThanOrEqual(52)
    expect(new Set(all)).toEqual(new Set(['accepted', 'rejected', 'unknown']))
    for (const [index, status] of all.entries()) {
      const email = `p${index}@example.com`
      if (status === 'accepted') expect(stored).toContain(email)
      if (status === 'rejected') expect(bad).toContain(index)
    }
    const open = body.results[all.indexOf('unknown')]?.outcomes[0]
    expect(open?.error).toMatchObject({ code: 'isolation_budget_exhausted', retriable: true })
  })

  test('leave no lie where Oblic stores the good ones before a bad one', async () => {
    gateway.simulators.oblic.setBehaviour({ quirks: { atomic: false } })
    const bad = Array.from({ length: 60 }, (_, i) => i * 3 + 2)
    const { body } = await add(batch(200, bad))
    const stored = held()
    for (const [index, status] of statuses(body).entries()) {
      if (status === 'failed' || status === 'rejected') expect(stored).not.toContain(`p${index}@example.com`)
    }
  })

  test.each([
    ['is off', { isolateRejected: false }],
    ['is not set: it is not documented that nothing of a refused batch is stored', {}],
  ])('leave the whole batch unknown where isolateRejected %s', async (_what, account) => {
    const own = await startGateway({ accounts: { 'oblic-main': account }, lists: oblicList }, gateway.simulators)
    const { body } = await add(batch(10, [3]), own)
    expect(statuses(body)).toEqual(Array(10).fill('unknown'))
    expect(body.results[3]?.outcomes[0]?.error).toMatchObject({
      code: 'rejected_by_provider',
      retriable: false,
      provider: { code: 'INVALID_EMAIL' },
    })
    expect(gateway.simulators.oblic.requestTotal()).toBe(1)
    await own.close()
  })

  test.each([
    ['a message', { message: 'Invalid email address: p3@invalid.example' }],
    ['details', { details: [{ email: 'p3@invalid.example', message: 'is invalid' }] }],
    ['a list of errors', { errors: [{ cd: 'INVALID_EMAIL', message: 'Bad address P3@INVALID.EXAMPLE.' }] }],
  ])('and are named in %s are rejected alone, without another call', async (_what, body) => {
    const own = await startGateway({ lists: oblicList }, gateway.simulators)
    gateway.simulators.oblic.setBehaviour({
      garbage: { status: 400, text: JSON.stringify({ status: 'error', ...body }), contentType: 'application/json' },
    })
    const answer = await add(batch(10, [3]), own)
    expect(statuses(answer.body)).toEqual(Array.from({ length: 10 }, (_, i) => (i === 3 ? 'rejected' : 'unknown')))
    expect(answer.text).not.toContain('invalid.example')
    expect(gateway.simulators.oblic.requestTotal()).toBe(1)
    await own.close()
  })

  test.each([400, 422, 500, 409, 200])('are found whatever status goes with the code: %i', async (status) => {
    gateway.simulators.oblic.setBehaviour({ quirks: { invalidEmailStatus: status as 400 } })
    const { body } = await add(batch(10, [3]))
    expect(statuses(body)).toEqual(Array.from({ length: 10 }, (_, i) => (i === 3 ? 'rejected' : 'accepted')))
    expect(held().size).toBe(9)
  })

  test.each(['conflict-409', 'conflict-400'] as const)(
    'because it has them already (%s) do not keep the others out',
    async (existing) => {
      await add(batch(1, []))
      gateway.simulators.oblic.setBehaviour({ quirks: { existing } })
      const { body } = await add(batch(6, []))
      expect(statuses(body)).toEqual(['skipped', ...Array(5).fill('accepted')])
      expect(body.results[0]?.outcomes[0]?.warnings).toMatchObject([{ code: 'policy_not_enforced' }])
      const alone = { name: 'Person 0', email: 'p0@example.com' }
      const single = await gateway.call('POST', '/contacts?account=oblic-main', { body: alone })
      expect([single.status, single.body.status]).toEqual([200, 'skipped'])
      const again = await add({ ...batch(4, []), onConflict: 'skip' })
      expect(statuses(again.body)).toEqual(Array(4).fill('skipped'))
    },
  )

  test.each(['success-with-errors', 'rest-stored', 'refused', 'dropped'] as const)(
    'leave no lie where a bad contact is %s',
    async (badContact) => {
      const own = await startGateway({ lists: oblicList }, gateway.simulators)
      gateway.simulators.oblic.setBehaviour({ quirks: { badContact } })
      const { body } = await add(batch(10, [3]), own)
      const stored = held()
      for (const [index, status] of statuses(body).entries())
        if (status === 'failed' || status === 'rejected') expect(stored).not.toContain(`p${index}@example.com`)
      if (badContact !== 'dropped') expect(statuses(body)).not.toContain('accepted')
      expect(gateway.simulators.oblic.requestTotal()).toBe(1)
      await own.close()
    },
  )
})

describe('a refusal that meets all contacts alike', () => {
  test.each([8, 64, 100])('%i of them cost few calls, and nobody is told to be at fault', async (count) => {
    gateway.simulators.oblic.setBehaviour({ quirks: { refuses: 'form' } })
    const { body } = await add(batch(count, []))
    expect(new Set(statuses(body))).toEqual(new Set(['failed']))
    expect(body.results[0]?.outcomes[0]?.error).toMatchObject({ code: 'provider_misaddressed', retriable: false })
    expect(gateway.simulators.oblic.requestTotal()).toBeLessThanOrEqual(11)
    expect(gateway.logged()).toContain('no contact is at fault')
    expect(held().size).toBe(0)
  })

  test('is looked into by three calls in the batches that follow', async () => {
    gateway.simulators.octopush.setBehaviour({ quirks: { refuses: 'form-422' }, match: { operation: 'create' } })
    const contacts = Array.from({ length: 40 }, (_, i) => ({ phone: `+336123456${String(i + 10)}` }))
    const calls = () => gateway.simulators.octopush.requests().filter(({ path }) => path.endsWith('/contact/create'))
    await gateway.call('POST', '/lists/sms/contacts', { body: { contacts } })
    const before = calls().length
    expect(before).toBeLessThanOrEqual(10)
    const { body } = await gateway.call('POST', '/lists/sms/contacts', { body: { contacts } })
    expect(new Set(statuses(body))).toEqual(new Set(['failed']))
    expect(calls().length - before).toBe(4)
  })
})

describe('a refusal that is no fault of a contact', () => {
  test.each([301, 304])('(Octopush code %i) splits nothing', async (code) => {
    gateway.simulators.octopush.setBehaviour({
      garbage: { status: 400, text: JSON.stringify({ code }), contentType: 'application/json' },
      match: { path: '/contact/create' },
    })
    const contacts = ['+33612345678', '+33612345679'].map((phone) => ({ phone }))
    const { body } = await gateway.call('POST', '/lists/sms/contacts', { body: { contacts } })
    expect(statuses(body)).toEqual(['failed', 'failed'])
    expect(body.results[0].outcomes[0].error).toMatchObject({ code: 'provider_limit_reached', retriable: false })
    const creates = gateway.simulators.octopush.requests().filter(({ path }) => path.endsWith('/contact/create'))
    expect(creates).toHaveLength(1)
  })
})

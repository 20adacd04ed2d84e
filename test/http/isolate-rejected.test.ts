import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
beforeEach(async () => {
  gateway = await startGateway({ lists: { oblic: { targets: [{ account: 'oblic-main', list: sample }] } } })
})
afterEach(() => gateway.close())

const sample = 'a459be9e-e6e5-11f0-967f-0af3f8fe5ae7'
/** The gateway finds nothing wrong with these addresses; the simulator refuses those at `invalid.example`. */
const batch = (count: number, bad: readonly number[]) => ({
  contacts: Array.from({ length: count }, (_, i) => ({
    name: `Person ${i}`,
    email: `p${i}@${bad.includes(i) ? 'invalid.example' : 'example.com'}`,
  })),
})
const add = (body: object, own = gateway) => own.call('POST', '/lists/oblic/contacts', { body })
// biome-ignore lint/suspicious/noExplicitAny: an answer
const statuses = (body: any): string[] => body.results.map(({ outcomes: [outcome] }: any) => outcome.status)
const held = () => new Set(gateway.simulators.oblic.contacts().map(({ email }) => email))

describe('contacts that Oblic alone refuses', () => {
  test('3 in a batch of 200 are rejected and the 197 accepted, within the budget', async () => {
    const bad = [20, 77, 180]
    const { status, headers, body } = await add(batch(200, bad))
    expect([status, headers.get('x-items-failed')]).toEqual([207, '3'])
    expect(body.summary.outcomes).toEqual({ accepted: 197, rejected: 3 })
    for (const index of bad) {
      expect(body.results[index].outcomes[0].error).toMatchObject({
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
    const open = body.results[all.indexOf('unknown')].outcomes[0]
    expect(open.error).toMatchObject({ code: 'isolation_budget_exhausted', retriable: true })
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

  test('take the whole batch with them where isolateRejected is off', async () => {
    const own = await startGateway(
      {
        accounts: { 'oblic-main': { isolateRejected: false } },
        lists: { oblic: { targets: [{ account: 'oblic-main', list: sample }] } },
      },
      gateway.simulators,
    )
    const { body } = await add(batch(10, [3]), own)
    expect(new Set(statuses(body)).size).toBe(1)
    expect(statuses(body)).not.toContain('accepted')
    expect(gateway.simulators.oblic.requestTotal()).toBe(1)
    await own.close()
  })
})

describe('a refusal that is no fault of a contact', () => {
  test.each([301, 304, 305])('(Octopush code %i) splits nothing', async (code) => {
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

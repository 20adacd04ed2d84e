import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
let vobizId: string
const octopushId = 'octopush-fr:+919876543210'
beforeEach(async () => {
  const limit = { timeoutMs: 300, retries: 0 }
  gateway = await startGateway({ accounts: { 'octopush-fr': limit, 'vobiz-in': limit } })
  const { body } = await gateway.call('POST', '/lists/newsletter/contacts', {
    body: { contacts: [{ name: 'Jane', phone: '+919876543210', tags: ['vip'] }] },
  })
  vobizId = body.results[0].outcomes[2].id
})
afterEach(() => gateway.close())

const away = (id: string, list = '', headers: Record<string, string> = {}) =>
  gateway.call('DELETE', `${list}/contacts/${encodeURIComponent(id)}`, { headers })
const newsletter = '/lists/newsletter'

describe('a contact that is to be deleted, or taken off a list,', () => {
  test.each([
    ['401', { status: 401 }, 502, 'provider-credentials', false],
    ['429', { rateLimit: {} }, 503, 'provider-busy', true],
    ['400', { status: 400 }, 422, 'contact-rejected', false],
    ['500', { status: 500 }, 504, 'outcome-unknown', true],
    ['HTML', { garbage: {} }, 504, 'outcome-unknown', true],
    ['no answer', { hang: 'before' }, 504, 'outcome-unknown', true],
  ] as const)('meets %s', async (_name, behaviour, status, code, retriable) => {
    const { octopush, vobiz } = gateway.simulators
    octopush.setBehaviour({ ...behaviour, match: { method: 'DELETE' } })
    vobiz.setBehaviour({
      rules: ['DELETE', 'PUT'].map((method) => ({ ...behaviour, match: { method } })),
    })
    for (const [id, list] of [
      [vobizId, newsletter],
      [vobizId, ''],
      [octopushId, newsletter],
      [octopushId, ''],
    ] as const) {
      const { body, ...answer } = await away(id, list)
      expect([id, list, answer.status, body.code, body.retriable]).toEqual([id, list, status, code, retriable])
      expect(body.provider.account).toBe(id.split(':')[0])
    }
  })

  test('cannot be looked at: nothing was changed', async () => {
    gateway.simulators.vobiz.setBehaviour({ status: 500, match: { method: 'GET' } })
    const { status, body } = await away(vobizId, newsletter)
    expect([status, body.code]).toEqual([502, 'provider-unavailable'])
    expect(gateway.simulators.vobiz.contacts()[0]?.tags).toEqual(['newsletter', 'vip'])
  })

  test('is not there: 404 at Vobiz; Octopush does not tell', async () => {
    for (const list of [newsletter, '']) {
      expect((await away('vobiz-in:9b8a7c6d-5e4f-4a3b-2c1d-0e9f8a7b6c5d', list)).status).toBe(404)
      expect((await away('octopush-fr:+33612345678', list)).status).toBe(204)
    }
  })

  test('is in an account that is not of the list, or in a list that is not there', async () => {
    expect((await away(vobizId, '/lists/sms')).status).toBe(404)
    expect((await away(vobizId, '/lists/nothing')).status).toBe(404)
    expect((await away(octopushId, '/lists/sms')).body.code).toBe('not-found')
    expect(gateway.simulators.vobiz.contacts()).toHaveLength(1)
  })
})

describe('a removal without an answer, repeated under its key,', () => {
  test.each([
    ['deletes', '', ['DELETE', 'GET'], []],
    ['takes off the list', newsletter, ['PUT'], [{ tags: ['vip'] }]],
  ] as const)('%s once, and what is gone by then is done', async (_name, list, silent, held) => {
    const key = { 'idempotency-key': 'remove-jane-0000001' }
    const { vobiz } = gateway.simulators
    vobiz.setBehaviour({
      rules: silent.map((method) => ({ hang: 'after' as const, match: { method }, times: 1 })),
    })
    expect((await away(vobizId, list, key)).body.code).toBe('outcome-unknown')
    expect(vobiz.contacts()).toMatchObject(held)
    const second = await away(vobizId, list, key)
    expect([second.status, second.text, second.headers.get('idempotency-replayed')]).toEqual([204, '', 'resumed'])
    const third = await away(vobizId, list, key)
    expect([third.status, third.headers.get('idempotency-replayed')]).toEqual([204, 'true'])
    expect(vobiz.contacts()).toMatchObject(held)
  })
})

describe('a deletion whose answer was lost', () => {
  test('is asked about: what is gone is gone', async () => {
    const { vobiz } = gateway.simulators
    vobiz.setBehaviour({ hang: 'after', match: { method: 'DELETE' } })
    expect((await away(vobizId)).status).toBe(204)
    expect(vobiz.contacts()).toEqual([])
    expect(vobiz.requests().filter(({ method }) => method === 'DELETE')).toHaveLength(1)
  })

  test('and did not reach the provider stays open', async () => {
    const { vobiz } = gateway.simulators
    vobiz.setBehaviour({ hang: 'before', match: { method: 'DELETE' } })
    expect((await away(vobizId)).body).toMatchObject({ code: 'outcome-unknown', retriable: true })
    expect(vobiz.contacts()).toHaveLength(1)
  })
})

describe('a removal that is sent again within one request', () => {
  const patient = { accounts: { 'vobiz-in': { timeoutMs: 300, retries: 2 } } }

  test('is done when the first attempt took the contact away', async () => {
    const own = await startGateway(patient, gateway.simulators)
    gateway.simulators.vobiz.setBehaviour({ hang: 'after', match: { method: 'DELETE' }, times: 1 })
    const { status } = await own.call('DELETE', `/contacts/${encodeURIComponent(vobizId)}`)
    expect([status, gateway.simulators.vobiz.contacts()]).toEqual([204, []])
    expect(gateway.simulators.vobiz.requests().filter(({ method }) => method === 'DELETE')).toHaveLength(2)
    await own.close()
  })

  test('finds nothing when only reading had to be repeated', async () => {
    const own = await startGateway(patient, gateway.simulators)
    gateway.simulators.vobiz.setBehaviour({ hang: 'before', match: { method: 'GET' }, times: 1 })
    const id = encodeURIComponent('vobiz-in:9b8a7c6d-5e4f-4a3b-2c1d-0e9f8a7b6c5d')
    expect((await own.call('DELETE', `${newsletter}/contacts/${id}`)).status).toBe(404)
    await own.close()
  })
})

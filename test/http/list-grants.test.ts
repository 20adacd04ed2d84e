import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

/** A client that holds a list and not all accounts that the list leads to. */
let gateway: TestGateway
const clients = {
  partial: { lists: ['newsletter'], accounts: ['octopush-fr'] },
  'no-account': { lists: ['newsletter'], accounts: [] },
}
beforeAll(async () => {
  gateway = await startGateway({ clients })
})
afterAll(() => gateway?.close())

const members = '/lists/newsletter/contacts'
const jane = { name: 'Jane', email: 'jane@example.com', phone: '+919876543210' }
const partial = () => ({ key: gateway.key('partial') })
const callsToVobiz = () => gateway.simulators.vobiz.requestTotal()

/** What is the same in two refusals of one kind. */
async function refusalOf(method: string, path: string) {
  const { status, body } = await gateway.call(method, path, partial())
  return { status, body: { ...body, instance: undefined } }
}

test('a contact added through a list reaches all its accounts, by the list alone', async () => {
  const added = await gateway.call('POST', members, { ...partial(), body: { contacts: [jane] } })
  expect(added.body.summary.outcomes).toEqual({ accepted: 1, created: 2 })
  expect((await gateway.call('GET', `${members}?account=vobiz-in`)).body.items).toHaveLength(1)
})

describe('at an account that the client may not use', () => {
  test('the members of its list are answered like an account that is not there; the provider is not asked', async () => {
    const before = callsToVobiz()
    const refused = await refusalOf('GET', `${members}?account=vobiz-in`)
    expect(refused).toEqual(await refusalOf('GET', `${members}?account=nobody`))
    expect(refused.status).toBe(404)
    expect(callsToVobiz()).toBe(before)
  })

  test('nobody is chosen where no account is named, and none is named to the client', async () => {
    const answer = await gateway.call('GET', members, partial())
    expect(answer.status).toBe(501)
    expect(answer.text).toContain('octopush-fr')
    expect(answer.text).not.toContain('vobiz-in')
    const without = await gateway.call('GET', members, { key: gateway.key('no-account') })
    expect(without.status).toBe(404)
  })

  test('nobody is taken off its list, and the answer is that for a contact of an account that is not there', async () => {
    const [{ id }] = (await gateway.call('GET', `${members}?account=vobiz-in`)).body.items
    const before = callsToVobiz()
    const refused = await refusalOf('DELETE', `${members}/${encodeURIComponent(id)}`)
    expect(refused).toEqual(await refusalOf('DELETE', `${members}/${encodeURIComponent(id.replace('vobiz-in', 'no'))}`))
    expect(refused.status).toBe(404)
    expect(callsToVobiz()).toBe(before)
    expect((await gateway.call('GET', `${members}?account=vobiz-in`)).body.items).toHaveLength(1)
  })
})

test('at an account that it may use the client takes people off its list', async () => {
  const removed = await gateway.call('DELETE', `${members}/octopush-fr:${encodeURIComponent(jane.phone)}`, partial())
  expect(removed.status).toBe(204)
})

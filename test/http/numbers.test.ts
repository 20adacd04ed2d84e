import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { importWhole, upload } from '../support/import-calls.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

/** Numbers that have their country code and no plus, where that is said: in a body, in options, of a list. */
let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway({
    lists: { abroad: { numbers: 'international', targets: [{ account: 'vobiz-in', tag: 'abroad' }] } },
  })
})
beforeEach(() => gateway.simulators.vobiz.reset())
afterAll(() => gateway.close())

const sent = () => gateway.simulators.vobiz.contacts().map((contact) => contact.phone_number)
const jane = { name: 'Jane', phone: '91 98765 43211' }
const read = '+919876543211'
const invalid = (pointer: string) => ({
  status: 422,
  body: expect.objectContaining({ errors: [expect.objectContaining({ pointer, code: 'beside_default_country' })] }),
})

describe('numbers: "international" is heard', () => {
  test('with one contact', async () => {
    const refused = await gateway.call('POST', '/contacts?account=vobiz-in', { body: jane })
    expect(refused.body.errors[0]).toMatchObject({ code: 'phone_not_e164' })
    const body = { ...jane, numbers: 'international' }
    expect((await gateway.call('POST', '/contacts?account=vobiz-in', { body })).status).toBe(201)
    expect(sent()).toEqual([read])
  })

  test('with a batch, now and later', async () => {
    const body = { contacts: [jane], numbers: 'international' }
    const answer = await gateway.call('POST', '/lists/whatsapp/contacts', { body })
    expect(answer.body.results[0].outcomes[0]).toMatchObject({
      status: 'created',
      warnings: [{ code: 'value_normalized', pointer: '#/contacts/0/phone' }],
    })
    gateway.simulators.vobiz.reset()
    const headers = { prefer: 'respond-async' }
    const started = await gateway.call('POST', '/lists/whatsapp/contacts', { body, headers })
    expect(started.body.options).toMatchObject({ numbers: 'international' })
    await expect.poll(sent).toEqual([read])
  })

  test('with a file', async () => {
    const csv = 'name,phone\nJane,91 98765 43211\nRavi,0612345678\n'
    const done = await importWhole(gateway, { list: 'whatsapp', csv, options: { numbers: 'international' } })
    expect(sent()).toEqual([read])
    expect(done.progress['vobiz-in']).toMatchObject({ created: 1, rejected: 1 })
    const { items } = (await gateway.call('GET', `/imports/${done.id}/errors`)).body
    expect(items).toMatchObject([{ row: 2, column: 'phone', code: 'phone_not_e164' }])
  })

  test('of a list that is configured so, which shows it; what a request says of its numbers counts first', async () => {
    expect((await gateway.call('GET', '/lists/abroad')).body).toMatchObject({ numbers: 'international' })
    expect((await gateway.call('GET', '/lists/whatsapp')).body).not.toHaveProperty('numbers')
    const add = (body: object) => gateway.call('POST', '/lists/abroad/contacts', { body })
    await add({ contacts: [jane] })
    await importWhole(gateway, { list: 'abroad', csv: 'name,phone\nRavi,919876543212\n' })
    expect(sent()).toEqual([read, '+919876543212'])
    await add({ contacts: [{ name: 'Lea', phone: '0612345678' }], defaultCountry: 'FR' })
    expect(sent().at(-1)).toBe('+33612345678')
  })
})

describe('numbers: "international" is refused', () => {
  test('beside a country that they are dialled from, with its place', async () => {
    const both = { numbers: 'international', defaultCountry: 'IN' }
    const one = await gateway.call('POST', '/contacts?account=vobiz-in', { body: { ...jane, ...both } })
    expect(one).toMatchObject(invalid('#/numbers'))
    const many = await gateway.call('POST', '/lists/whatsapp/contacts', { body: { contacts: [jane], ...both } })
    expect(many).toMatchObject(invalid('#/numbers'))
    const file = await upload(gateway, { list: 'whatsapp', csv: 'name,phone\nJane,919876543211\n', options: both })
    expect(file).toMatchObject(invalid('#/options/numbers'))
    expect(sent()).toEqual([])
  })

  test('in another word, which could be a mistake', async () => {
    const body = { contacts: [jane], numbers: 'national' }
    expect((await gateway.call('POST', '/lists/whatsapp/contacts', { body })).status).toBe(422)
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { importWhole, upload } from '../support/import-calls.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
beforeEach(() => {
  const { oblic, octopush, vobiz } = gateway.simulators
  for (const simulator of [oblic, octopush, vobiz]) simulator.reset()
})
afterAll(() => gateway.close())

const numbers = () => gateway.simulators.vobiz.contacts().map((contact) => contact.phone_number)
const errorsOf = async (id: string) => (await gateway.call('GET', `/imports/${id}/errors`)).body.items
const reportOf = async (id: string) => (await gateway.call('GET', `/imports/${id}/errors.csv`)).text

describe('several columns of one field', () => {
  const csv = [
    'name,email,Phone,Mobile',
    'A,a@example.com,+919820000001,+919820000002',
    'B,b@example.com,+919820000003,',
    'C,c@example.com,+91 9820 000004,+919820000004',
  ].join('\n')

  test('count in the order of their kinds, which is told, and what is lost by it is counted', async () => {
    const done = await importWhole(gateway, { csv })
    expect(numbers()).toEqual(['+919820000002', '+919820000003', '+919820000004'])
    expect(done.warnings).toContainEqual(expect.objectContaining({ code: 'columns_merged', column: 'Mobile' }))
    // Who takes no phone loses none.
    expect(done.losses['vobiz-in']).toEqual({ column_merged: 1 })
    expect(done.losses['octopush-fr']).toMatchObject({ column_merged: 1 })
  })

  test('count in the order of the file when they are mapped, and as the options say', async () => {
    const mapping = { Mobile: 'phone', Phone: 'phone' }
    await importWhole(gateway, { csv, options: { mapping } })
    expect(numbers()[0]).toBe('+919820000001')
    gateway.simulators.vobiz.reset()
    const done = await importWhole(gateway, { csv, options: { mapping, order: { phone: ['Mobile', 'Phone'] } } })
    expect(numbers()[0]).toBe('+919820000002')
    expect(done).toMatchObject({ options: { order: { phone: ['Mobile', 'Phone'] } } })
    expect(done.warnings.map(({ code }: { code: string }) => code)).not.toContain('columns_merged')
  })

  test('of which the first is wrong are rejected by its name, and a report that is mended works again', async () => {
    const bad = 'name;email;Phone;Mobile\nA;a@example.com;+919820000001;12\nB;b@example.com;13;N/A\n'
    const options = { order: { phone: ['Mobile', 'Phone'] } }
    const done = await importWhole(gateway, { csv: bad, options })
    expect(numbers()).toEqual([])
    const told = (await errorsOf(done.id)).filter(({ account }: { account: string }) => account === 'vobiz-in')
    expect(told).toMatchObject([
      { row: 1, column: 'Mobile', value: '12', code: 'phone_not_e164' },
      { row: 2, column: 'Phone', value: '13', code: 'phone_not_e164' },
    ])
    const report = await reportOf(done.id)
    expect(report).toMatch(/^name;email;Phone;Mobile;_row;.*\nA;a@example\.com;\+919820000001;12;1;/)
    expect(report).toMatch(/\nB;b@example\.com;13;N\/A;2;/)
    const mended = report.replace(';12;', ';+919820000002;').replace(';13;', ';+919820000003;')
    await importWhole(gateway, { csv: mended, options })
    expect(numbers()).toEqual(['+919820000002', '+919820000003'])
  })

  test('of which an account wants one are blamed by the first', async () => {
    const done = await importWhole(gateway, { csv: 'name,email,Phone,Mobile\nA,a@example.com,,\n' })
    const told = (await errorsOf(done.id)).filter(({ account }: { account: string }) => account === 'vobiz-in')
    expect(told).toMatchObject([{ code: 'phone_required', column: 'Mobile', value: '' }])
  })

  test('have an order that is part of the request', async () => {
    const headers = { 'idempotency-key': 'order-of-columns-0001' }
    const options = (order: readonly string[]) => ({ order: { phone: order } })
    const first = await upload(gateway, { csv, headers, options: options(['Phone', 'Mobile']) })
    const again = await upload(gateway, { csv, headers, options: options(['Phone', 'Mobile']) })
    expect([first.status, again.text]).toEqual([202, first.text])
    const other = await upload(gateway, { csv, headers, options: options(['Mobile', 'Phone']) })
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused'])
  })

  test.each<[string, unknown, readonly string[]]>([
    ['a column that is not there', { phone: ['Mobil'] }, ['#/options/order/phone/0']],
    ['a column of another field', { phone: ['Mobile', 'email'] }, ['#/options/order/phone/1']],
    ['no field', { fone: ['Mobile'] }, ['#/options/order/fone']],
    ['a text', { phone: 'Mobile' }, ['#/options/order/phone']],
    ['a column twice', { phone: ['Mobile', 'Mobile'] }, ['#/options/order/phone']],
    ['nothing', { phone: [] }, ['#/options/order/phone']],
  ])('have an order that is refused with its place when it names %s', async (_what, order, pointers) => {
    const { status, body } = await upload(gateway, { csv, options: { order } })
    expect([status, body.code]).toEqual([422, 'validation-failed'])
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers)
  })
})

describe('a column of country codes', () => {
  test('goes before the default country', async () => {
    const csv = 'name,CC,Phone\nA,IN,9820000001\nB,+91,09820000002\nC,,9820000003\nD,0091,+919820000004\n'
    const options = { mapping: { CC: 'phone.countryCode' }, defaultCountry: 'GB' }
    await importWhole(gateway, { csv, options })
    expect(numbers()).toEqual(['+919820000001', '+919820000002', '+449820000003', '+919820000004'])
  })

  test('that is no country, or another one than the number has, is rejected with its column', async () => {
    const csv = 'name,Country Code,Phone\nA,Indien,9820000001\nB,91,+33612345678\n'
    const done = await importWhole(gateway, { csv })
    expect(numbers()).toEqual([])
    const told = (await errorsOf(done.id)).filter(({ account }: { account: string }) => account === 'vobiz-in')
    expect(told).toMatchObject([
      { column: 'Country Code', value: 'Indien', code: 'country_code_invalid' },
      { column: 'Phone', value: '+33612345678', code: 'phone_ambiguous' },
    ])
    const mended = (await reportOf(done.id)).replace('Indien', 'IN').replace(',91,', ',33,')
    await importWhole(gateway, { csv: mended })
    expect(numbers()).toEqual(['+919820000001', '+33612345678'])
  })

  test('of an address is not taken, and a mapping is proposed', async () => {
    const csv = 'name,City,Country Code,Phone\nA,Paris,FR,+919820000001\n'
    const { warnings } = await importWhole(gateway, { csv })
    expect(numbers()).toEqual(['+919820000001'])
    expect(warnings).toContainEqual(
      expect.objectContaining({
        column: 'Country Code',
        detail: expect.stringContaining('{"Country Code": "phone.countryCode"}'),
      }),
    )
  })
})

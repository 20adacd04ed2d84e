import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createVobizSimulator } from '../../src/simulators/vobiz.ts'
import { misbehave, send, vobizHeaders, vobizKeyPair } from './provider-calls.ts'

const example = `phone_number,name,tags
+919876543210,Rahul Sharma,"vip,enterprise"
+919123456789,Priya Nair,"new"
`

describe('the CSV import of the Vobiz simulator', () => {
  let simulator: ReturnType<typeof createVobizSimulator>
  const post = async (form: FormData) => {
    const response = await fetch(`${simulator.baseUrl}/contacts/import`, {
      method: 'POST',
      headers: vobizKeyPair,
      body: form,
    })
    return { status: response.status, body: (await response.json()) as unknown }
  }
  const importCsv = (csv: string, field = 'file') => {
    const form = new FormData()
    form.set(field, new File([csv], 'contacts.csv', { type: 'text/csv' }))
    return post(form)
  }
  const held = () => simulator.contacts().map(({ phone_number, name, tags }) => [phone_number, name, ...tags])
  const refused = (message: string) => ({
    status: 400,
    body: expect.objectContaining({ error: { code: 'BAD_REQUEST', message: expect.stringContaining(message) } }),
  })

  beforeEach(async () => {
    simulator = createVobizSimulator()
    await simulator.listen()
  })
  afterEach(() => simulator.close())

  it('takes the documented file and answers with the documented summary', async () => {
    await send(`${simulator.baseUrl}/contacts`, 'POST', vobizHeaders, { phone_number: '+919876543210', name: 'Old' })
    expect(await importCsv(example)).toEqual({
      status: 200,
      body: { total: 2, created: 1, updated: 1, failed: 0, errors: [] },
    })
    expect(held()).toEqual([
      ['+919876543210', 'Rahul Sharma', 'vip', 'enterprise'],
      ['+919123456789', 'Priya Nair', 'new'],
    ])
  })

  it.each([
    ['data', 3],
    ['line', 4],
  ])('lists rows that failed, counted by %s', async (importRow, row) => {
    await misbehave(simulator, { quirks: { importRow } })
    expect((await importCsv(`${example}98765,Bad,\n`)).body).toEqual({
      total: 3,
      created: 2,
      updated: 0,
      failed: 1,
      errors: [{ row, phone_number: '98765', reason: 'invalid phone_number: must be E.164 format' }],
    })
    expect(simulator.counts().total).toBe(2)
  })

  it('fails rows without a name or with a wrong number of columns', async () => {
    const { body } = await importCsv('name,phone_number\n,+919876543210\nA,+919876543211,extra\nB\nC,+919876543212\n')
    expect(body).toMatchObject({ total: 4, created: 1, failed: 3, errors: [{ row: 1 }, { row: 2 }, { row: 3 }] })
    expect(held()).toEqual([['+919876543212', 'C']])
  })

  it('lets the last row of a number win', async () => {
    const { body } = await importCsv('phone_number,name\n+919876543210,First\n+919876543210,Last\n')
    expect(body).toMatchObject({ total: 2, created: 1, updated: 1 })
    expect(held()).toEqual([['+919876543210', 'Last']])
  })

  it('ignores unknown columns and reads quotes, commas and line breaks inside fields', async () => {
    await importCsv('email,phone_number,name\r\nx@example.com,+919876543210,"Sharma, ""Rahul""\r\nJr."\r\n')
    expect(held()).toEqual([['+919876543210', 'Sharma, "Rahul"\r\nJr.']])
  })

  it('replaces the tags of a contact that exists, or merges them when told so', async () => {
    await importCsv(example)
    await importCsv('phone_number,name,tags\n+919876543210,R,"new"\n')
    expect(held()[0]).toEqual(['+919876543210', 'R', 'new'])
    await misbehave(simulator, { quirks: { importTags: 'merged' } })
    await importCsv('phone_number,name,tags\n+919876543210,R,"a, new"\n')
    expect(held()[0]).toEqual(['+919876543210', 'R', 'new', 'a'])
  })

  it('leaves tags alone when there is no such column', async () => {
    await importCsv(example)
    await importCsv('phone_number,name\n+919876543210,R\n')
    expect(held()[0]).toEqual(['+919876543210', 'R', 'vip', 'enterprise'])
  })

  it('takes 1,000 rows and refuses 1,001', async () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (_, index) => `+9198765${10_000 + index},N\n`).join('')
    expect(await importCsv(`phone_number,name\n${rows(1001)}`)).toEqual(refused('1000 rows'))
    expect(simulator.counts().total).toBe(0)
    expect((await importCsv(`phone_number,name\n${rows(1000)}`)).body).toMatchObject({ total: 1000, created: 1000 })
  })

  it('refuses a file of more than 1 MB', async () => {
    const name = 'x'.repeat(1024 * 1024)
    expect(await importCsv(`phone_number,name\n+919876543210,${name}\n`)).toEqual(refused('1 MB'))
  })

  it.each([
    ['an empty file', '', 'phone_number is missing'],
    ['a missing column', 'phone_number,tags\n', 'name is missing'],
    ['a header in other letters', 'Phone_Number,name\n', 'phone_number is missing'],
    ['a byte order mark', '\ufeffphone_number,name\n', 'phone_number is missing'],
    ['semicolons', 'phone_number;name\n+919876543210;R\n', 'phone_number is missing'],
    ['a quote that is not closed', 'phone_number,name\n+919876543210,"R\n', 'not closed'],
    ['text after a quote', 'phone_number,name\n+919876543210,"R"x\n', 'after a closing quote'],
    ['a quote in a bare field', 'phone_number,name\n+919876543210,R"x\n', 'inside a field'],
  ])('refuses %s', async (_name, csv, message) => {
    expect(await importCsv(csv)).toEqual(refused(message))
    expect(simulator.counts().total).toBe(0)
  })

  it('refuses a form without a file named file', async () => {
    expect(await importCsv(example, 'csv')).toEqual(refused('field named file'))
    const form = new FormData()
    form.set('file', example)
    expect(await post(form)).toEqual(refused('field named file'))
  })

  it.each([
    ['JSON', 'application/json', '{}', 'multipart/form-data'],
    ['a form without a boundary', 'multipart/form-data', example, 'field named file'],
    ['a boundary that is not in the body', 'multipart/form-data; boundary=x', example, 'field named file'],
  ])('refuses %s', async (_name, contentType, body, message) => {
    const headers = { ...vobizKeyPair, 'content-type': contentType }
    const { status, body: answer } = await send(`${simulator.baseUrl}/contacts/import`, 'POST', headers, body)
    expect({ status, body: answer }).toEqual(refused(message))
  })

  it('records the multipart body as its text', async () => {
    await importCsv(example)
    const [request] = simulator.requests()
    expect(request).toMatchObject({ path: '/api/v1/messaging/contacts/import', applied: true })
    expect(request?.body).toContain('Content-Disposition: form-data; name="file"; filename="contacts.csv"')
    expect(request?.body).toContain(example)
  })
})

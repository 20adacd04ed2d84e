import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { fixtures } from '../fixtures/make.ts'
import { importWhole, untilDone, upload } from '../support/import-calls.ts'
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

const fixture = (file: string) => new Uint8Array(fixtures[file] as Uint8Array)
const vobizContacts = () =>
  gateway.simulators.vobiz.contacts().map(({ name, tags, custom_attributes }) => ({ name, tags, custom_attributes }))

test('a name beside a first name is the last name at each provider, and the import says so', async () => {
  const done = await importWhole(gateway, { csv: fixture('first-name-beside-name.csv') })
  expect(done).toMatchObject({ status: 'completed', warnings: [{ code: 'name_is_last_name', column: 'Name' }] })
  const { oblic, octopush, vobiz } = gateway.simulators
  expect(oblic.contacts()).toMatchObject([{ name: 'Anna Schmidt' }])
  expect(octopush.contacts()).toMatchObject([{ first_name: 'Anna', last_name: 'Schmidt' }])
  expect(vobiz.contacts()).toMatchObject([{ name: 'Anna Schmidt' }])
})

test('cells and groups that say nothing are told when the import starts', async () => {
  const csv = 'E-mail,Full name,Phone,Labels\nj@example.com,Jane,N/A,* myContacts ::: Friends\n'
  const { warnings } = await importWhole(gateway, { csv, query: '?validateOnly=true' })
  expect(warnings).toMatchObject([
    { code: 'placeholder_ignored', column: 'Phone' },
    { code: 'group_ignored', column: 'Labels' },
  ])
})

test('a column that holds phones under an unknown name is proposed, and not sent', async () => {
  const csv = 'Email,Full name,Kontakt\nj@example.com,Jane,+919876543210\n'
  const { warnings } = await importWhole(gateway, { csv })
  expect(warnings).toMatchObject([{ column: 'Kontakt', detail: expect.stringContaining('{"Kontakt": "phone"}') }])
  expect(gateway.simulators.vobiz.contacts()).toEqual([])
})

describe('the options say', () => {
  test('what stands between tags', async () => {
    const csv = 'name,phone,tags\nJane,+919876543210,"a, b/c"\n'
    await importWhole(gateway, { csv, options: { tagSeparator: '/' } })
    expect(vobizContacts()).toMatchObject([{ tags: expect.arrayContaining(['a, b', 'c']) }])
  })

  test('which cells are empty', async () => {
    const csv = 'name,phone,attributes.city,attributes.plan\nJane,+919876543210,none,N/A\n'
    await importWhole(gateway, { csv, options: { emptyCells: ['none'] } })
    expect(vobizContacts()).toMatchObject([{ custom_attributes: { plan: 'N/A' } }])
    expect(vobizContacts()[0]?.custom_attributes).not.toHaveProperty('city')
  })

  test('that cells are separated by bars', async () => {
    const csv = 'name|phone\nJane|+919876543210\n'
    await importWhole(gateway, { csv, options: { delimiter: '|' } })
    expect(vobizContacts()).toMatchObject([{ name: 'Jane' }])
  })

  test.each([{ tagSeparator: '' }, { tagSeparator: 'x'.repeat(11) }, { emptyCells: 'N/A' }, { emptyCells: [1] }])(
    'nothing of another kind: %j',
    async (options) => {
      const answer = await upload(gateway, { csv: 'email\nj@example.com\n', options })
      expect([answer.status, answer.body.code]).toEqual([422, 'validation-failed'])
    },
  )

  test('the same again under one key, or it is another request', async () => {
    const csv = 'email\nj@example.com\n'
    const headers = { 'idempotency-key': 'options-of-cells-0001' }
    const first = await upload(gateway, { csv, headers, options: { emptyCells: ['-'] } })
    const again = await upload(gateway, { csv, headers, options: { emptyCells: ['-'] } })
    expect(again.text).toBe(first.text)
    const other = await upload(gateway, { csv, headers, options: { emptyCells: ['-', 'x'] } })
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused'])
    await untilDone(gateway, first.body.id)
  })
})

describe('a report', () => {
  const reportOf = async (id: string) => (await gateway.call('GET', `/imports/${id}/errors.csv`)).text

  test('of a batch as JSON brings back the same values, types included, when it is mended and uploaded', async () => {
    const attributes = { n: 1, b: true, z: null, s: '007' }
    const contact = { name: 'A', email: 'j@invalid.example', phone: '+919876543210', tags: ['a,b', 'c'], attributes }
    const accepted = await gateway.call('POST', '/lists/newsletter/contacts', {
      body: { contacts: [contact] },
      headers: { prefer: 'respond-async' },
    })
    const first = await untilDone(gateway, accepted.body.id)
    expect(first).toMatchObject({ progress: { 'vobiz-in': { rejected: 1 } } })
    const report = await reportOf(accepted.body.id)
    expect(report).toMatch(
      /^name,email,phone,tags,attributes\.n \(JSON\),attributes\.b \(JSON\),attributes\.z \(JSON\),attributes\.s,_row/,
    )
    const again = await importWhole(gateway, { csv: report.replaceAll('j@invalid.example', 'j@example.com') })
    expect(again).toMatchObject({ warnings: [], progress: { 'vobiz-in': { created: 1 } } })
    expect(vobizContacts()[0]?.tags).toEqual(expect.arrayContaining(['a,b', 'c']))

    // What the same contact as JSON comes to.
    const once = vobizContacts()
    gateway.simulators.vobiz.reset()
    const { status } = await gateway.call('POST', '/lists/newsletter/contacts', {
      body: { contacts: [{ ...contact, email: 'j@example.com' }] },
    })
    expect(status).toBe(207)
    expect(once).toEqual(vobizContacts())
  })

  test('of a file with a column _status of its own keeps it, also when it is uploaded again', async () => {
    const csv = 'name,phone,_status\nJane,12,gold\n'
    const options = { mapping: { _status: 'attributes.state' } }
    const done = await importWhole(gateway, { csv, options })
    const report = await reportOf(done.id)
    expect(report).toMatch(/^name,phone,_status,_row,_account,_status,_code,_detail\nJane,12,gold,1,/)
    await importWhole(gateway, { csv: report.replace(',12,', ',+919876543210,'), options })
    expect(vobizContacts()).toMatchObject([{ custom_attributes: { state: 'gold' } }])
  })

  test('of which _account alone is left goes to those accounts only', async () => {
    const csv = 'name,email,phone,_account\nJane,j@example.com,+919876543210,vobiz-in\n'
    await importWhole(gateway, { csv })
    const { oblic, octopush, vobiz } = gateway.simulators
    expect([oblic, octopush, vobiz].map((simulator) => simulator.contacts().length)).toEqual([0, 0, 1])
  })

  test('has tags as they were uploaded, and reads them so again', async () => {
    const csv = 'name,phone,tags\nJane,12,"""vip"",""a, b"""\nJoe,13,x;y\n'
    const done = await importWhole(gateway, { csv })
    const report = await reportOf(done.id)
    expect(report).toContain('"""vip"",""a, b"""')
    await importWhole(gateway, { csv: report.replace(',12,', ',+919876543210,').replace(',13,', ',+919876543211,') })
    const tags = vobizContacts().map((contact) => contact.tags.filter((tag: string) => tag !== 'newsletter').toSorted())
    expect(tags).toEqual([
      ['a, b', 'vip'],
      ['x', 'y'],
    ])
  })

  test('shows 200 characters of a cell and no more', async () => {
    const csv = `name,email,attributes.note\n,j@example.com,${'x'.repeat(900)}\n,k@example.com,${'y'.repeat(1_001)}\n`
    const done = await importWhole(gateway, { csv })
    const { body } = await gateway.call('GET', `/imports/${done.id}/errors`)
    expect(body.items.length).toBeGreaterThan(0)
    for (const { value, detail } of body.items) {
      expect(value.length).toBeLessThanOrEqual(200)
      expect(detail.length).toBeLessThan(400)
    }
  })
})

import { expect, test } from 'vitest'
import { importWhole, upload } from '../support/import-calls.ts'
import { withImportStores } from '../support/with-import-stores.ts'
import { rowsOf, workbook, workbookOf } from '../support/write-workbook.ts'

withImportStores('An Excel workbook, with %s', { abovePort: true }, (gateway) => {
  const reportOf = async (id: string) => (await gateway.call('GET', `/imports/${id}/errors.csv`)).text
  const held = () => {
    const { oblic, octopush, vobiz } = gateway.simulators
    return [oblic, octopush, vobiz].map((simulator) => simulator.counts().total)
  }

  test('is imported, its report is CSV, and mended and uploaded again that sends only what was missing', async () => {
    const people = rowsOf([
      ['Name', 'Email', 'Phone', 'Plan'],
      ['Jane Smith', 'jane@example.com', 919876543210, { xml: '<c><v>3</v></c>' }],
      [],
      ['Ann Lee', 'not an address', 919876543211, { xml: '<c><f>A1</f></c>' }],
      ['Joe Doe', 'joe@example.com', 919876543212],
    ])
    const csv = workbook({ sheets: [{ name: 'People', data: people }, { data: '' }] })
    const options = { defaultCountry: 'IN', mapping: { Plan: 'attributes.plan' } }
    const done = await importWhole(gateway, { csv, options, fileName: 'people.xlsx' })
    expect(done).toMatchObject({ status: 'completed_with_errors', rows: 3 })

    const { warnings } = (await gateway.call('GET', `/imports/${done.id}`)).body
    const codes = warnings.map(({ code }: { code: string }) => code)
    expect(codes).toEqual(expect.arrayContaining(['report_is_csv', 'sheets_ignored', 'formula_without_value']))
    const { items } = (await gateway.call('GET', `/imports/${done.id}/errors`)).body
    expect(items).toContainEqual(expect.objectContaining({ row: 2, line: 4, column: 'Email', code: 'email_invalid' }))

    const report = await reportOf(done.id)
    expect(report.replace(/^\ufeff/, '').split('\r\n')[0]).toBe(
      'Name,Email,Phone,Plan,_row,_account,_status,_code,_detail',
    )
    expect(held()).toEqual([2, 2, 2])
    const mended = report.replace('not an address', 'ann@example.com')
    const again = await importWhole(gateway, { csv: mended, options })
    expect(again).toMatchObject({ status: 'completed', rows: 1 })
    expect(held()).toEqual([3, 3, 3])
  })

  test('takes its header from the row that is said, also in its report, and tells which options count for nothing', async () => {
    const people = rowsOf([['Our people'], [], ['Name', 'Email', 'Phone'], ['Jane', 'no address', '+919876543210']])
    const options = { headerRow: 3, delimiter: ';' }
    const done = await importWhole(gateway, { csv: workbook({ sheets: [{ name: 'People', data: people }] }), options })
    expect(done.warnings).toContainEqual(expect.objectContaining({ code: 'option_ignored' }))
    const report = await reportOf(done.id)
    expect(report.replace(/^\ufeff/, '')).toMatch(/^\r\n\r\nName,Email,Phone,_row/)
    const before = held()
    const mended = report.replaceAll('no address', 'jane@example.com')
    const again = await importWhole(gateway, { csv: mended, options: { headerRow: 3 } })
    expect(again).toMatchObject({ status: 'completed', rows: 1 })
    expect(held()).toEqual(before.map((count) => count + 1))
  })

  test.each([
    ['cut off', workbookOf([['email'], ['a@example.com']]).subarray(0, 900), 422, 'file-unreadable', /broken/],
    ['empty', workbookOf([]), 422, 'file-unreadable', /sheet “People” is empty/],
    ['of the old kind', compoundFile(), 415, 'unsupported-media-type', /old Excel workbook/],
  ])('%s is refused by name, and nothing is made of it', async (_, csv, status, code, detail) => {
    const before = (await gateway.call('GET', '/imports?limit=1')).body.items
    const answer = await upload(gateway, { csv, fileName: 'people.xlsx' })
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ type: expect.stringContaining(code), detail: expect.stringMatching(detail) })
    expect((await gateway.call('GET', '/imports?limit=1')).body.items).toEqual(before)
  })
})

function compoundFile(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(1_024)
  bytes.set([0xd0, 0xcf, 0x11, 0xe0])
  return bytes
}

import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ContactDraft } from '../../src/domain/contact.ts'
import { matchHeader } from '../../src/imports/columns/match-header.ts'
import { errorReportCsv } from '../../src/imports/reports/errors-csv.ts'
import { canonicalCell, canonicalHeader } from '../../src/imports/rows/canonical-cells.ts'
import { rowToContact } from '../../src/imports/rows/row-to-contact.ts'
import { readWhole } from './whole-file.ts'

/** The contacts of a batch, as their report brings them back. */
async function bringBack(contacts: readonly ContactDraft[]) {
  const header = canonicalHeader(contacts)
  const rejections = contacts.map((contact, index) => ({
    row: index + 1,
    cells: header.map((name) => canonicalCell(contact, name)),
    accounts: ['crm-main'],
    status: 'rejected',
    code: 'phone_invalid',
    detail: 'No number.',
  }))
  const format = { delimiter: ',', bom: false, lineBreak: '\n' } as const
  const read = await readWhole([await buffer(errorReportCsv(rejections, { header, format }))])
  const match = matchHeader(read.header)
  if ('refusal' in match) throw new Error(match.refusal.detail)
  expect(match.warnings).toEqual([])
  const { columns } = match
  return { header, drafts: read.rows.map((row) => rowToContact(row, columns)) }
}

it('columns of plain texts are plain, and those of other values say that they are JSON', async () => {
  const attributes = { n: 1, b: true, z: null, s: '007', city: 'Pune' }
  const { header, drafts } = await bringBack([
    { name: 'A', phone: '+919876543210', tags: ['a,b', 'c'], attributes },
    { name: 'N/A', phone: '-5', attributes: { s: '-', city: 'Lyon' } },
  ])
  expect(header).toEqual([
    ...['name (JSON)', 'phone', 'tags', 'attributes.n (JSON)', 'attributes.b (JSON)', 'attributes.z (JSON)'],
    ...['attributes.s (JSON)', 'attributes.city'],
  ])
  expect(drafts.map(({ draft }) => draft)).toEqual([
    { name: 'A', phone: '+919876543210', tags: ['a,b', 'c'], attributes },
    { name: 'N/A', phone: '-5', attributes: { s: '-', city: 'Lyon' } },
  ])
})

it('a whole name stays one beside a first name', async () => {
  const contact = { name: 'Jane Smith', firstName: 'Jane', email: 'j@x.example' }
  expect((await bringBack([contact])).drafts).toMatchObject([{ draft: contact }])
})

it('a report brings back exactly the contacts of the batch, types included', async () => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'é', ',', '"', "'", '=', '+', '-', '7', ' ', '\n', ';', '[', '*') }),
    fc.constantFrom('N/A', 'NULL', '-', '#N/A', '\\N', 'true', 'null', '="007"', "'007", '007', '1e3', "'t Hooft", ''),
  )
  const some = text.filter((value) => value.trim() !== '')
  const tag = some.map((value) => value.trim())
  const value = fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean())
  const contact = fc.record(
    {
      ...{ ref: some, name: some, firstName: some, lastName: some, phone: some, whatsapp: some },
      tags: fc.array(tag, { minLength: 1, maxLength: 4 }),
      attributes: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(value, fc.constant(null)), { minKeys: 1 }),
      email: some,
    },
    { requiredKeys: ['email'] },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(contact, { minLength: 1, maxLength: 5 }), async (contacts) => {
      const { drafts } = await bringBack(contacts)
      // -0 is no number of JSON.
      const expected = JSON.parse(JSON.stringify(contacts)) as ContactDraft[]
      expect(drafts.map(({ draft }) => draft)).toEqual(expected)
      expect(drafts.map(({ accounts }) => accounts)).toEqual(contacts.map(() => ['crm-main']))
    }),
    { numRuns: 300 },
  )
})

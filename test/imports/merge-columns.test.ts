import { describe, expect, it } from 'vitest'
import { carriers, keepColumns, recallColumns } from '../../src/imports/columns/import-columns.ts'
import { matchHeader } from '../../src/imports/columns/match-header.ts'
import type { ColumnOrder } from '../../src/imports/columns/merge-columns.ts'
import type { ColumnMapping } from '../../src/imports/columns/take-columns.ts'
import { parseRow } from '../../src/imports/rows/parse-row.ts'

function matched(header: string, mapping?: ColumnMapping, order?: ColumnOrder) {
  const match = matchHeader(header.split(','), mapping, [], order)
  if ('refusal' in match) throw new Error(match.refusal.detail)
  return match
}

function refusalOf(header: string, mapping?: ColumnMapping, order?: ColumnOrder) {
  const match = matchHeader(header.split(','), mapping, [], order)
  return 'refusal' in match ? match.refusal : undefined
}

const orderOf = (...given: Parameters<typeof matched>) => carriers(matched(...given).columns).map(({ name }) => name)

const both = { A: 'phone', B: 'phone' }

describe('columns of one target', () => {
  it('count in the order of the file, never in that of the mapping', () => {
    expect(orderOf('A,B', { B: 'phone', A: 'phone' })).toEqual(['A', 'B'])
    expect(orderOf('B,A', { A: 'phone', B: 'phone' })).toEqual(['B', 'A'])
    expect(orderOf('Phone,Mobile', { Mobile: 'phone', Phone: 'phone' })).toEqual(['Phone', 'Mobile'])
  })

  it('count in the order that the caller says, and the others behind', () => {
    expect(orderOf('A,B', both, { phone: ['B', 'A'] })).toEqual(['B', 'A'])
    expect(orderOf('A,B,C', { ...both, C: 'phone' }, { phone: ['c'] })).toEqual(['C', 'A', 'B'])
    expect(orderOf('Mobile,Phone,Home Phone', {}, { phone: ['Home Phone'] })).toEqual(['Home Phone', 'Mobile', 'Phone'])
  })

  it('may be any field, and attributes', () => {
    const mapping = { A: 'attributes.city', B: 'attributes.city', C: 'tags', D: 'tags', E: 'name', F: 'name' }
    expect(matched('A,B,C,D,E,F,email', mapping).columns.merged.map((same) => same[0]?.target)).toEqual([
      'attributes.city',
      'tags',
      'name',
    ])
  })

  it('are one attribute of the fifty', () => {
    const names = Array.from({ length: 60 }, (_, index) => `a${index}`)
    const mapping = Object.fromEntries(names.map((name, index) => [name, `attributes.a${index % 50}`]))
    expect(refusalOf([...names, 'email'].join(), mapping)).toBeUndefined()
  })

  it.each([
    ['of one name', 'A,A', { A: 'phone' }],
    ['that are country codes', 'phone,A,B', { A: 'phone.countryCode', B: 'phone.countryCode' }],
  ])('are refused where they are such %s', (_what, header, mapping) => {
    expect(refusalOf(header, mapping as ColumnMapping)).toMatchObject({ code: 'file-unreadable' })
  })

  it('are told when their names alone made them so', () => {
    expect(matched('Phone,Mobile').warnings).toMatchObject([
      {
        code: 'columns_merged',
        column: 'Mobile',
        detail: expect.stringMatching(/2 “Mobile”, 1 “Phone” are both phone/),
      },
    ])
    expect(matched('Phone,Mobile', { Phone: 'phone', Mobile: 'phone' }).warnings).toEqual([])
    expect(matched('Phone,Mobile', {}, { phone: ['Phone'] }).warnings).toEqual([])
  })

  it('are told in few words however many they are', () => {
    const header = Array.from({ length: 400 }, (_, index) => `Phone${' '.repeat(index % 50)}.${'-'.repeat(index)}`)
    expect(matched(header.join()).warnings[0]?.detail.length).toBeLessThan(1_000)
  })

  it('are the same when they are kept and recalled', () => {
    const { columns } = matched('Phone,Mobile,email,Phone country code,City', { City: 'attributes.city' })
    expect(recallColumns(JSON.parse(JSON.stringify(keepColumns(columns))), columns.header)).toEqual(columns)
  })
})

it.each<[string, ColumnMapping, ColumnOrder, readonly (readonly [string, string])[]]>([
  ['a column that is not there', both, { phone: ['A', 'X'] }, [['#/order/phone/1', 'unknown_column']]],
  ['a column of another field', both, { phone: ['A', 'email'] }, [['#/order/phone/1', 'other_target']]],
  ['a column that is not wanted', { ...both, C: null }, { phone: ['C'] }, [['#/order/phone/0', 'other_target']]],
  ['a field that is none', both, { fone: ['A'] }, [['#/order/fone', 'unknown_target']]],
  [
    'all of these',
    both,
    JSON.parse('{"__proto__": ["A"], "a/b": ["A"], "phone": ["X"], "email": ["A"]}') as ColumnOrder,
    [
      ['#/order/__proto__', 'unknown_target'],
      ['#/order/a~1b', 'unknown_target'],
      ['#/order/phone/0', 'unknown_column'],
      ['#/order/email/0', 'other_target'],
    ],
  ],
])('an order with %s is refused, with every place', (_what, mapping, order, places) => {
  expect(refusalOf('A,B,C,email', mapping, order)).toMatchObject({
    code: 'validation-failed',
    detail: expect.stringMatching(/^The order does not fit/),
    errors: places.map(([pointer, code]) => ({ pointer, code })),
  })
})

it('a country code without a number is refused', () => {
  expect(refusalOf('email,CC', { CC: 'phone.countryCode' })).toMatchObject({
    code: 'validation-failed',
    errors: [{ pointer: '#/mapping/CC', code: 'no_number' }],
  })
})

describe('a row', () => {
  const read = (header: string, cells: string, mapping?: ColumnMapping, country?: string) => {
    const { columns } = matched(header, mapping)
    const row = parseRow({ row: 1, line: 2, cells: cells.split(',') }, columns, undefined, country)
    const { contact, error, warnings } = row.contact
    const codes = warnings.map(({ code, pointer }) => `${code} ${pointer}`)
    return { contact, codes, error: row.error ?? error }
  }
  const mapping = { M: 'phone', P: 'phone' }

  it.each([
    ['+33612345678,', '+33612345678'],
    [',+33612345679', '+33612345679'],
    ['N/A,+33612345679', '+33612345679'],
    ['+33612345678,+33612345679', '+33612345678'],
  ])('takes the first value that there is: %s', (cells, phone) => {
    expect(read('M,P', cells, mapping).contact.phone).toBe(phone)
  })

  it.each([
    ['two numbers', '+33612345678,+33612345679', ['column_merged /phone']],
    ['one number written twice', '+33612345678,06 12 34 56 78', []],
    ['a number and a placeholder', '+33612345678,-', ['placeholder_ignored /phone']],
    ['a number and no number', '+33612345678,ask', ['column_merged /phone']],
  ])('that has %s tells of what is lost, and no more', (_what, cells, codes) => {
    expect(read('M,P', cells, mapping, 'FR').codes).toEqual(codes)
  })

  it('with three numbers is told once', () => {
    const cells = '+33612345678,+33612345679,+33612345670'
    expect(read('M,P,Q', cells, { ...mapping, Q: 'phone' }).codes).toEqual(['column_merged /phone'])
  })

  it.each([
    ['email', 'a@x.example', 'A@X.example', []],
    ['email', 'a@x.example', 'b@x.example', ['column_merged /email']],
    ['name', 'Ann', 'Ann ', []],
    ['tags', 'a; b', '"a";b', []],
    ['tags', 'a', 'b', ['column_merged /tags']],
    ['attributes.city', 'Pune', 'Rome', ['column_merged /attributes/city']],
  ])('compares values of %s as they are sent: %s, %s', (target, one, other, codes) => {
    expect(read('A,B,phone', `${one},${other},+33612345678`, { A: target, B: target }).codes).toEqual(codes)
  })

  it('is refused where the first value is wrong: it is never replaced by another in silence', () => {
    const { error, contact } = read('M,P', '123,+33612345679', mapping)
    expect(error).toMatchObject({ code: 'phone_not_e164' })
    expect(contact.phone).toBeUndefined()
  })

  it('that is cut off before a column that would count is refused; before another it is not', () => {
    expect(read('P,email,M', '+33612345678,a@x.example', mapping).error).toBeUndefined()
    expect(read('P,email,M', ',a@x.example', mapping).error).toMatchObject({ code: 'too_few_cells', column: 'M' })
  })

  it.each([
    ['IN', '98765 43210', '+919876543210'],
    ['in', '09876543210', '+919876543210'],
    ['91', '9876543210', '+919876543210'],
    ['+91', '+91 98765 43210', '+919876543210'],
    ['0091', '919876543210', '+919876543210'],
    ['1', '(202) 555-0143', '+12025550143'],
    ['33', '06 12 34 56 78', '+33612345678'],
    ['', '06 12 34 56 78', '+33612345678'],
    ['N/A', '06 12 34 56 78', '+33612345678'],
  ])('reads a number with its country code %j: %s', (code, number, phone) => {
    const { contact, error } = read('Country Code,Phone', `${code},${number}`, {}, 'FR')
    expect([contact.phone, error]).toEqual([phone, undefined])
  })

  it.each([
    ['XX', '9876543210', 'country_code_invalid'],
    ['India', '9876543210', 'country_code_invalid'],
    ['999', '9876543210', 'country_code_invalid'],
    ['800', '9876543210', 'country_code_invalid'],
    ['AQ', '9876543210', 'country_code_invalid'],
    ['91', '+33612345678', 'phone_ambiguous'],
    ['IN', '0033612345678', 'phone_ambiguous'],
    ['GB', '0612345678', 'phone_invalid'],
  ])('never makes another number of one with country code %j: %s', (code, number, error) => {
    const row = read('Country Code,Phone', `${code},${number}`, {}, 'FR')
    expect(row.error).toMatchObject({ code: error })
    if (error === 'country_code_invalid') expect(row.error).toMatchObject({ column: 'Country Code', value: code })
    else expect(row.contact.phone).toBeUndefined()
  })

  it('has a country code for the number that counts, and none for the other field', () => {
    const header = 'Country Code,Mobile,Phone,WhatsApp'
    const { contact } = read(header, '91,,9876543210,0612345678', { 'Country Code': 'phone.countryCode' }, 'FR')
    expect([contact.phone, contact.whatsapp]).toEqual(['+919876543210', '+33612345678'])
  })

  it('without a number is not refused for its country', () => {
    expect(read('Country Code,Phone,email', 'India,,a@x.example').error).toBeUndefined()
  })
})

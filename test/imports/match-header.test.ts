import { describe, expect, it } from 'vitest'
import { columnsOfPointer } from '../../src/imports/columns/import-columns.ts'
import { matchHeader } from '../../src/imports/columns/match-header.ts'
import type { ColumnMapping } from '../../src/imports/columns/take-columns.ts'

function matched(header: readonly string[], mapping?: ColumnMapping) {
  const match = matchHeader(header, mapping)
  if ('refusal' in match) throw new Error(match.refusal.detail)
  return match
}

function targets(header: readonly string[], mapping?: ColumnMapping) {
  return Object.fromEntries(matched(header, mapping).columns.mapped.map(({ name, target }) => [name, target]))
}

describe('a column is known by its name', () => {
  it.each([
    [
      'email',
      'email',
      'E-mail',
      'E_MAIL',
      ' e mail ',
      'Mail',
      'Email Address',
      'Email ID',
      'E-mail 1 - Value',
      'Courriel',
    ],
    [
      'phone',
      'phone',
      'phone_number',
      'Phone Number',
      'PHONE-NUMBER',
      'mobile',
      'Mobile No.',
      'tel',
      'Tél',
      'Téléphone',
    ],
    ['whatsapp', 'whatsapp', 'whatsApp number', 'WhatsApp', 'Whats App No'],
    ['firstName', 'firstName', 'first name', 'First_Name', 'given name', 'Prénom', 'Pre\u0301nom'],
    ['lastName', 'lastName', 'surname', 'Family-Name', 'Nom de famille'],
    ['name', 'name', 'Full Name', 'display_name', '\ufeffName'],
    ['tags', 'tags', 'Labels', 'Étiquettes', 'TAG'],
    ['ref', 'ref', 'External ID', 'reference'],
    ['attributes.city', 'attributes.city', 'Attributes.city'],
  ])('%s', (target, ...names) => {
    for (const name of names)
      expect(targets(['whatsapp', 'email'].includes(target) ? [name] : [name, 'email'])).toMatchObject({
        [name]: target,
      })
  })

  it.each([
    'Plan',
    'emails',
    'attributes.',
    'attributes.9',
    'attributes.constructor',
    'attributes.__proto__',
    'toString',
    '',
  ])('and %j is not, which is a warning', (name) => {
    const { columns, warnings } = matched([name, 'email'])
    expect(columns.mapped.map(({ target }) => target)).toEqual(['email'])
    expect(warnings).toMatchObject([{ code: 'column_ignored', column: name }])
  })
})

describe('a mapping', () => {
  it('says what a column is, whatever its name, and what is not wanted', () => {
    const mapping = { Mobile: 'phone', Plan: 'attributes.plan', Notes: null }
    expect(targets(['Mobile', 'Plan', 'Notes'], mapping)).toEqual({ Mobile: 'phone', Plan: 'attributes.plan' })
    expect(matched(['Mobile', 'Plan', 'Notes'], mapping).warnings).toEqual([])
  })

  it('goes before names', () => {
    const { columns, warnings } = matched(['Phone', 'Mobile'], { Mobile: 'phone' })
    expect(columns.mapped).toMatchObject([{ index: 1, name: 'Mobile', target: 'phone' }])
    expect(warnings).toMatchObject([{ code: 'column_ignored', column: 'Phone' }])
    expect(targets(['email', 'mail'], { email: 'attributes.mail' })).toEqual({
      email: 'attributes.mail',
      mail: 'email',
    })
  })

  it('finds columns as people write them, the exact name first', () => {
    expect(targets(['E-Mail', 'plan'], { e_mail: 'ref', Plan: 'email' })).toEqual({ 'E-Mail': 'ref', plan: 'email' })
    expect(targets(['plan', 'Plan', 'email'], { Plan: 'name' })).toEqual({ Plan: 'name', email: 'email' })
  })

  it('settles which one of two columns is the field', () => {
    expect(targets(['Phone', 'Mobile'], { Mobile: null })).toEqual({ Phone: 'phone' })
  })

  it('that does not fit is refused, with every place', () => {
    const mapping = JSON.parse(
      '{"No/such": "email", "Plan": "attributes.my plan", "email": "constructor", "__proto__": "phone"}',
    ) as ColumnMapping
    const match = matchHeader(['email', 'Plan'], mapping)
    expect(match).toMatchObject({
      refusal: {
        code: 'validation-failed',
        errors: [
          { pointer: '#/mapping/No~1such', code: 'unknown_column' },
          { pointer: '#/mapping/Plan', code: 'unknown_target' },
          { pointer: '#/mapping/email', code: 'unknown_target' },
          { pointer: '#/mapping/__proto__', code: 'unknown_column' },
        ],
      },
    })
  })
})

describe('the columns of an error report', () => {
  const report = ['email', 'note', '_row', '_account', '_status', '_code', '_detail', '_line']

  it('are known: one says the accounts, none is a warning', () => {
    const { columns, warnings } = matched(report)
    expect(columns.accountIndex).toBe(3)
    expect(columns.mapped.map(({ target }) => target)).toEqual(['email'])
    expect(warnings.map(({ column }) => column)).toEqual(['note'])
  })

  it('are columns like others in a file that is no report, but the one that says the accounts', () => {
    const { columns, warnings } = matched(['email', '_status', '_account', '_code'])
    expect(columns.accountIndex).toBe(2)
    expect(warnings.map(({ column }) => column)).toEqual(['_status', '_code'])
    expect(targets(['email', '_status', '_row'], { _status: 'attributes.state' })).toEqual({
      email: 'email',
      _status: 'attributes.state',
    })
  })

  it('leave a column of the same name alone that was in the file before', () => {
    const header = ['email', '_status', ...report.slice(2)]
    const { columns } = matched(header, { _status: 'attributes.state' })
    expect(columns.mapped).toMatchObject([{ target: 'email' }, { index: 1, target: 'attributes.state' }])
    expect(columns.accountIndex).toBe(3)
    expect(matched(header).warnings.map(({ column }) => column)).toEqual(['_status'])
  })

  it('can be mapped like others', () => {
    const { columns } = matched(report, { _account: 'attributes.account', _code: null })
    expect(columns.accountIndex).toBeUndefined()
    expect(columns.mapped.map(({ target }) => target)).toEqual(['email', 'attributes.account'])
  })
})

describe('a header that is refused', () => {
  it('has more attributes than a contact may', () => {
    const header = ['email', ...Array.from({ length: 51 }, (_, index) => `attributes.a${index}`)]
    expect(matchHeader(header)).toMatchObject({ refusal: { detail: expect.stringMatching(/51 columns.*at most 50/) } })
    expect(matched(header.slice(0, -1)).columns.mapped).toHaveLength(51)
  })

  it('is quoted short and on one line', () => {
    const match = matchHeader([`a\n${'é'.repeat(500)}`, ...Array.from({ length: 400 }, (_, index) => `b${index}`)])
    const { detail } = (match as { refusal: { detail: string } }).refusal
    expect(detail).toMatch(/and 389 more\.$/)
    expect(detail).not.toMatch(/\n/)
    expect(detail.length).toBeLessThan(1_000)
  })
})

describe('what a column holds', () => {
  const rowsOf = (...rows: readonly string[][]) =>
    rows.map((cells, index) => ({ row: index + 1, line: index + 2, cells }))
  const told = (header: readonly string[], rows: readonly string[][]) => {
    const match = matchHeader(header, {}, rowsOf(...rows))
    return 'refusal' in match ? match.refusal.detail : match.warnings.map(({ detail }) => detail).join(' ')
  }

  it.each<[string, readonly string[], readonly string[][], RegExp]>([
    ['phones', ['email', 'Kontakt'], [['a@x.example', '+49 151 1234567']], /phone numbers.*\{"Kontakt": "phone"\}/],
    [
      'phones without a plus',
      ['email', 'Nr'],
      [
        ['', '919876543210'],
        ['', ''],
        ['', '0612345678'],
      ],
      /\{"Nr": "phone"\}/,
    ],
    [
      'e-mails',
      ['phone', 'Kontakt'],
      [
        ['', 'a@x.example'],
        ['', ' b@y.example '],
      ],
      /e-mail.*\{"Kontakt": "email"\}/,
    ],
    ['e-mails, mostly', ['phone', 'K'], [...Array(9).fill(['', 'a@x.example']), ['', 'none']], /\{"K": "email"\}/],
    [
      'e-mails, in a refusal',
      ['A', 'B'],
      [['Jane', 'j@x.example']],
      /Column 2 “B” seems to hold e-mail.*\{"B": "email"\}/,
    ],
    ['phones, in a refusal', ['A', 'B'], [['+33612345678', 'x']], /Column 1 “A” seems to hold phone.*\{"A": "phone"\}/],
  ])('is proposed, and never taken: %s', (_what, header, rows, text) => {
    expect(told(header, rows)).toMatch(text)
    const match = matchHeader(header, {}, rowsOf(...rows))
    if ('columns' in match) expect(match.columns.mapped).toHaveLength(1)
  })

  it.each([
    ['dates', '2026-11-24'],
    ['other dates', '24.11.2026'],
    ['small numbers', '12345678'],
    ['texts', 'Pune'],
    ['prices', '12,50'],
    ['nothing', ''],
  ])('is not proposed: %s', (_what, cell) => {
    expect(told(['email', 'X'], [['a@x.example', cell]])).not.toMatch(/seems/)
  })

  it('is told without a proposal where another column is the field', () => {
    expect(told(['phone', 'Second'], [['', '+33612345678']])).toMatch(/seems to hold phone numbers\. Map it/)
  })

  it.each<[string, readonly string[][], RegExp]>([
    ['Exported on', [['Monday'], ['Name', 'E-mail']], /line 3/],
    ['Kontakte', [[''], ['Telefon']], /line 3/],
    [
      'Notes:',
      [
        ['x', 'y'],
        ['', 'Vorname', 'Mobil'],
      ],
      /line 3/,
    ],
  ])('is a header below %j, whose line is told', (above, rows, text) => {
    expect(told([above], rows)).toMatch(text)
    expect(told([above], rows)).not.toMatch(/mapping/)
  })

  it('is a header below what is there, also where a mapping does not fit for that', () => {
    const match = matchHeader(
      ['Notes:'],
      { Plan: 'attributes.plan' },
      rowsOf(['E-mail', 'Name', 'Plan'], ['j@x.example', 'J', 'A']),
    )
    expect(match).toMatchObject({ refusal: { code: 'validation-failed', detail: expect.stringMatching(/on line 2/) } })
  })

  it.each([
    ['a value that is a name, too', [['Jane', 'Mobile', 'x']]],
    ['a contact', [['Mobile', 'Email', 'j@x.example']]],
  ])('is no header: %s', (_what, rows) => {
    expect(told(['A', 'B', 'C'], rows)).not.toMatch(/header seems/)
  })

  it('never makes a refusal long', () => {
    const long = 'x'.repeat(5_000)
    expect(told([long, long], [[long, long]]).length).toBeLessThan(400)
    expect(told([`phone${' '.repeat(70)}`, `phone${' '.repeat(5_000)}`], []).length).toBeLessThan(400)
  })
})

it('the column of a pointer has its name in the file', () => {
  const { columns } = matched(['Mobile', 'Town', 'Labels'], { Town: 'attributes.city' })
  const names = ['/phone', '/attributes/city', '/tags/3', '/tags', '/email', ''].map(
    (pointer) => columnsOfPointer(columns, pointer)[0]?.name,
  )
  expect(names).toEqual(['Mobile', 'Town', 'Labels', 'Labels', undefined, undefined])
})

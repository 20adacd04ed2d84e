import { describe, expect, it } from 'vitest'
import { type ColumnMapping, columnOfPointer, type ImportColumns, matchHeader } from '../../src/imports/match-header.ts'

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

  it('settles two columns of one field', () => {
    expect(targets(['Phone', 'Mobile'], { Mobile: null })).toEqual({ Phone: 'phone' })
    expect(matchHeader(['A', 'B'], { A: 'email', B: 'email' })).toMatchObject({
      refusal: { code: 'file-unreadable', detail: expect.stringMatching(/are both email/) },
    })
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

it('the column of a pointer has its name in the file', () => {
  const { columns } = matched(['Mobile', 'Town', 'Labels'], { Town: 'attributes.city' })
  const names = ['/phone', '/attributes/city', '/tags/3', '/tags', '/email', ''].map(
    (pointer) => columnOfPointer(columns as ImportColumns, pointer)?.name,
  )
  expect(names).toEqual(['Mobile', 'Town', 'Labels', 'Labels', undefined, undefined])
})

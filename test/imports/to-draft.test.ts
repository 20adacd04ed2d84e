import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { describe, expect, it } from 'vitest'
import { ContactSchema } from '../../src/http/contacts/contact-schema.ts'
import { matchHeader } from '../../src/imports/columns/match-header.ts'
import { cellRules } from '../../src/imports/rows/cell-rules.ts'
import { rowToContact } from '../../src/imports/rows/row-to-contact.ts'

const header = [
  'ref',
  'name',
  'firstName',
  'lastName',
  'email',
  'phone',
  'whatsapp',
  'tags',
  'attributes.city',
  '_account',
]

function draftOf(cells: readonly string[], names: readonly string[] = header) {
  const match = matchHeader(names)
  if ('refusal' in match) throw new Error(match.refusal.detail)
  return rowToContact({ row: 7, line: 8, cells }, match.columns)
}

/** A row with one value, the other cells empty. */
function rowWith(name: string, value: string): string[] {
  return header.map((column) => (column === name ? value : ''))
}

describe('a row becomes a contact', () => {
  it.each(['email', 'phone', 'name'])('without the %s whose cell has nothing to see in it', (column) => {
    for (const invisible of ['\u200b', ' \u2060\ufeff', '\u202a\u202c', '\u00a0'])
      expect(draftOf(rowWith(column, invisible))).toMatchObject({ draft: {}, errors: [], warnings: [] })
  })

  it('with each value in its place, trimmed and else as it is', () => {
    const cells = [
      'r1',
      'Jane Smith',
      ' Jane',
      'Smith',
      'j@x.example',
      "'0612",
      ' 0033 6',
      'vip, paris ,,vip',
      '007',
      '',
    ]
    expect(draftOf(cells)).toEqual({
      draft: {
        ...{ ref: 'r1', name: 'Jane Smith', firstName: 'Jane', lastName: 'Smith', email: 'j@x.example' },
        ...{ phone: "'0612", whatsapp: '0033 6', tags: ['vip', 'paris', 'vip'], attributes: { city: '007' } },
      },
      accounts: undefined,
      errors: [],
      warnings: [],
      countries: undefined,
      passedOver: [],
    })
  })

  it('in which blank cells are absent', () => {
    expect(draftOf(['', ' ', '\t', '\u00a0', 'j@x.example', '', '', ' , ', '  ', '']).draft).toEqual({
      email: 'j@x.example',
    })
  })

  it('for the accounts that an error report names', () => {
    expect(draftOf(rowWith('_account', 'crm-main')).accounts).toEqual(['crm-main'])
    expect(draftOf(rowWith('_account', ' a b;c, d ')).accounts).toEqual(['a', 'b', 'c', 'd'])
  })

  it.each(['toString', 'hasOwnProperty', 'valueOf'])('with an attribute %s', (name) => {
    expect(
      Object.entries(draftOf(['j@x.example', 'v'], ['email', `attributes.${name}`]).draft.attributes ?? {}),
    ).toEqual([[name, 'v']])
  })
})

describe('a row that is refused says where', () => {
  it.each([
    ['ref', 'x'.repeat(129), 'value_too_long', '/ref'],
    ['name', '👩'.repeat(256), 'value_too_long', '/name'],
    ['email', `${'x'.repeat(250)}@x.example`, 'value_too_long', '/email'],
    ['phone', '0'.repeat(65), 'value_too_long', '/phone'],
    ['tags', `a,${'x'.repeat(65)}`, 'tag_too_long', '/tags'],
    ['tags', Array.from({ length: 51 }, (_, index) => index).join(), 'too_many_tags', '/tags'],
    ['attributes.city', 'x'.repeat(1_001), 'value_too_long', '/attributes/city'],
  ])('%s', (column, value, code, pointer) => {
    const { errors } = draftOf(rowWith(column, value))
    expect(errors).toMatchObject([{ code, column, pointer }])
    expect(errors[0]?.value.length).toBeLessThanOrEqual(200)
    expect(errors[0]?.value.isWellFormed()).toBe(true)
  })

  it('of all its cells', () => {
    const { errors } = draftOf(['x'.repeat(129), 'x'.repeat(256), ...Array.from({ length: 8 }, () => '')])
    expect(errors.map(({ column }) => column)).toEqual(['ref', 'name'])
  })

  it('when it has too few or too many cells, whose values then mean nothing', () => {
    const { draft, errors } = draftOf(['j@x.example'], ['email', 'name', 'tags'])
    expect({ draft, errors }).toMatchObject({
      draft: {},
      errors: [{ code: 'too_few_cells', column: 'name', value: '' }],
    })
    expect(draftOf(['j@x.example', 'J', 'S'], ['email', 'name']).errors).toMatchObject([
      { code: 'too_many_cells', value: 'S' },
    ])
  })
})

describe('a short row', () => {
  it.each([
    [
      ['email', 'name', 'city', 'notes'],
      ['j@x.example', 'J'],
    ],
    [['email', 'city'], ['j@x.example']],
    [
      ['city', 'email', '', 'x'],
      ['Pune', 'j@x.example'],
    ],
  ])('of %j is taken when nothing is missing that is wanted', (names, cells) => {
    const { draft, errors } = draftOf(cells, names)
    expect({ email: draft.email, errors }).toEqual({ email: 'j@x.example', errors: [] })
  })

  it.each([
    [['email', 'city', 'phone'], ['j@x.example'], 'phone'],
    [['email', 'city', 'phone'], ['j@x.example', 'Pune'], 'phone'],
    [['email', 'city', 'attributes.x'], ['j@x.example', 'Pune'], 'attributes.x'],
    [['email', 'city', '_account'], ['j@x.example', 'Pune'], '_account'],
  ])('of %j is refused when it may have been cut off', (names, cells, column) => {
    expect(draftOf(cells, names).errors).toMatchObject([{ code: 'too_few_cells', column }])
  })
})

describe('a cell that says that there is no value', () => {
  const names = ['email', 'Full name', 'firstName', 'phone', 'tags', 'attributes.city', 'ref']
  const read = (cells: readonly string[], rules?: Parameters<typeof cellRules>[0]) => {
    const match = matchHeader(names)
    if ('refusal' in match) throw new Error(match.refusal.detail)
    return rowToContact({ row: 1, line: 2, cells }, match.columns, rules && cellRules(rules))
  }

  it('is empty, in each column, and that is told', () => {
    const { draft, warnings } = read(['j@x.example', 'N/A', '-', '#N/A', ' N/A ', '\\N', 'NULL'])
    expect(draft).toEqual({ email: 'j@x.example' })
    expect(warnings.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(
      ['/name', '/firstName', '/phone', '/tags', '/attributes/city', '/ref'].map((at) => `placeholder_ignored ${at}`),
    )
  })

  it('is one in exactly these spellings, and NULL may be a name', () => {
    const cells = ['j@x.example', 'NULL', 'Na', '--', 'n/a', 'null', 'NA']
    expect(read(cells)).toMatchObject({
      draft: { name: 'NULL', firstName: 'Na', phone: '--', tags: ['n/a'], attributes: { city: 'null' }, ref: 'NA' },
      warnings: [],
    })
  })

  it('is what the options say, and nothing else', () => {
    const cells = ['j@x.example', 'none', 'NULL', '-', 'x', 'N/A', 'keine Angabe']
    const { draft } = read(cells, { emptyCells: ['none', 'NULL', 'keine Angabe'] })
    expect(draft).toEqual({ email: 'j@x.example', phone: '-', tags: ['x'], attributes: { city: 'N/A' } })
    expect(read(['j@x.example', '-', '', '', '', '', ''], { emptyCells: [] }).draft.name).toBe('-')
  })
})

describe('a column of JSON', () => {
  const names = ['email', 'attributes.n (JSON)', 'name (JSON)', 'tags (JSON)']

  it.each<[cells: readonly string[], draft: Readonly<Record<string, unknown>>]>([
    [['j@x.example', '1', '', ''], { attributes: { n: 1 } }],
    [['j@x.example', '"007"', '', ''], { attributes: { n: '007' } }],
    [['j@x.example', 'null', '"N/A"', ''], { attributes: { n: null }, name: 'N/A' }],
    [['j@x.example', 'TRUE', '', '["a, b"]'], { attributes: { n: true }, tags: ['a, b'] }],
    [['j@x.example', '-1.5e3', '', ''], { attributes: { n: -1_500 } }],
  ])('%j', (cells, draft) => {
    expect(draftOf(cells, names)).toMatchObject({ draft: { email: 'j@x.example', ...draft }, errors: [] })
  })

  it.each([
    ['j@x.example', 'Pune', '', ''],
    ['j@x.example', '[1]', '', ''],
    ['j@x.example', '{"a":1}', '', ''],
    ['j@x.example', '', '1', ''],
    ['j@x.example', '', '', '"vip"'],
  ])('with another thing in it is refused: %j', (...cells) => {
    expect(draftOf(cells, names).errors).toMatchObject([{ code: 'json_invalid' }])
  })
})

it('Google groups in which everybody is are no tags, and that is told', () => {
  const { draft, warnings } = draftOf(['j@x.example', '* myContacts ::: Friends'], ['email', 'Labels'])
  expect(draft.tags).toEqual(['Friends'])
  expect(warnings).toMatchObject([{ code: 'group_ignored', pointer: '/tags' }])
})

it('an import accepts exactly what the API accepts', () => {
  const schema = Compile(ContactSchema)
  const long = fc.tuple(
    fc.constantFrom('x', 'é', '👩', '👩‍👩‍👧'),
    fc.constantFrom(1, 51, 63, 64, 65, 127, 128, 129, 254, 255, 256, 1_000, 1_001),
  )
  const value = fc.oneof(
    long.map(([unit, count]) => unit.repeat(count)),
    fc.constant(''),
  )
  const tags = fc.array(value, { maxLength: 55 }).map((all) => all.join())
  const cells = fc.tuple(value, value, value, value, value, value, value, tags, value, fc.constant(''))
  fc.assert(
    fc.property(cells, (cells) => {
      const { draft, errors } = draftOf(cells)
      expect(errors.length === 0).toBe(schema.Check(draft))
    }),
    { numRuns: 500 },
  )
})

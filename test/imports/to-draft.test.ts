import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { describe, expect, it } from 'vitest'
import { ContactSchema } from '../../src/http/schemas/contact.ts'
import { matchHeader } from '../../src/imports/match-header.ts'
import { toDraft } from '../../src/imports/to-draft.ts'

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
  return toDraft({ row: 7, line: 8, cells }, match.columns)
}

/** A row with one value, the other cells empty. */
function rowWith(name: string, value: string): string[] {
  return header.map((column) => (column === name ? value : ''))
}

describe('a row becomes a contact', () => {
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

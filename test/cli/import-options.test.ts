import { expect, it } from 'vitest'
import { importOptions } from '../../src/cli/import-options.ts'

const parsed = (flags: Parameters<typeof importOptions>[0]) => JSON.parse(importOptions(flags) ?? 'null') as unknown

it('flags go into the options of the upload, and count more than the JSON', () => {
  expect(parsed({ tagSeparator: '/' })).toEqual({ tagSeparator: '/' })
  expect(parsed({ numbers: 'international' })).toEqual({ numbers: 'international' })
  expect(parsed({ emptyCells: 'N/A,-' })).toEqual({ emptyCells: ['N/A', '-'] })
  expect(parsed({ emptyCells: '' })).toEqual({ emptyCells: [] })
  expect(parsed({ encoding: 'windows-1252', headerRow: '4' })).toEqual({ encoding: 'windows-1252', headerRow: 4 })
  expect(parsed({ options: '{"defaultCountry":"FR","tagSeparator":","}', tagSeparator: ';' })).toEqual({
    defaultCountry: 'FR',
    tagSeparator: ';',
  })
})

it('flags say what columns are and which one counts first, beside the JSON', () => {
  const map = ['Mobile=phone', 'a=b=email', 'Notes=', 'City = attributes.city']
  expect(parsed({ map, order: ['phone=Mobile, Phone', 'email=a=b'] })).toEqual({
    mapping: { Mobile: 'phone', 'a=b': 'email', Notes: null, 'City ': 'attributes.city' },
    order: { phone: ['Mobile', 'Phone'], email: ['a=b'] },
  })
  const options = '{"mapping":{"A":"phone","B":"email"},"order":{"phone":["A"],"email":["B"]}}'
  expect(parsed({ options, map: ['A=ref'], order: ['email=C'] })).toEqual({
    mapping: { A: 'ref', B: 'email' },
    order: { phone: ['A'], email: ['C'] },
  })
})

it.each([{ map: ['Mobile'] }, { map: ['=phone'] }, { order: ['phone'] }, { order: ['phone='] }, { order: ['=A'] }])(
  'a flag of another form is refused with the right one: %j',
  (flags) => {
    expect(() => importOptions(flags)).toThrow(/has the form/)
  },
)

it('without flags the JSON goes as it is, for the gateway to judge', () => {
  expect(importOptions({})).toBeUndefined()
  expect(importOptions({ options: '{nonsense' })).toBe('{nonsense')
})

it.each(['{nonsense', '[]', 'null', '"x"'])('flags do not go into %s', (options) => {
  expect(() => importOptions({ options, tagSeparator: ';' })).toThrow('no JSON object')
})

it.each(['0', '-1', '1.5', 'four', ''])('refuses %j as the line of the header', (headerRow) => {
  expect(() => importOptions({ headerRow })).toThrow('no line of a file')
})

import { expect, it } from 'vitest'
import { importOptions } from '../../src/cli/import-options.ts'

const parsed = (flags: Parameters<typeof importOptions>[0]) => JSON.parse(importOptions(flags) ?? 'null') as unknown

it('flags go into the options of the upload, and count more than the JSON', () => {
  expect(parsed({ tagSeparator: '/' })).toEqual({ tagSeparator: '/' })
  expect(parsed({ emptyCells: 'N/A,-' })).toEqual({ emptyCells: ['N/A', '-'] })
  expect(parsed({ emptyCells: '' })).toEqual({ emptyCells: [] })
  expect(parsed({ encoding: 'windows-1252', headerRow: '4' })).toEqual({ encoding: 'windows-1252', headerRow: 4 })
  expect(parsed({ options: '{"defaultCountry":"FR","tagSeparator":","}', tagSeparator: ';' })).toEqual({
    defaultCountry: 'FR',
    tagSeparator: ';',
  })
})

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

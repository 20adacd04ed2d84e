import { describe, expect, it } from 'vitest'
import { confidences, guessColumns } from '../../src/imports/columns/guess-columns.ts'
import { carriers } from '../../src/imports/columns/import-columns.ts'
import { matchHeader } from '../../src/imports/columns/match-header.ts'

const rowsOf = (...rows: readonly string[][]) =>
  rows.map((cells, index) => ({ row: index + 1, line: index + 2, cells }))

describe('a column is guessed', () => {
  const guess = (header: string, mapping = {}, ...rows: string[][]) =>
    guessColumns(header.split(','), rowsOf(...rows), mapping)[0]

  it.each([
    ['by the mapping', 'X', { X: 'phone' }, 'phone', confidences.mapping],
    ['by the mapping as not wanted', 'Phone', { Phone: null }, null, confidences.mapping],
    ['by our own name', 'firstName', {}, 'firstName', confidences.ourName],
    ['by our own name of an attribute', 'attributes.city', {}, 'attributes.city', confidences.ourName],
    ['by a name of a program', 'E-mail 1 - Value', {}, 'email', confidences.name],
    ['by a name of a language', 'Numer telefonu', {}, 'phone', confidences.name],
    ['by its words', 'Mobile number (phone)', {}, 'phone', confidences.words],
    ['by a name that may be it', 'Business Phone', {}, 'phone', confidences.fallback],
    ['by what stands beside it', 'Name,Vorname', {}, 'lastName', confidences.fallback],
    ['as the country of its neighbour', 'Country Code,Phone', {}, 'phone.countryCode', confidences.name],
    ['not at all', 'Plan', {}, null, confidences.nothing],
  ])('%s: %s', (_how, header, mapping, field, confidence) => {
    expect(guess(header, mapping)).toEqual({ index: 0, header: header.split(',')[0], field, confidence })
  })

  it.each([
    ['a@x.example', 'email'],
    ['+33 6 12 34 56 78', 'phone'],
  ] as const)('not by what it holds, which is proposed: %s', (cell, proposal) => {
    expect(guess('Kontakt', {}, [cell])).toEqual({
      ...{ index: 0, header: 'Kontakt', field: null, confidence: confidences.contents, proposal },
    })
  })

  it('as no part of the contact where a report added it', () => {
    const header = ['email', '_row', '_account', '_status', '_code', '_detail']
    expect(guessColumns(header, []).slice(1)).toEqual(
      header.slice(1).map((name, index) => ({ index: index + 1, header: name, field: null, confidence: 1 })),
    )
  })

  it('also in a header that an import refuses', () => {
    expect(guessColumns(['A', 'Name'], rowsOf(['a@x.example', 'Ann'])).map(({ field }) => field)).toEqual([
      null,
      'name',
    ])
    expect(guessColumns(['Phone', 'Phone'], []).map(({ field }) => field)).toEqual(['phone', 'phone'])
  })
})

it.each([
  'First Name,Last Name,E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Value,Labels',
  'Name,Vorname,Telefon,Handy,Country Code,Stadt',
  'Country Code,Phone Number,Formatted Phone,Saved Name,Public Display Name',
])('the guesses are what an import takes the columns for: %s', (text) => {
  const header = text.split(',')
  const match = matchHeader(header)
  if ('refusal' in match) throw new Error(match.refusal.detail)
  const taken = [...carriers(match.columns), ...match.columns.countryCodes].map(({ index, target }) => [index, target])
  const guessed = guessColumns(header, []).flatMap(({ index, field }) => (field === null ? [] : [[index, field]]))
  expect(guessed.toSorted()).toEqual(taken.toSorted())
  expect(taken.length).toBeGreaterThan(2)
})

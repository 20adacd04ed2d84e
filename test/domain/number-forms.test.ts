import { expect, test } from 'vitest'
import { comparedForm, formsOf } from '../../src/domain/number-forms.ts'

test.each([
  ['Argentina', '+5491123456789', '+541123456789'],
  ['Mexico', '+5215512345678', '+525512345678'],
  ['Brazil', '+5511987654321', '+551187654321'],
  ['a mobile phone of São Paulo that began with 6', '+5511964654321', '+551164654321'],
  ['Ivory Coast, mobile', '+2250707123456', '+22507123456'],
  ['Ivory Coast, fixed', '+2252720304050', '+22520304050'],
  ['Benin', '+2290197123456', '+22997123456'],
])('a phone of %s is found by both of its numbers, from either', (_country, one, other) => {
  expect(formsOf(one)).toEqual([one, other])
  expect(formsOf(other)).toEqual([other, one])
})

test.each([
  ['France', '+33612345678'],
  ['a fixed line of Brazil', '+551132654321'],
  ['an area of Brazil that begins with 0', '+550187654321'],
  ['a line of Ivory Coast whose old number another network has today', '+2252520304050'],
  ['too few digits for Mexico', '+52551234567'],
  ['too many for Argentina', '+54911234567890'],
  ['a code of four digits that begins as one of three does', '+5991234567'],
])('a number has one form alone: %s', (_name, number) => {
  expect(formsOf(number)).toEqual([number])
})

test.each(['+5491123456789', '+5215512345678', '+5511987654321', '+551164654321', '+2250707123456', '+22997123456'])(
  'all forms of %s are compared as one number, so that whom a wish holds for is found wherever she is',
  (number) => {
    expect(formsOf(number)).toHaveLength(2)
    expect(new Set(formsOf(number).map(comparedForm)).size).toBe(1)
  },
)

import { expect, test } from 'vitest'
import { matchNumbers } from '../../src/providers/reading/match-numbers.ts'

const numbers = ['+33612345678', '+919876543210', '+33698765432', undefined]

test.each<[what: string, shown: (string | undefined)[], places: (number | undefined)[]]>([
  ['as they were sent', ['+919876543210', '+33612345678'], [1, 0]],
  ['as digits, with 00, with blanks', ['33612345678', '00919876543210', '+33 6 98-76.54 32'], [0, 1, 2]],
  ['national', ['0612345678', '06 98 76 54 32'], [0, 2]],
  ['masked', ['+336****5678', '91xxxxxx3210', '+336••••••32'], [0, 1, 2]],
  ['masked so that it fits two', ['+336*******'], [undefined]],
  ['masked whole', ['***********'], [undefined]],
  ['two that fit the same one', ['0612345678', '612345678'], [undefined, undefined]],
  ['twice', ['+33612345678', '+33612345678'], [0, 0]],
  ['the last digits alone', ['45678'], [undefined]],
  ['another number with a plus', ['+612345678'], [undefined]],
  ['none', ['', undefined, 'abc'], [undefined, undefined, undefined]],
])('numbers %s', (_what, shown, places) => {
  expect(matchNumbers(shown, numbers)).toEqual(places)
})

test('who was found by all digits is not found again by some', () => {
  expect(matchNumbers(['+33612345678', '+33*******32'], numbers)).toEqual([0, 2])
})

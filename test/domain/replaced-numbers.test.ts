import { describe, expect, test } from 'vitest'
import { readPhone } from '../../src/domain/phone.ts'
import { numberOfToday } from '../../src/domain/replaced-numbers.ts'

describe('a number in a form that its country has replaced', () => {
  test.each([
    ['+5215512345678', undefined, '+525512345678'],
    ['+52 1 81 1234 5678', undefined, '+528112345678'],
    ['044 55 1234 5678', 'MX', '+525512345678'],
    ['01 55 1234 5678', 'MX', '+525512345678'],
    ['+553181234567', undefined, '+5531981234567'],
    ['+55 51 9234-5678', undefined, '+5551992345678'],
    ['(21) 8123-4567', 'BR', '+5521981234567'],
    ['+22507123456', undefined, '+2250707123456'],
    ['+225 44 12 34 56', undefined, '+2250544123456'],
    ['00225 02 12 34 56', undefined, '+2250102123456'],
    ['+225 20 21 23 45', undefined, '+2252720212345'],
    ['+229 97 12 34 56', undefined, '+2290197123456'],
    ['97123456', 'BJ', '+2290197123456'],
    ['+84 120 123 4567', undefined, '+84701234567'],
    ['0169 123 4567', 'VN', '+84391234567'],
    ['+57 1 2345678', undefined, '+576012345678'],
    ['+57 4 2345678', undefined, '+576042345678'],
  ])('%j read in %s is the one that took its place, %s', (raw, country, e164) => {
    expect(readPhone(raw, country)).toStrictEqual({ e164, normalized: true, replaced: true })
  })

  test.each([
    ['a number of today', '+525512345678', undefined],
    ['a fixed line of Brazil', '+553131234567', undefined],
    ['a number in Brazil that may have kept its eight digits', '+553171234567', undefined],
    ['no code of an operator', '+22563123456', undefined],
    ['a mobile number of Vietnam that kept its digits', '+84901234567', undefined],
    ['a country that has replaced none', '+33612345678', undefined],
    ['a digit too many', '+52155123456789', undefined],
  ])('is not %s: %s', (_, e164, today) => {
    expect(numberOfToday(e164)).toBe(today)
  })

  test('that no phone can have is refused all the same', () => {
    expect(readPhone('+5210012345678')).toMatchObject({ code: 'phone_invalid' })
    expect(readPhone('+84 123 000')).toMatchObject({ code: 'phone_invalid' })
    expect(readPhone('+84 110 123 4567')).toMatchObject({ code: 'phone_invalid' })
  })
})

import { describe, expect, test } from 'vitest'
import { isPhoneCountry, readPhone } from '../../src/domain/phone.ts'

describe('numbers that are tidied', () => {
  test.each([
    ['+33612345678', undefined, '+33612345678', false],
    ['+919876543210', undefined, '+919876543210', false],
    ['  +33612345678 ', undefined, '+33612345678', true],
    ['+33 6 12 34 56 78', undefined, '+33612345678', true],
    ['+33 (0)6.12.34.56.78', undefined, '+33612345678', true],
    ['+1 (202) 555-0123', undefined, '+12025550123', true],
    ['0033612345678', undefined, '+33612345678', true],
    ['00 33 6 12 34 56 78', undefined, '+33612345678', true],
    ["'+33612345678", undefined, '+33612345678', true],
    ["'0033612345678", undefined, '+33612345678', true],
    ['+33\u00a06\u201012\u201134\u201356\u221278', undefined, '+33612345678', true],
    ['+33\u202f6\u200912\u300034\u201456\uff0d78', undefined, '+33612345678', true],
    ['\u202a+33612345678\u202c', undefined, '+33612345678', true],
    ['\ufeff+336\u200b12\u00ad345678', undefined, '+33612345678', true],
    ['06 12 34 56 78', 'FR', '+33612345678', true],
    ['(202) 555-0123', 'US', '+12025550123', true],
    ['09876543210', 'IN', '+919876543210', true],
    ['+919876543210', 'FR', '+919876543210', false],
    ['00919876543210', 'FR', '+919876543210', true],
    ['+39 06 698 12345', undefined, '+390669812345', true],
  ])('%j read in %s is %s', (raw, country, e164, normalized) => {
    expect(readPhone(raw, country)).toStrictEqual({ e164, normalized })
  })
})

describe('numbers that are refused', () => {
  test.each([
    ['06 12 34 56 78', undefined, 'phone_not_e164', /defaultCountry/],
    ['919876543210', undefined, 'phone_not_e164', /E\.164/],
    ['919876543210', 'FR', 'phone_invalid', /No country/],
    ['0612345678', 'XX', 'phone_invalid', /No country/],
    ['+3361234567', undefined, 'phone_invalid', /No country/],
    ['+336123456789', undefined, 'phone_invalid', /No country/],
    ['+1 555 0100', undefined, 'phone_invalid', /No country/],
    ['+999123456789', undefined, 'phone_invalid', /No country/],
    ['+1234567890123456', undefined, 'phone_invalid', /No country/],
    ['+0033612345678', undefined, 'phone_invalid', /No country/],
    ['112', 'FR', 'phone_invalid', /No country/],
    ['', undefined, 'phone_invalid', /digits only/],
    [' ', 'FR', 'phone_invalid', /digits only/],
    ['+', undefined, 'phone_invalid', /digits only/],
    ['00', undefined, 'phone_invalid', /digits only/],
    ['+33+612345678', undefined, 'phone_invalid', /digits only/],
    ['tel:+33612345678', undefined, 'phone_invalid', /digits only/],
    ['+33612345678;ext=5', undefined, 'phone_invalid', /digits only/],
    ['+33612345678 x5', 'FR', 'phone_invalid', /digits only/],
    ['call me: +33612345678', undefined, 'phone_invalid', /digits only/],
    ['+1-800-FLOWERS', undefined, 'phone_invalid', /digits only/],
    ['+٣٣٦١٢٣٤٥٦٧٨', undefined, 'phone_invalid', /digits only/],
    ['-33612345678e', undefined, 'phone_invalid', /digits only/],
  ])('%j read in %s is %s', (raw, country, code, detail) => {
    expect(readPhone(raw, country)).toStrictEqual({ code, detail: expect.stringMatching(detail) })
  })
})

describe('what a spreadsheet has damaged is named as such', () => {
  test.each(['9.19877E+11', '9,19877E+11', '9.19877e11', '9E+11', "'9.19877E+11", '+3.36123E+10', ' 9.19877 E+11 '])(
    '%j is scientific notation, also with a default country',
    (raw) => {
      expect(readPhone(raw, 'IN')).toStrictEqual({
        code: 'phone_invalid',
        detail: expect.stringContaining('scientific notation'),
      })
    },
  )

  test.each(['919876543210.0', '+4930123456.0', '4930123456,0'])('%j is a decimal, not another number', (raw) => {
    expect(readPhone(raw, 'DE')).toStrictEqual({ code: 'phone_invalid', detail: expect.stringContaining('decimal') })
  })

  test('a number whose groups end in 0 is none', () => {
    expect(readPhone('+33.6.12.34.56.70')).toStrictEqual({ e164: '+33612345670', normalized: true })
  })
})

test.each([
  ['FR', true],
  ['IN', true],
  ['XX', false],
  ['fr', false],
  ['', false],
])('%j has a numbering plan: %s', (code, has) => {
  expect(isPhoneCountry(code)).toBe(has)
})

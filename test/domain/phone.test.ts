import { describe, expect, test } from 'vitest'
import { isPhoneCountry, readPhone } from '../../src/domain/phone.ts'

/** The number, or the code of the refusal. */
const read = (raw: string, country?: string) => {
  const result = readPhone(raw, country)
  return 'code' in result ? result.code : result.e164
}

describe('numbers that are tidied', () => {
  test.each([
    ['+33612345678', undefined, '+33612345678', false],
    ['+919876543210', undefined, '+919876543210', false],
    ['  +33612345678 ', undefined, '+33612345678', true],
    ['+33 6 12 34 56 78', undefined, '+33612345678', true],
    ['+33 (0)6.12.34.56.78', undefined, '+33612345678', true],
    ['(+33) 6 12 34 56 78', undefined, '+33612345678', true],
    ['+1 (202) 555-0123', undefined, '+12025550123', true],
    ['0033612345678', undefined, '+33612345678', true],
    ['00 33 6 12 34 56 78', undefined, '+33612345678', true],
    ["'+33612345678", undefined, '+33612345678', true],
    ["'0033612345678", undefined, '+33612345678', true],
    ['+33\u00a06\u201012\u201134\u201356\u221278', undefined, '+33612345678', true],
    ['+33\u202f6\u200912\u300034\u201456\uff0d78', undefined, '+33612345678', true],
    ['\u202a+33612345678\u202c', undefined, '+33612345678', true],
    ['\ufeff+336\u200b12\u00ad345678', undefined, '+33612345678', true],
    ['\u180e+336\ufe0f12\u{e0020}345678\u115f', undefined, '+33612345678', true],
    ['06 12 34 56 78', 'FR', '+33612345678', true],
    ['(202) 555-0123', 'US', '+12025550123', true],
    ['09876543210', 'IN', '+919876543210', true],
    ['+919876543210', 'FR', '+919876543210', false],
    ['00919876543210', 'FR', '+919876543210', true],
    ['+39 06 698 12345', undefined, '+390669812345', true],
    ['tel:+33-6-12-34-56-78', undefined, '+33612345678', true],
    ['TEL: 06 12 34 56 78', 'FR', '+33612345678', true],
    ["'tel:+33612345678", undefined, '+33612345678', true],
  ])('%j read in %s is %s', (raw, country, e164, normalized) => {
    expect(readPhone(raw, country)).toStrictEqual({ e164, normalized, replaced: false })
  })

  test.each([
    ['+٩٦٦٥٠١٢٣٤٥٦٧', undefined, '+966501234567'],
    ['٠٠٩٦٦٥٠١٢٣٤٥٦٧', undefined, '+966501234567'],
    ['۰۹۱۲۳۴۵۶۷۸۹', 'IR', '+989123456789'],
    ['+٣٣٦١٢٣٤٥٦٧٨', undefined, '+33612345678'],
    ['＋８１３１２３４５６７８', undefined, '+81312345678'],
    ['０３ー１２３４ー５６７８', 'JP', '+81312345678'],
    ['（０３）１２３４－５６７８', 'JP', '+81312345678'],
  ])('%j, in other digits or full width, is %s', (raw, country, e164) => {
    expect(read(raw, country)).toBe(e164)
  })

  test.each([
    ['030/1234567', 'DE', '+49301234567'],
    ['+49 30/1234567', 'DE', '+49301234567'],
    ['+49/30/123 45 67', undefined, '+49301234567'],
    ['0664/123 45 67', 'AT', '+436641234567'],
    ['030 / 1234567', 'DE', '+49301234567'],
  ])('%j, with a slash behind the area, is %s', (raw, country, e164) => {
    expect(read(raw, country)).toBe(e164)
  })
})

describe('numbers dialled to abroad', () => {
  test.each([
    ['0011 65 9234 5678', 'AU', '+6592345678'],
    ['0011 44 20 7946 0958', 'AU', '+442079460958'],
    ['0011659234 5678', 'AU', '+6592345678'],
    ['011 65 9234 5678', 'US', '+6592345678'],
    ['010 65 9234 5678', 'JP', '+6592345678'],
    ['8 10 44 20 7946 0958', 'RU', '+442079460958'],
    ['001 65 9234 5678', 'TH', '+6592345678'],
    ['00700 33 6 12 34 56 78', 'KR', '+33612345678'],
    ['119 33 6 12 34 56 78', 'CU', '+33612345678'],
  ])("%j has %s's own prefix: %s", (raw, country, e164) => {
    expect(read(raw, country)).toBe(e164)
  })

  test.each([
    ['0044 20 7946 0958', 'US', '+442079460958'],
    ['0044 20 7946 0958', 'SG', '+442079460958'],
    ['00 1 202 555 0123', 'KR', '+12025550123'],
    ['0062 812 3456 7890', 'ID', '+6281234567890'],
    ['00 33 (0)6 12 34 56 78', 'JP', '+33612345678'],
  ])('%j has 00 where %s dials something else: %s', (raw, country, e164) => {
    expect(read(raw, country)).toBe(e164)
  })

  test.each([
    ['0011 65 9234 5678', undefined, 'phone_not_e164'],
    ['0011 65 9234 5678', 'US', 'phone_invalid'],
    ['0011 44 20 7946 095', 'AU', 'phone_invalid'],
    ['001 44 20 7946 095', 'KR', 'phone_invalid'],
  ])('%j is never a number of North America in %s', (raw, country, code) => {
    expect(read(raw, country)).toBe(code)
  })
})

describe('a text that could be two numbers', () => {
  test.each([
    ['0033612345678', 'SG', '+3612345678', '+33612345678'],
    ['0016592345678', 'TH', '+6592345678', '+16592345678'],
    ['005547 3123 4567', 'BR', '+4731234567', '+554731234567'],
    ['00376317350', 'JP', '+8100376317350', '+376317350'],
    ['4934120240', 'DE', '+494934120240', '+4934120240'],
    ['390228620', 'IT', '+39390228620', '+390228620'],
    ['53329932', 'CU', '+5353329932', '+53329932'],
  ])('%j in %s is refused, and both are named', (raw, country, one, other) => {
    expect(readPhone(raw, country)).toStrictEqual({
      code: 'phone_ambiguous',
      detail: `This could be ${one} or ${other}. Write the one that is meant in E.164, with + and its country code.`,
    })
  })

  test.each([
    ['04934 120240', 'DE', '+494934120240'],
    ['+49 34120240', 'DE', '+4934120240'],
    ['33612345678', 'FR', '+33612345678'],
    ['919876543210', 'IN', '+919876543210'],
    ['9198765432', 'IN', '+919198765432'],
    ['12025550123', 'US', '+12025550123'],
  ])('%j in %s is no such text', (raw, country, e164) => {
    expect(read(raw, country)).toBe(e164)
  })
})

describe('numbers that are refused', () => {
  test.each([
    ['06 12 34 56 78', undefined, 'phone_not_e164', /defaultCountry/],
    ['919876543210', undefined, 'phone_not_e164', /E\.164/],
    ['919876543210', 'FR', 'phone_invalid', /No country/],
    ['0612345678', 'XX', 'phone_invalid', /No country/],
    ['0033612345678', 'XX', '+33612345678', undefined],
    ['+3361234567', undefined, 'phone_invalid', /No country/],
    ['+336123456789', undefined, 'phone_invalid', /No country/],
    ['+1 555 0100', undefined, 'phone_invalid', /No country/],
    ['+999123456789', undefined, 'phone_invalid', /No country/],
    ['+0033612345678', undefined, 'phone_invalid', /No country/],
    ['112', 'FR', 'phone_invalid', /No country/],
    ['', undefined, 'phone_invalid', /digits only/],
    [' ', 'FR', 'phone_invalid', /digits only/],
    ['+', undefined, 'phone_invalid', /digits only/],
    ['00', undefined, 'phone_invalid', /No country/],
    ['12', undefined, 'phone_not_e164', /E\.164/],
    ['+33+612345678', undefined, 'phone_invalid', /digits only/],
    ['call me: +33612345678', undefined, 'phone_invalid', /digits only/],
    ['+1-800-FLOWERS', undefined, 'phone_invalid', /digits only/],
    ['-33612345678e', undefined, 'phone_invalid', /digits only/],
    ['+4930123456¹', undefined, 'phone_invalid', /digits only/],
    ['①②③④⑤⑥⑦⑧', 'DE', 'phone_invalid', /digits only/],
    ['०९८७६५४३२१०', 'IN', 'phone_invalid', /digits only/],
    ['9'.repeat(10_000), 'IN', 'phone_invalid', /digits only/],
    ['1,'.repeat(10_000), 'IN', 'phone_invalid', /digits only/],
  ])('%j read in %s is %s', (raw, country, code, detail) => {
    if (detail === undefined) expect(read(raw, country)).toBe(code)
    else expect(readPhone(raw, country)).toStrictEqual({ code, detail: expect.stringMatching(detail) })
  })

  test.each([
    ['+49301234503012346', undefined],
    ['+1234567890123456', undefined],
    ['0301234503012346', 'DE'],
    ['0049301234503012346', undefined],
    ['0301234567890401234567', 'DE'],
  ])('%j, of more than fifteen digits, read in %s', (raw, country) => {
    expect(readPhone(raw, country)).toStrictEqual({
      code: 'phone_invalid',
      detail: expect.stringContaining('15 digits'),
    })
  })

  test.each([
    '+33612345678;ext=5',
    'tel:+33612345678;ext=5',
    '+33612345678 x5',
    '06 12 34 56 78 ext. 12',
    '+1 202 555 0123 #45',
    '+1 202 555 0123 extension 45',
    '+33612345678,,5',
    '+7 495 123 45 67 доб. 12',
  ])('%j has an extension, which is said', (raw) => {
    expect(readPhone(raw, 'FR')).toStrictEqual({ code: 'phone_invalid', detail: expect.stringContaining('extension') })
  })
})

describe('several numbers in one text', () => {
  test.each([
    ['+33612345678 ::: +33698765432', undefined],
    ['06 12 34 56 78 ::: 06 98 76 54 32', 'FR'],
    ['+33612345678 / +33698765432', undefined],
    ['0612345678/0698765432', 'FR'],
    ['+33612345678;+33698765432', undefined],
    ['0612345678, 0698765432', 'FR'],
    ['0612345678,0698765432', undefined],
    ['+33612345678 | +33698765432', undefined],
    ['+33612345678 +33698765432', undefined],
    ['+33612345678+33698765432', undefined],
    ['+49301234567\n+49301234568', undefined],
    ['030 1234567\r\n0171 2345678', 'DE'],
    ['0301234567\t0401234567', 'DE'],
    ['0301234567  0401234567', 'DE'],
    ['0301234567\u00a0\u00a00401234567', 'DE'],
    ['0301234567\u001f0401234567', 'DE'],
    ['home: 030 1234567; mobile: 0171 2345678', 'DE'],
    ['030 1234567/12', 'DE'],
  ])('%j read in %s is refused, and it is said why', (raw, country) => {
    expect(readPhone(raw, country)).toStrictEqual({
      code: 'phone_invalid',
      detail: expect.stringMatching(/several phone numbers.*Give one number/),
    })
  })

  test.each([
    ['+33 6  12 34 56 78', undefined, '+33612345678'],
    ['+33 6 12\n34 56 78', undefined, '+33612345678'],
    ['030\t1234567', 'DE', '+49301234567'],
    ['(030)\r\n1234567', 'DE', '+49301234567'],
    ['+33612345678\n', undefined, '+33612345678'],
    ['\t+33612345678', undefined, '+33612345678'],
    ['+91 98765\u001f43210', undefined, '+919876543210'],
  ])('%j read in %s is one, for a side of it alone could be none', (raw, country, e164) => {
    expect(read(raw, country)).toBe(e164)
  })
})

describe('what a spreadsheet has damaged is named as such', () => {
  test.each([
    '9.19877E+11',
    '9,19877E+11',
    '9.19877e11',
    '9E+11',
    "'9.19877E+11",
    '+3.36123E+10',
    ' 9.19877 E+11 ',
    '919.877E+9',
    '９.１９８７７Ｅ＋１１',
  ])('%j is scientific notation, also with a default country', (raw) => {
    expect(readPhone(raw, 'IN')).toStrictEqual({
      code: 'phone_invalid',
      detail: expect.stringContaining('scientific notation'),
    })
  })

  test.each([
    '919876543210.0',
    '+4930123456.0',
    '4930123456,0',
    '436641234567.00',
    '+22507123456.00',
    '436641234567,00',
    "'436641234567.00",
    '436641234567.5',
    '436641234567.000',
    '436 641 234 567,00',
    '436,641,234,567.00',
    '436.641.234.567,00',
    "436'641'234'567.00",
    '+43 664 1234567.0',
    '٤٣٦٦٤١٢٣٤٥٦٧٫٠٠',
  ])('%j is a decimal, not another number', (raw) => {
    for (const country of ['DE', 'AT', undefined]) {
      expect(readPhone(raw, country)).toStrictEqual({
        code: 'phone_invalid',
        detail: expect.stringContaining('decimal'),
      })
    }
  })

  test.each([
    ['+33.6.12.34.56.70', undefined, '+33612345670'],
    ['06.12.34.56.00', 'FR', '+33612345600'],
    ['+49 30.1234567', undefined, '+49301234567'],
  ])('%j, whose groups end in 0 or are set apart by dots, is none', (raw, country, e164) => {
    expect(read(raw, country)).toBe(e164)
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

describe('numbers that have their country code without a plus', () => {
  test.each([
    ['33612345678', '+33612345678'],
    ['33 6 12 34 56 78', '+33612345678'],
    ['919876543210', '+919876543210'],
    ['+33612345678', '+33612345678'],
    ['0033612345678', '+33612345678'],
    ['(33) 6-12-34-56-78', '+33612345678'],
    ['33 (0)6 12 34 56 78', '+33612345678'],
    ['390669812345', '+390669812345'],
    ['٩٦٦٥٠١٢٣٤٥٦٧', '+966501234567'],
    ["'33612345678", '+33612345678'],
    // Forms that their country has replaced: a `wa_id` of Mexico, of Brazil, of Ivory Coast.
    ['5215512345678', '+525512345678'],
    ['551187654321', '+5511987654321'],
    ['22507123456', '+2250707123456'],
    // A number of the United States, had it been meant so, is one of Egypt: that is what was said of it.
    ['201001234567', '+201001234567'],
  ])('%j is %s', (raw, e164) => {
    expect(read(raw, 'international')).toBe(e164)
  })

  test.each([
    ['0612345678', 'phone_not_e164'],
    ['06 12 34 56 78', 'phone_not_e164'],
    ['011 33 6 12 34 56 78', 'phone_not_e164'],
    ['999999999999', 'phone_invalid'],
    ['612345678', 'phone_invalid'],
    ['33612345678, 33612345679', 'phone_invalid'],
    ['33612345678  33612345679', 'phone_invalid'],
    ['33612345678 ext 12', 'phone_invalid'],
    ['3.36123E+10', 'phone_invalid'],
    ['33612345678.0', 'phone_invalid'],
    ['3361234567833612345678', 'phone_invalid'],
    ['', 'phone_invalid'],
  ])('%j is refused: %s', (raw, code) => {
    expect(read(raw, 'international')).toBe(code)
  })
})

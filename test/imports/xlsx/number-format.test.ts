import { expect, test } from 'vitest'
import { builtInFormat, formatOfCode, numberText } from '../../../src/imports/file/xlsx/number-format.ts'

const general = formatOfCode('General')

test.each([
  ['436641234567', '436641234567'],
  ['4.36641234567E11', '436641234567'],
  ['4.36641234567e+11', '436641234567'],
  ['-5', '-5'],
  ['0', '0'],
  ['-0', '0'],
  ['1E21', '1000000000000000000000'],
  ['436641234567.00006', '436641234567'],
  ['0.30000000000000004', '0.3'],
  ['12.50', '12.5'],
  ['1.5E-7', '0.00000015'],
  ['-2.5E-9', '-0.0000000025'],
  ['1E-10', '0.0000000001'],
  // More digits than a double holds, as programs write them that are no spreadsheets.
  ['-8086931554011838357', '-8086931554011838357'],
])('the number %s is %s, never with an exponent', (stored, text) => {
  expect(numberText(stored, general, false)).toBe(text)
})

test.each(['', 'NaN', '0x10', 'Infinity', '1e999', 'twelve'])('%j is no number', (stored) => {
  expect(numberText(stored, general, false)).toBeUndefined()
})

test.each([
  ['yyyy-mm-dd', '45292', '2024-01-01'],
  ['dd/mm/yyyy', '45351', '2024-02-29'],
  ['d.m.yy h:mm', '45292.75', '2024-01-01T18:00:00'],
  ['[$-F800]dddd, mmmm dd, yyyy', '33999', '1993-01-30'],
  ['[$-411]ge.m.d;@', '45292', '2024-01-01'],
  ['yyyy"年"m"月"d"日"', '45292', '2024-01-01'],
  ['mmm', '45292', '2024-01-01'],
  ['h:mm AM/PM', '0.75', '18:00:00'],
  ['hh:mm:ss', '0.999988425925926', '23:59:59'],
  ['[h]:mm:ss', '10.5', '252:00:00'],
  ['yyyy-mm-dd', '1', '1900-01-01'],
  ['yyyy-mm-dd', '59', '1900-02-28'],
  ['yyyy-mm-dd', '60', '1900-02-29'],
  ['yyyy-mm-dd', '61', '1900-03-01'],
  ['yyyy-mm-dd', '2958465', '9999-12-31'],
  // Beyond what can be a date the number stays.
  ['yyyy-mm-dd', '2958466', '2958466'],
  ['yyyy-mm-dd', '-1', '-1'],
  ['yyyy-mm-dd', '436641234567', '436641234567'],
])('in the format %s the number %s is %s', (code, stored, text) => {
  expect(numberText(stored, formatOfCode(code), false)).toBe(text)
})

test.each([
  ['0', '1904-01-01'],
  ['43830', '2024-01-01'],
])('in the 1904 system day %s is %s', (stored, text) => {
  expect(numberText(stored, formatOfCode('yyyy-mm-dd'), true)).toBe(text)
})

test.each([
  'General',
  '0.00',
  '#,##0',
  '0.00E+00',
  '##0.0E+0',
  '0%',
  '@',
  '# ?/?',
  '[Red]-0.00',
  '#,##0.00\\ "€"',
  '#,##0 [$€-407]',
  '_-* #,##0.00\\ "dhs"_-;\\-* #,##0.00_-',
  '0" days"',
  '0\\d',
  '"y"0',
  '[>999]0;0',
  'General" km/h"',
  '(###) ###-####',
])('the format %s is none of dates: the number stays', (code) => {
  expect(numberText('45292', formatOfCode(code), false)).toBe('45292')
})

test.each([
  ['0000000000', '612345678', '0612345678'],
  ['0#" "##" "##" "##" "##', '612345678', '0612345678'],
  ['00000', '1067', '01067'],
  ['"+"0', '436641234567', '+436641234567'],
  ['\\+#', '436641234567', '+436641234567'],
  ['+##########0', '436641234567', '+436641234567'],
  ['00000', '123456', '123456'],
  ['00000', '-5', '-5'],
  ['00000', '1.5', '1.5'],
])('the format %s shows the number %s as %s, and so it is read', (code, stored, text) => {
  expect(numberText(stored, formatOfCode(code), false)).toBe(text)
})

test.each([
  [14, '2024-01-01'],
  [22, '2024-01-01'],
  [21, '2024-01-01'],
  [30, '2024-01-01'],
  [57, '2024-01-01'],
  [46, '1087008:00:00'],
  [0, '45292'],
  [4, '45292'],
  [49, '45292'],
  [37, '45292'],
])('the built-in format %i makes %s of the number 45292', (id, text) => {
  expect(numberText('45292', builtInFormat(id), false)).toBe(text)
})

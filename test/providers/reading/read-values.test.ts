import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ExactNumber } from '../../../src/domain/exact-number.ts'
import { digitsOf } from '../../../src/domain/phone-digits.ts'
import { asCount, asFlag, asId, asList, asRecord, asText, asTexts } from '../../../src/providers/reading/coercions.ts'
import type { DriftKind } from '../../../src/providers/reading/drift.ts'
import { readShownNumber } from '../../../src/providers/reading/read-number.ts'
import { readTime } from '../../../src/providers/reading/read-time.ts'
import { noting } from './noted.ts'

type Row<Value> = readonly [shown: unknown, read: Value | undefined, drift?: DriftKind]
const noted = (drift: unknown) => (drift === undefined ? [] : [drift])

describe('a time', () => {
  const at = '2026-03-01T10:00:00.000Z'
  const rows: Row<string>[] = [
    ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00Z'],
    ['2026-03-01T10:00:00.123456Z', '2026-03-01T10:00:00.123456Z'],
    ['2026-03-01T10:00:00', at, 'time_form'],
    ['2026-03-01 10:00:00', at, 'time_form'],
    ['2026-03-01 10:00', at, 'time_form'],
    ['2026-03-01 10:00:00.000000', at, 'time_form'],
    ['2026-03-01 10:00:00 UTC', at, 'time_form'],
    ['2026-03-01T15:30:00+05:30', at, 'time_form'],
    ['2026-03-01T15:30:00+0530', at, 'time_form'],
    ['2026-03-01T05:00:00-05', at, 'time_form'],
    ['2026-03-01', '2026-03-01T00:00:00.000Z', 'time_form'],
    ['Sun, 01 Mar 2026 10:00:00 GMT', at, 'time_form'],
    [1_772_359_200, at, 'time_form'],
    [1_772_359_200_000, at, 'time_form'],
    ['1772359200', at, 'time_form'],
    ['1772359200000', at, 'time_form'],
    [{ date: '2026-03-01 10:00:00.000000', timezone_type: 3, timezone: 'UTC' }, at, 'time_form'],
    [{ date: '2026-03-01 12:00:00.000000', timezone_type: 1, timezone: '+02:00' }, at, 'time_form'],
    [{ $date: '2026-03-01T10:00:00Z' }, at, 'time_form'],
    [1_772_359_200_000_000, at, 'time_form'],
    ['1772359200000000', at, 'time_form'],
    [new ExactNumber('1772359200000000000'), at, 'time_form'],
    ['2026-03-01 10:00:00 +0000 UTC', at, 'time_form'],
    ['/Date(1772359200000)/', at, 'time_form'],
    ['9999-12-31T23:59:59Z', undefined],
    ['9999-12-31 23:59:59', undefined, 'time_form'],
    [-62_135_596_800, undefined, 'time_form'],
    ['1900-01-01T00:00:00Z', undefined],
    ['-0001-11-30T00:00:00.000000Z', undefined, 'time_form'],
    ['0001-01-01T00:00:00Z', undefined],
    ['0000-00-00 00:00:00', undefined, 'time_form'],
    ['1970-01-01T00:00:00Z', undefined],
    [0, undefined, 'time_form'],
    ['2026-13-45T10:00:00Z', undefined, 'time_form'],
    ['03/01/2026', undefined, 'time_form'],
    ['yesterday', undefined, 'time_form'],
    ['', undefined, 'time_form'],
    [{ date: '2026-03-01 10:00:00', timezone: 'Europe/Paris' }, undefined, 'time_form'],
    [Number.MAX_VALUE, undefined, 'time_form'],
    [true, undefined, 'time_form'],
    [null, undefined],
  ]
  test.each(rows)('%j is read as %s', (shown, read, drift) => {
    expect(noting((note) => readTime(shown, note))).toEqual({ value: read, drift: noted(drift) })
  })

  test('without a zone is in UTC wherever the gateway runs', () => {
    const module = join(import.meta.dirname, '../../../src/providers/reading/read-time.ts')
    const program = `import { readTime } from ${JSON.stringify(module)}
      console.log(new Date(0).getHours(), readTime('2026-03-01 10:00:00', () => {}), readTime('2026-03-01T10:00:00', () => {}))`
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      env: { ...process.env, TZ: 'Asia/Tokyo' },
      encoding: 'utf8',
    })
    expect(printed.trim()).toBe(`9 ${at} ${at}`)
  })
})

describe('a phone number', () => {
  const rows: Row<string>[] = [
    ['+919876543210', '+919876543210'],
    ['919876543210', '+919876543210', 'phone_form'],
    ['00919876543210', '+919876543210', 'phone_form'],
    ['+91 98765 43210', '+919876543210', 'phone_form'],
    ['+91-98765-43210', '+919876543210', 'phone_form'],
    ['+91 (98765) 43210', '+919876543210', 'phone_form'],
    ['tel:+919876543210', '+919876543210', 'phone_form'],
    ['whatsapp:+919876543210', '+919876543210', 'phone_form'],
    ['919876543210@c.us', '+919876543210', 'phone_form'],
    ['919876543210@s.whatsapp.net', '+919876543210', 'phone_form'],
    ['\u202a+91 98765 43210\u202c', '+919876543210', 'phone_form'],
    ['(+91) 98765.43210', '+919876543210', 'phone_form'],
    ['1234567', '+1234567', 'phone_form'],
    ['123456789012345', '+123456789012345', 'phone_form'],
    ['123456', '123456', 'phone_form'],
    ['1234567890123456', '1234567890123456', 'phone_form'],
    ['09876543210', '09876543210', 'phone_form'],
    ['+9198765abc', '+9198765abc', 'phone_form'],
    ['ask her', 'ask her', 'phone_form'],
    ['', ''],
    [null, undefined],
    [{}, undefined],
    [1.5, undefined],
  ]
  test.each(rows)('%j is read as %s', (shown, read, drift) => {
    expect(noting((note) => readShownNumber(shown, note))).toEqual({ value: read, drift: noted(drift) })
  })

  test('that is a number is read as its digits', () => {
    expect(readShownNumber(919876543210, () => {})).toBe('+919876543210')
  })

  test('is compared by its digits', () => {
    for (const spelling of ['+919876543210', '919876543210', '0091 98765-43210'])
      expect(digitsOf(spelling)).toBe('919876543210')
  })
})

describe('a value of another type than the documented one', () => {
  const deeper = noted
  test.each<Row<string>>([
    ['a', 'a'],
    [7, '7', 'number_form'],
    [true, 'true', 'number_form'],
    [{}, undefined],
    [['a'], undefined],
  ])('text %j is %j', (shown, read, drift) => {
    expect(noting((note) => asText(shown, note))).toEqual({ value: read, drift: deeper(drift) })
  })

  test.each<Row<string>>([
    ['abc', 'abc'],
    [42, '42', 'number_form'],
    [0, '0', 'number_form'],
    [new ExactNumber('9007199254740993'), '9007199254740993', 'number_form'],
    [new ExactNumber('1.0'), undefined],
    [new ExactNumber('1e30'), undefined],
    [2 ** 53, undefined],
    [1.5, undefined],
    [-1, undefined],
    ['', undefined],
    ['.', undefined],
    ['..', undefined],
    ['a\0b', undefined],
    ['x'.repeat(513), undefined],
    [{ $oid: 'a' }, undefined],
  ])('id %j is %j', (shown, read, drift) => {
    expect(noting((note) => asId(shown, note))).toEqual({ value: read, drift: deeper(drift) })
  })

  test.each<Row<number>>([
    [3, 3],
    ['3', 3, 'number_form'],
    [' 3 ', 3, 'number_form'],
    ['three', undefined],
    [-1, undefined],
    [1.5, undefined],
    [null, undefined],
  ])('count %j is %j', (shown, read, drift) => {
    expect(noting((note) => asCount(shown, note))).toEqual({ value: read, drift: deeper(drift) })
  })

  test.each<Row<boolean>>([
    [true, true],
    ['false', false, 'number_form'],
    ['TRUE', true, 'number_form'],
    [0, false, 'number_form'],
    ['maybe', undefined],
    [{}, undefined],
  ])('flag %j is %j', (shown, read, drift) => {
    expect(noting((note) => asFlag(shown, note))).toEqual({ value: read, drift: deeper(drift) })
  })

  test.each<Row<readonly unknown[]>>([
    [[1], [1]],
    [{ 0: 'a', 2: 'b' }, ['a', 'b'], 'list_form'],
    [{}, undefined],
    [{ a: 1 }, undefined],
    ['a', undefined],
  ])('list %j is %j', (shown, read, drift) => {
    expect(noting((note) => asList(shown, note))).toEqual({ value: read, drift: deeper(drift) })
  })

  test.each<Row<string[]>>([
    [['vip'], ['vip']],
    [[], []],
    [[{ id: 1, name: 'vip' }, { label: 'new' }], ['vip', 'new'], 'list_form'],
    ['vip, new,', ['vip', 'new'], 'list_form'],
    ['["vip","new"]', ['vip', 'new'], 'json_text'],
    ['[]', [], 'json_text'],
    [{ 0: 'vip' }, ['vip'], 'list_form'],
    [['vip', null, {}], ['vip'], 'member_type'],
    [[['vip', 'new']], ['vip', 'new'], 'list_form'],
    [['vip', ['new']], undefined, 'member_type'],
    [['vip', { no: 'name' }], undefined, 'member_type'],
    [7, undefined],
  ])('texts %j are %j', (shown, read, drift) => {
    expect(noting((note) => asTexts(shown, note))).toEqual({ value: read, drift: deeper(drift) })
  })

  test.each<Row<object>>([
    [{ a: 1 }, { a: 1 }],
    [[], {}, 'list_form'],
    ['{"a":1}', { a: 1 }, 'json_text'],
    [
      [
        { name: 'a', value: 1 },
        { key: 'b', value: 2 },
      ],
      { a: 1, b: 2 },
      'list_form',
    ],
    [['a'], undefined],
    ['a', undefined],
    ['[1]', undefined],
  ])('values by name %j are %j', (shown, read, drift) => {
    expect(noting((note) => asRecord(shown, note))).toEqual({ value: read, drift: deeper(drift) })
  })
})

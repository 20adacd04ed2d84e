import { describe, expect, test } from 'vitest'
import { parseExactly } from '../../src/domain/exact-number.ts'
import { eraseEntries, eraseRows, findRows } from '../../src/imports/erase/erase-rows.ts'
import { findPerson } from '../../src/imports/erase/find-person.ts'
import { decodeReport, encodeReport } from '../../src/imports/reports/report-codec.ts'
import { BlockEncoder, RowBlock } from '../../src/imports/rows/row-block.ts'
import type { NewRow } from '../../src/imports/rows/row-piece.ts'
import { YieldToCallers } from '../../src/imports/rows/yield-to-callers.ts'

const yielding = new YieldToCallers()
const refusal = { code: 'phone_invalid', detail: 'no number', column: 'phone', value: '' }
const none = {
  ref: undefined,
  name: undefined,
  firstName: undefined,
  lastName: undefined,
  email: undefined,
  phone: undefined,
  whatsapp: undefined,
}

function row(contact: Partial<NewRow['contact']>, more: Partial<NewRow> = {}): NewRow {
  return {
    contact: { ...none, tags: [], attributes: {}, ...contact },
    warnings: [],
    error: undefined,
    refusal: undefined,
    repeats: [],
    accounts: undefined,
    ...more,
  }
}

async function blockOf(rows: readonly NewRow[], cells: (at: number) => readonly string[] = (at) => [`cell ${at}`]) {
  const encoder = new BlockEncoder()
  for (const [at, one] of rows.entries()) encoder.add(one, { row: at + 1, line: at + 2, cells: cells(at) })
  return encoder.encode()
}

describe('The rows of a person', () => {
  const her = findPerson({ phone: '+5511987654321', email: 'Jane@Éxample.com' })
  const of = async (rows: readonly NewRow[], cells?: (at: number) => readonly string[]) =>
    [...(await findRows(await blockOf(rows, cells), her, yielding)).fresh].sort((a, b) => a - b)

  test('are found by any of her addresses, in every form of a number and of a domain', async () => {
    const rows = [
      row({ phone: '+551187654321' }),
      row({ whatsapp: '+5511987654321', phone: '+33612345678' }),
      row({ email: 'JANE@xn--xample-9ua.com' }),
      row({ email: 'jane.@éxample.com', phone: '+5511987654322' }),
    ]
    expect(await of(rows)).toEqual([0, 1, 2])
  })

  test('are found by their cells only where they could not be read', async () => {
    const cells = [['(11) 98765-4321'], ['jane@éxample.com'], ['0055 11 98765 4321'], ['1198765432'], ['x 1 y']]
    const at = (place: number) => cells[place] ?? []
    const refused = cells.map(() => row({}, { refusal }))
    expect(await of(refused, at)).toEqual([0, 1, 2])
    expect(
      await of(
        cells.map(() => row({ email: 'else@example.com' })),
        at,
      ),
    ).toEqual([])
  })
})

describe('A block without some rows', () => {
  const exact = (parseExactly('{"n":12345678901234567890}') as { n: never }).n
  const rows = Array.from({ length: 250 }, (_, at) =>
    row(
      { phone: `+3361234${String(at).padStart(4, '0')}`, tags: ['vip'], attributes: { code: exact } },
      { accounts: at % 2 === 0 ? ['one'] : undefined, ...(at % 3 === 0 && { refusal }) },
    ),
  )
  const places = new Set([0, 99, 100, 249])

  test('holds as many, the others as they were, and nothing of those but for which accounts they were', async () => {
    const before = new RowBlock(await blockOf(rows))
    const payload = await eraseRows(await blockOf(rows), places, 'the erasure', yielding)
    const after = new RowBlock(payload)
    expect(after.length).toBe(250)
    for (const [at, one] of after.rows(0, 250).entries()) {
      if (!places.has(at)) {
        expect(one).toEqual(before.rows(0, 250)[at])
        expect(after.uploaded(at)).toEqual(before.uploaded(at))
        continue
      }
      expect(one).toEqual({ ...row({}), isCompared: true, accounts: rows[at]?.accounts, erased: 'the erasure' })
      expect(after.uploaded(at)).toEqual({ row: at + 1, line: at + 2, cells: [] })
    }
    const again = await findRows(payload, () => true, yielding)
    expect([...again.before.keys()]).toEqual([...places])
    expect(again.fresh.size).toBe(246)
  })

  test('was not compared where it had not been', async () => {
    const old = rows.map((one) => ({ ...one, isCompared: false }))
    const after = new RowBlock(await eraseRows(await blockOf(old), places, 'the erasure', yielding))
    expect(after.rows(0, 250).map(({ isCompared }) => isCompared)).toEqual(rows.map(() => false))
  })
})

test('a report without some rows tells of the others as before, and one that tells of none of them stays', () => {
  const entries = [1, 2, 2, 3].map((at) => ({ at, status: 'rejected' as const, code: 'x', detail: `of ${at}` }))
  const report = encodeReport(entries)
  const after = eraseEntries(report, new Set([2]))
  expect(decodeReport(after as Buffer).map(({ at }) => at)).toEqual([1, 3])
  expect(decodeReport(eraseEntries(report, new Set([1, 2, 3])) as Buffer)).toEqual([])
  expect(eraseEntries(report, new Set([4]))).toBeUndefined()
})

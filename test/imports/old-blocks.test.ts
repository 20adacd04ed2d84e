import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { RowBlock } from '../../src/imports/rows/row-block.ts'
import { planChunk } from '../../src/imports/work/plan-chunk.ts'
import { nobodySuppressed } from '../support/nobody-suppressed.ts'
import { targetAt } from '../support/targets.ts'

/**
 * A block as version 0.1.0 stored it: a row that lacks the e-mail, the same person with one, another of the same phone for
 * one account, one person for two sets of accounts, a phone that is none, and a good row with tags.
 */
const block = new RowBlock(readFileSync(new URL('../fixtures/block-of-version-0.1.0.bin', import.meta.url)))
const rows = block.rows(0, block.length)
const known = { validateOnly: false, onConflict: 'update', conditions: new Map() } as const

function chunkAt(account: string, at: ReturnType<typeof targetAt> | undefined) {
  const job = { importId: 'x', account, block: 0, committed: 0, markedUpTo: undefined, wasLeft: false }
  return planChunk(
    job,
    known,
    at === undefined ? [] : [at],
    { from: 0, upTo: rows.length, rows },
    async () => nobodySuppressed,
  )
}

describe('a block of version 0.1.0 that was queued when the gateway was upgraded', () => {
  test('is read whole', () => {
    expect(rows).toHaveLength(7)
    expect(rows[6]).toMatchObject({
      contact: { name: 'Eve', email: 'eve@example.com', phone: '+33612345680', tags: ['a', 'b'] },
      repeats: [],
      refusal: undefined,
      accounts: undefined,
    })
    expect(rows[5]?.refusal).toMatchObject({ code: 'phone_not_e164', column: 'phone', value: '12' })
    expect(block.uploaded(1)).toEqual({
      row: 2,
      line: 3,
      cells: ['Ana', 'ana@example.com', '+33 612345678', '', ''],
    })
  })

  test.each([
    ['oblic-main', 'oblic', ['email_required', 'row 1', '-', 'elsewhere', 'elsewhere', 'phone_not_e164', '-']],
    ['octopush-fr', 'octopush', ['-', 'row 1', 'elsewhere', 'elsewhere', '-', 'phone_not_e164', '-']],
    ['vobiz-in', 'vobiz', ['-', 'row 1', 'elsewhere', '-', 'in the chunk', 'phone_not_e164', '-']],
  ] as const)('stands by what was decided when its file was read, at %s', async (account, provider, expected) => {
    const { settled, delivery } = await chunkAt(account, targetAt(provider, account))
    const outcomes = delivery?.plan.outcomes.values()
    const verdicts = settled.map((row) => {
      if (row !== undefined) return row.code ?? 'elsewhere'
      const outcome = outcomes?.next().value
      if (outcome === undefined) return '-'
      const repeat = outcome.warnings.at(-1)
      if (outcome.error !== undefined) return outcome.error.code
      return repeat?.code === 'duplicate_in_batch' ? 'in the chunk' : /row \d/.exec(repeat?.detail ?? '')?.[0]
    })
    expect(verdicts).toEqual(expected)
  })

  test('ends at an account that is gone', async () => {
    expect((await chunkAt('oblic-main', undefined)).settled.map((row) => row?.code)).toEqual([
      'account_removed',
      'duplicate_in_file',
      'account_removed',
      undefined,
      undefined,
      'phone_not_e164',
      'account_removed',
    ])
  })
})

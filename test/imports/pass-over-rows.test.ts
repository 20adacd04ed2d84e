import { describe, expect, test } from 'vitest'
import { compileWhen } from '../../src/domain/routing/compile-when.ts'
import type { When } from '../../src/domain/routing/when.ts'
import type { BlockRow } from '../../src/imports/rows/row-piece.ts'
import { planChunk } from '../../src/imports/work/plan-chunk.ts'
import type { Destination } from '../../src/services/catalog/catalog.ts'
import { nobodySuppressed } from '../support/nobody-suppressed.ts'
import { targetAt } from '../support/targets.ts'

const account = 'oblic-main'
const rowOf = (name: string, tags: readonly string[]): BlockRow => ({
  contact: {
    ref: undefined,
    name,
    firstName: undefined,
    lastName: undefined,
    email: `${name}@example.com`,
    phone: undefined,
    whatsapp: undefined,
    tags,
    attributes: {},
  },
  warnings: [],
  error: undefined,
  refusal: undefined,
  repeats: [],
  isCompared: true,
  accounts: undefined,
})
/** One for whom the target was and is, one for whom it was, one for whom it is, and one for whom it never was. */
const rows = [rowOf('both', ['old', 'new']), rowOf('past', ['old']), rowOf('now', ['new']), rowOf('never', [])]
const tagged = (tag: string): When => ({ tags: { any: [tag] } })

async function verdicts(atStart: When | undefined, now: When | undefined, markedUpTo: number | undefined) {
  const when = now && compileWhen(now)
  const target: Destination = { ...targetAt('oblic', account), when }
  const everybody = targetAt('vobiz', 'vobiz-in')
  const conditions = new Map(atStart === undefined ? [] : [[account, compileWhen(atStart)]])
  const job = { importId: 'x', account, block: 0, committed: 0, markedUpTo, wasLeft: false }
  const known = { validateOnly: false, onConflict: 'update', conditions } as const
  const { settled, delivery } = await planChunk(
    job,
    known,
    [target, everybody],
    { from: 0, upTo: rows.length, rows },
    async () => nobodySuppressed,
  )
  const planned = delivery?.plan.outcomes.values()
  return settled.map((row) => {
    const { status, code } = row ?? { ...planned?.next().value, code: undefined }
    return [status ?? 'to be sent', ...(code === undefined ? [] : [code])].join(' ')
  })
}

describe('rows of an import at a target that is for some of them', () => {
  test('go by the conditions as they are now', async () => {
    expect(await verdicts(tagged('old'), tagged('new'), undefined)).toEqual([
      'to be sent',
      'skipped',
      'to be sent',
      'skipped',
    ])
  })

  test('are unknown where an earlier worker may have sent them and the target is not for them any more', async () => {
    expect(await verdicts(tagged('old'), tagged('new'), rows.length)).toEqual([
      'unknown',
      'unknown not_for_this_target',
      'unknown',
      'skipped',
    ])
  })

  test('that were never for the target are not in doubt because its worker died', async () => {
    expect(await verdicts(tagged('old'), tagged('old'), rows.length)).toEqual([
      'unknown',
      'unknown',
      'skipped',
      'skipped',
    ])
  })

  test('are in doubt up to the mark alone', async () => {
    expect(await verdicts(tagged('old'), tagged('new'), 1)).toEqual(['unknown', 'skipped', 'unknown', 'skipped'])
  })

  test('of an import that began when the target was for all were for it', async () => {
    expect(await verdicts(undefined, tagged('new'), rows.length)).toEqual([
      'unknown',
      'unknown not_for_this_target',
      'unknown',
      'unknown not_for_this_target',
    ])
  })

  test('go to a target that is for all by now', async () => {
    expect(await verdicts(tagged('old'), undefined, undefined)).toEqual(rows.map(() => 'to be sent'))
  })
})

import { expect, test } from 'vitest'
import { channelBits } from '../../src/domain/suppression.ts'
import type { BlockRow } from '../../src/imports/rows/row-piece.ts'
import { planChunk } from '../../src/imports/work/plan-chunk.ts'
import { targetAt } from '../support/targets.ts'

const rowOf = (n: number): BlockRow => ({
  contact: {
    ref: undefined,
    name: 'X',
    firstName: undefined,
    lastName: undefined,
    email: `x${n}@example.com`,
    phone: `+3361234567${n}`,
    whatsapp: undefined,
    tags: [],
    attributes: {},
  },
  warnings: [],
  error: undefined,
  refusal: undefined,
  repeats: [],
  isCompared: true,
  accounts: undefined,
})
/** The second person is suppressed, the third one was erased. */
const rows: readonly BlockRow[] = [rowOf(0), rowOf(1), { ...rowOf(2), erased: 'an-erasure' }]
const barred = { none: false, on: (contact: number) => (contact === 1 ? channelBits['*'] : 0) }

async function planned(
  provider: 'oblic' | 'octopush' | 'vobiz',
  { wasLeft, validateOnly = false, isGone = false }: { wasLeft: boolean; validateOnly?: boolean; isGone?: boolean },
) {
  const job = { importId: 'x', account: provider, block: 0, committed: 0, markedUpTo: undefined, wasLeft }
  const known = { validateOnly, onConflict: 'update', conditions: new Map() } as const
  const watch = { barred, refresh: () => undefined }
  const { settled, delivery } = await planChunk(
    job,
    known,
    isGone ? [] : [targetAt(provider, provider)],
    { from: 0, upTo: rows.length, rows },
    async () => watch,
  )
  const outcomes = delivery?.plan.outcomes.values()
  const asked = delivery?.plan.calls.filter(({ onlyAsk }) => onlyAsk).flatMap(({ indexes }) => indexes) ?? []
  return { statuses: settled.map((row) => (row ?? outcomes?.next().value)?.status ?? 'open'), asked }
}

test.each(['oblic', 'octopush', 'vobiz'] as const)('who is suppressed or erased is skipped at %s', async (provider) => {
  expect(await planned(provider, { wasLeft: false })).toEqual({ statuses: ['open', 'skipped', 'skipped'], asked: [] })
})

test('what a dead worker may have sent without a mark is unknown where the provider cannot be asked', async () => {
  expect(await planned('octopush', { wasLeft: true })).toEqual({ statuses: ['open', 'unknown', 'unknown'], asked: [] })
})

test('it is asked about where the provider can be asked', async () => {
  expect(await planned('vobiz', { wasLeft: true })).toEqual({ statuses: ['open', 'open', 'unknown'], asked: [1] })
})

test('what would have been marked was not sent', async () => {
  expect(await planned('oblic', { wasLeft: true })).toEqual({ statuses: ['open', 'skipped', 'skipped'], asked: [] })
})

test('a check of rows sends nothing, whoever died in it', async () => {
  const [checked, before] = await Promise.all(
    [true, false].map((wasLeft) => planned('octopush', { wasLeft, validateOnly: true })),
  )
  expect(checked).toEqual(before)
})

test('where the account is gone, nobody knows what was sent', async () => {
  const statuses = (wasLeft: boolean) => planned('octopush', { wasLeft, isGone: true })
  expect((await statuses(false)).statuses).toEqual(['failed', 'failed', 'skipped'])
  expect((await statuses(true)).statuses).toEqual(['unknown', 'unknown', 'unknown'])
})

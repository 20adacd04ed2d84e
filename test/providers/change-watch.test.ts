import { expect, test } from 'vitest'
import { type AccountChange, createChangeWatch } from '../../src/providers/change-watch.ts'
import { vobiz } from '../../src/providers/vobiz/index.ts'
import { everyAdapter } from './every-adapter.ts'

const dayMs = 86_400_000
const list = (body: object) => ({ status: 200, body, text: JSON.stringify(body) })
const current = list({ items: [{ id: '1', name: 'Jane' }], total: 1, page: 1, limit: 1, has_more: false })
const old = list({ data: [{ id: '1', name: 'Jane' }], meta: { total: 1, page: 1, limit: 1 } })

function watch(settled: Record<string, string>) {
  const lines: object[] = []
  const changes: AccountChange[] = []
  let counted = 0
  let now = 0
  const log = { debug: () => {}, error: () => {}, warn: (fields: object) => lines.push(fields) }
  const made = createChangeWatch({
    account: 'vobiz-in',
    watched: vobiz.probes?.watched ?? [],
    settled: new Map(Object.entries(settled)),
    clock: { now: () => now },
    count: () => counted++,
    onChange: (change) => changes.push(change),
  })
  const look = (response: typeof old, operation = 'listContacts') => made?.look(operation, response, log)
  return { made, look, lines, changes, count: () => counted, later: (ms: number) => (now += ms) }
}

test('an answer that contradicts what was settled is told once a day, and counted each time', () => {
  const { look, lines, changes, count, later } = watch({ 'VOB-LIST-SHAPE': 'current' })
  for (let times = 0; times < 5; times++) look(old)
  later(dayMs - 1)
  look(old)
  expect([lines.length, changes.length, count()]).toEqual([1, 1, 6])
  later(1)
  look(old)
  expect([lines.length, changes.length, count()]).toEqual([2, 2, 7])
  expect(changes[0]).toEqual({
    account: 'vobiz-in',
    operation: 'listContacts',
    probe: 'VOB-LIST-SHAPE',
    settled: 'current',
    seen: 'old',
  })
})

test('the line shows the form of the answer, and nothing of anybody', () => {
  const { look, lines } = watch({ 'VOB-LIST-SHAPE': 'current' })
  look(old)
  expect(lines).toMatchObject([{ event: 'account.changed', shape: expect.stringContaining('data: [{id: string') }])
  expect(JSON.stringify(lines)).not.toContain('Jane')
})

test('what is as it was settled, or was not settled, or is another operation, is not told', () => {
  const { look, lines, count } = watch({ 'VOB-LIST-SHAPE': 'current', 'VOB-LAG': '0' })
  look(current)
  look(old, 'deleteContacts')
  expect([lines, count()]).toEqual([[], 0])
  expect(watch({ 'VOB-LAG': '0' }).made).toBeUndefined()
})

test.each([...everyAdapter.values()].map(({ id, probes }) => [id, probes] as const))(
  'what is watched of %s are answers of its probes to operations that it has',
  (id, probes) => {
    const adapter = everyAdapter.get(id)
    for (const { probe, operations } of probes?.watched ?? []) {
      expect(probes?.probes.map((one) => one.id)).toContain(probe)
      for (const operation of operations) expect(Object.keys(adapter?.operations ?? {})).toContain(operation)
    }
  },
)

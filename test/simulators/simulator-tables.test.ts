import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withSimulatorTables } from '../../scripts/simulator-tables.ts'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'
import { fencedBlocks } from '../support/read-markdown.ts'

const page = readFileSync(new URL('../../docs/simulators.md', import.meta.url), 'utf8')

test('the tables of docs/simulators.md are what the simulators can do: run node scripts/simulator-tables.ts', () => {
  expect(page).toContain('| `searchLagMs` |')
  expect(withSimulatorTables(page)).toBe(page)
})

describe('docs/simulators.md', () => {
  let simulators: RunningSimulators
  beforeAll(async () => {
    simulators = await startSimulators()
  })
  afterAll(() => simulators.close())

  const examples = fencedBlocks(page).filter(({ language }) => language === 'json')

  test.each(examples.map(({ line, text }) => [line, text] as const))('line %i: the example is taken', (_line, text) => {
    expect(() => simulators.vobiz.setBehaviour(JSON.parse(text))).not.toThrow()
  })

  test('names every operation of every simulator', async () => {
    for (const { url } of [simulators.oblic, simulators.octopush, simulators.vobiz]) {
      const response = await fetch(`${url}/_sim/behaviour`, { method: 'PUT', body: '{"match":{"operation":"?"}}' })
      const { error } = (await response.json()) as { error: string }
      const operations = [...error.matchAll(/"(\w[\w-]*)"/g)].map(([, name]) => name)
      expect(operations.length).toBeGreaterThan(1)
      for (const operation of operations) expect(page).toContain(`\`${operation}\``)
    }
  })
})

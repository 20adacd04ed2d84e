import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withProviderTable } from '../../scripts/provider-table.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

test("the README's table of providers is what the adapters say: run node scripts/provider-table.ts", () => {
  expect(readme).toContain('| add contacts to a list |')
  expect(withProviderTable(readme)).toBe(readme)
})

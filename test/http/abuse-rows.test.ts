import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** Every row of the design's table "Abuse and security" is named by a test. */
const rows = Array.from({ length: 48 }, (_, index) => `S-${String(index + 1).padStart(2, '0')}`)
const root = join(import.meta.dirname, '..')

/** The rows that stand in the names of tests. */
function namedRows(): ReadonlyMap<string, readonly string[]> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.test.ts') && !file.includes('node_modules') && !file.endsWith('abuse-rows.test.ts'),
  )
  const found = new Map<string, string[]>()
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8')
    // A name is a text on the line of, or after, `test(`, `test.each(…)(`, `describe(` or in a table of names.
    for (const [name] of text.matchAll(/(['"`])(?:(?!\1).)*\bS-\d\d\b(?:(?!\1).)*\1/g))
      for (const [row] of name.matchAll(/S-\d\d/g)) found.set(row, [...(found.get(row) ?? []), file])
  }
  return found
}

test('every row S-01 to S-48 is named by a test', () => {
  const named = namedRows()
  expect(rows.filter((row) => !named.has(row))).toEqual([])
  expect([...named.keys()].filter((row) => !rows.includes(row))).toEqual([])
})

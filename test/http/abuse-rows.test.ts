import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/**
 * Every row of the design's table "Abuse and security" is named by a test, or stands here with the reason why it does not
 * apply. A row may not stand in both places.
 */
const notOffered: Readonly<Record<string, string>> = {
  'S-27':
    'There are no callbacks, registered or not: the gateway connects to the accounts of its configuration alone (S-26, S-28).',
  'S-48':
    'The gateway keeps no contacts and so no suppressions. Opt-outs live at the providers: Octopush drops them (blacklisted), and nothing reaches un_list or un_tag (S-13).',
}

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

test('every row S-01 to S-48 is named by a test, or is not offered for a reason that is written down', () => {
  const named = namedRows()
  expect(rows.filter((row) => !named.has(row) && notOffered[row] === undefined)).toEqual([])
  expect(Object.keys(notOffered).filter((row) => named.has(row))).toEqual([])
  expect([...named.keys()].filter((row) => !rows.includes(row))).toEqual([])
})

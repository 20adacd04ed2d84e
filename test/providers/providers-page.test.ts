import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { registry } from '../../src/providers/registry.ts'

/** What docs/providers.md assumes, or finds said in two ways, is asked by a probe, or stands among what no call can settle. */
const page = readFileSync(join(import.meta.dirname, '../../docs/providers.md'), 'utf8')
const [, facts = ''] = page.split('## The three side by side')
const known = [...registry.values()].flatMap(({ probes }) => [...(probes?.probes ?? []), ...(probes?.unseen ?? [])])
const id = /`((?:OBL|OCT|VOB)-[A-Z0-9-]+)`/g
const idsIn = (text: string) => [...text.matchAll(id)].map(([, name]) => name)

/** The rows of tables and the paragraphs that say something that is not documented, or documented in two ways. */
function openQuestions(markdown: string): string[] {
  const parts = markdown
    .split('\n\n')
    .flatMap((part) => (part.startsWith('|') ? part.split('\n') : [part]))
    .filter((part) => !part.startsWith('#'))
  // That nothing is assumed is no assumption.
  return parts.filter((part) =>
    /\bassumed\b|\bcontradictory\b|in one place only/i.test(part.replace('*not* assumed', '')),
  )
}

test('every open question of the page names who asks it, or why nobody can', () => {
  const open = openQuestions(facts)
  expect(open.length).toBeGreaterThan(60)
  expect(open.filter((part) => idsIn(part).length === 0)).toEqual([])
})

test('a question without an id is found', () => {
  expect(openQuestions('| It flies. | assumed | – |\n\nIt sings (documented).\n\n*Contradictory.* Or not.')).toEqual([
    '| It flies. | assumed | – |',
    '*Contradictory.* Or not.',
  ])
})

test('the ids on the page are those of the adapters, and all of them', () => {
  expect([...new Set(idsIn(facts))].toSorted()).toEqual(known.map((one) => one.id).toSorted())
})

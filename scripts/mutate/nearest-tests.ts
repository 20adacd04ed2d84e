import { basename, posix } from 'node:path'

/** The text of each TypeScript file by its path from the root of the checkout: `src/app.ts`, `test/main.test.ts`. */
export type Sources = ReadonlyMap<string, string>

const importedFile = /(?:from|import)\s*\(?\s*'(\.[^']+\.ts)'/g

/**
 * The test files that know a file of src/ best, `most` of them: those that import it themselves, or, where none does,
 * those with the fewest files between; a test of the same name first.
 */
export function nearestTests(file: string, sources: Sources, most: number): readonly string[] {
  const importers = importersOf(sources)
  const reached = new Set([file])
  let ring = [file]
  while (ring.length > 0) {
    const next = new Set(ring.flatMap((path) => importers.get(path) ?? []).filter((path) => !reached.has(path)))
    const tests = [...next].filter((path) => path.endsWith('.test.ts'))
    if (tests.length > 0) return tests.sort(byLikeness(file)).slice(0, most)
    for (const path of next) reached.add(path)
    ring = [...next]
  }
  return []
}

function importersOf(sources: Sources): ReadonlyMap<string, readonly string[]> {
  const importers = new Map<string, string[]>()
  for (const [path, text] of sources)
    for (const [, imported = ''] of text.matchAll(importedFile)) {
      const target = posix.join(posix.dirname(path), imported)
      importers.set(target, [...(importers.get(target) ?? []), path])
    }
  return importers
}

function byLikeness(file: string): (one: string, other: string) => number {
  const words = new Set(basename(file, '.ts').split('-'))
  const likeness = (test: string) =>
    basename(test, '.test.ts')
      .split('-')
      .filter((word) => words.has(word)).length
  return (one, other) => likeness(other) - likeness(one) || (one < other ? -1 : 1)
}

import type { Path } from './mistakes.ts'
import { isMapping, type Mapping } from './read-shape.ts'
import type { Reading } from './reading.ts'
import { idPattern } from './schema.ts'

/** The ids that a section defines, its faulty entries included; `undefined` when it is no section at all. */
export function idsOf(section: unknown): readonly string[] | undefined {
  return isMapping(section) ? Object.keys(section) : undefined
}

/** The entries of a section that can be read. `kind` names one of them in messages. */
export function readEntries(section: unknown, path: Path, kind: string, { mistakes }: Reading): [string, Mapping][] {
  if (!isMapping(section)) {
    mistakes.add(path, section === undefined ? 'is missing' : `must be a mapping of ${kind} ids to ${kind}s`)
    return []
  }
  const entries: [string, Mapping][] = []
  for (const [id, entry] of Object.entries(section)) {
    if (!idPattern.test(id)) {
      mistakes.add([...path, id], `must have an id of a-z, 0-9 and "-", at most 64 characters, not beginning with "-"`)
    }
    if (isMapping(entry)) entries.push([id, entry])
    else mistakes.add([...path, id], 'must be a mapping of keys to values')
  }
  return entries
}

/** Checks that what is referred to is there. The reference is not shown: it may be anything. */
export function checkReference(
  reference: string | undefined,
  kind: string,
  known: readonly string[] | undefined,
  path: Path,
  { mistakes }: Reading,
): void {
  if (reference === undefined || known === undefined || known.includes(reference)) return
  const shown = known.filter((id) => idPattern.test(id))
  mistakes.add(path, `is no ${kind} of this file; there are: ${shown.join(', ') || 'none'}`)
}

import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import type { TestPeople } from '../providers/probing.ts'
import type { Journal } from './make-calls.ts'

/** What a run is about: so much stands at the head of its journal. */
export type JournalHead = {
  readonly account: string
  readonly provider: string
  readonly baseUrl: string
  readonly people: Omit<TestPeople, 'made' | 'written'>
}

/** A journal that is written to. It holds the addresses of the test people, for its owner alone. */
export type OpenJournal = Journal & {
  /** Everything is tidied up: it is needed no more. */
  remove(): void
  close(): void
}

/** A file of this name is there already: an earlier run was interrupted. */
export class JournalThere extends Error {}

/**
 * Begins a journal. Each line is on the disk before what it tells of is done, so that a run that is killed has noted it.
 * @throws JournalThere; what the file system says
 */
export function beginJournal(path: string, head: JournalHead): OpenJournal {
  let file: number
  try {
    file = openSync(path, 'wx', 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new JournalThere(path)
    throw error
  }
  const journal = appendTo(file, path)
  journal.note({ head })
  return journal
}

/** Goes on with a journal that was left. */
export function resumeJournal(path: string): OpenJournal {
  return appendTo(openSync(path, 'a', 0o600), path)
}

function appendTo(file: number, path: string) {
  const note = (line: object): void => {
    writeSync(file, `${JSON.stringify(line)}\n`)
    fsyncSync(file)
  }
  return {
    note,
    writing: (step: string) => note({ writing: step }),
    made: (step: string, keys: readonly string[]) => note({ made: keys, step }),
    close: () => closeSync(file),
    remove: () => rmSync(path),
  }
}

type Line = {
  readonly head?: JournalHead
  readonly writing?: string
  readonly made?: readonly string[]
}

/** What a journal says; `undefined`: it is none. The last line of a run that was killed may be cut. */
export function readJournal(
  path: string,
): { readonly head: JournalHead; readonly made: readonly string[]; readonly written: readonly string[] } | undefined {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text): readonly Line[] => {
      try {
        return [JSON.parse(text) as Line]
      } catch {
        return []
      }
    })
  const head = lines[0]?.head
  if (head?.people === undefined || !Array.isArray(head.people.phones)) return undefined
  return {
    head,
    made: [...new Set(lines.flatMap(({ made = [] }) => made))],
    written: lines.flatMap(({ writing }) => writing ?? []),
  }
}

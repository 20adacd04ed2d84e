import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { describeMachine } from '../machine.ts'
import type { Section } from './section.ts'

export type Results = {
  readonly command: string
  readonly startedAt: string
  readonly minutes: number
  readonly machine: ReturnType<typeof describeMachine>
  readonly loadAfter: number
  readonly sections: readonly Section[]
}

/** Writes `results/<date>.json` and `.md`; returns the text of the latter. */
export function writeResults(results: Results): string {
  const folder = join(import.meta.dirname, '../results')
  mkdirSync(folder, { recursive: true })
  const name = results.startedAt.replace(/:/g, '').slice(0, 17)
  const text = describeResults(results)
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(results, null, 1)}\n`)
  writeFileSync(join(folder, `${name}.md`), text)
  return text
}

export function describeResults({ command, startedAt, minutes, machine, loadAfter, sections }: Results): string {
  const reach = sections.flatMap((section) => section.reach)
  return [
    `# ${command}`,
    '',
    `${startedAt}, ${minutes.toFixed(1)} minutes, commit ${machine.commit}, Node ${machine.node}, ${machine.cores} cores (${machine.cpu}).`,
    `The machine's load average was ${machine.loadBefore.toFixed(1)} before and ${loadAfter.toFixed(1)} after.`,
    'Load generator, upstream and Redis on core 0, the system under test on core 1. Medians of the rounds (lowest–highest).',
    '',
    ...(reach.length === 0
      ? []
      : table(
          ['reach', 'goal', 'this run', ''],
          reach.map(({ line, goal, got, reached }) => [line, goal, got, reached ? 'reached' : '**not reached**']),
        )),
    ...sections.flatMap(({ title, how, columns, rows }) => [`## ${title}`, '', how, '', ...table(columns, rows)]),
  ].join('\n')
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = `| ${columns.map((_, place) => (place === 0 ? '---' : '---:')).join(' | ')} |`
  return [line(columns), rule, ...rows.map(line), '']
}

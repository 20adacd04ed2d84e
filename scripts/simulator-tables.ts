import { readFileSync, writeFileSync } from 'node:fs'
import { habitTable, openTable, stepTable } from '../src/simulators/behaviour-tables.ts'
import { generalHabits } from '../src/simulators/general-habits.ts'
import { oblicQuirks } from '../src/simulators/oblic.ts'
import { octopushQuirks } from '../src/simulators/octopush-errors.ts'
import type { QuirkTable } from '../src/simulators/quirk-table.ts'
import { vobizQuirks } from '../src/simulators/vobiz-errors.ts'

/**
 * Writes the tables of docs/simulators.md, made from the simulators themselves: `node scripts/simulator-tables.ts`. The
 * test of the same name fails when they are not current.
 */
const page = new URL('../docs/simulators.md', import.meta.url)

const general = generalHabits(['all'], ['those that take several contacts'], ['those that write contacts'])
const sections: Readonly<Record<string, string>> = {
  steps: stepTable(),
  all: habitTable(general),
  oblic: providerTables(oblicQuirks),
  octopush: providerTables(octopushQuirks),
  vobiz: providerTables(vobizQuirks),
}

/** The page with the current tables between its markers. */
export function withSimulatorTables(text: string): string {
  return text.replaceAll(
    /(<!-- (\w+):start -->\n)[\s\S]*?(<!-- \2:end -->)/g,
    (_, start: string, name: string, end: string) => `${start}\n${sections[name] ?? ''}\n\n${end}`,
  )
}

function providerTables(quirks: QuirkTable): string {
  return `${habitTable(quirks, general)}\n\nLeft open by the documents, or said in two ways:\n\n${openTable(quirks)}`
}

if (import.meta.main) writeFileSync(page, withSimulatorTables(readFileSync(page, 'utf8')))

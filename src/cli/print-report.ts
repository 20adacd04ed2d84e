import type { Report } from '../verify/report.ts'
import { valueText } from '../verify/write-markdown.ts'
import { print } from './print.ts'
import { textTable } from './text-table.ts'

/** A report as a terminal shows it. */
export async function printReport({ probes, settings, notes, unseen, calls }: Report): Promise<void> {
  const settled = probes.filter(({ verdict }) => verdict !== 'not settled')
  const table = textTable(
    [
      { title: 'probe', most: 24 },
      { title: 'verdict', most: 12 },
      { title: 'what was seen', most: 110 },
    ],
    settled.map(({ id, verdict, question, says = '' }) => [id, verdict, `${question} ${says}`]),
  )
  const following = settings.map(
    (setting) => `  ${setting.name}: ${valueText(setting)} (${setting.because}): ${setting.verdict}\n`,
  )
  const open = probes.length - settled.length
  await print(
    [
      settled.length === 0 ? '' : `\n${table}`,
      `\n${settled.length} of ${probes.length} questions settled in ${calls.length} calls; ${open} open, and ${unseen.length} that no call can settle.\n`,
      following.length === 0 ? '' : `\nSettings that follow:\n${following.join('')}`,
      ...notes.map((note) => `${note}\n`),
    ].join(''),
  )
}

import { wordsOfLoss, wordsOfSkip } from './plain-words.ts'
import { textTable } from './text-table.ts'

type Counts = Readonly<Record<string, number>>

/** What the command line reads of an import. */
export type ImportState = {
  readonly id: string
  readonly status: string
  readonly rows: number
  readonly progress: Readonly<Record<string, Counts>>
  readonly losses: Readonly<Record<string, Counts>>
  readonly skippedBecause: Readonly<Record<string, Counts>>
  readonly warnings: readonly { readonly detail: string }[]
  readonly etaSeconds?: number
}

const barCells = 30

/** Draws the bar anew, where somebody sees it, with what was lost and skipped so far at all accounts together. */
export function drawProgress(state: ImportState, output: NodeJS.WriteStream): void {
  if (!output.isTTY) return
  const { rows, progress, losses, skippedBecause, etaSeconds } = state
  const pending = Object.values(progress).map((counts) => counts.pending ?? 0)
  const done = rows === 0 ? 1 : 1 - pending.reduce((sum, count) => sum + count, 0) / (rows * pending.length)
  const full = Math.round(done * barCells)
  const parts = [
    `${Math.floor(done * 100)} % of ${rows} rows`,
    ...told(totalOf(losses), 'lost'),
    ...told(totalOf(skippedBecause), 'skipped'),
    ...(etaSeconds === undefined ? [] : [`${etaSeconds} s left`]),
  ]
  // What was longer before goes.
  output.write(`\r[${'#'.repeat(full)}${'.'.repeat(barCells - full)}] ${parts.join(', ')}\x1b[K`)
}

function told(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${what}`]
}

function totalOf(byAccount: Readonly<Record<string, Counts>> = {}): number {
  return Object.values(byAccount).reduce((sum, counts) => sum + sumOf(counts), 0)
}

function sumOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

/** What became of the rows at each account, what they lost there, and why rows were skipped. */
export function summarize({ progress, losses, skippedBecause }: ImportState): string {
  const lines = Object.entries(progress).flatMap(([account, counts]) => [
    `  ${account}: ${describe(counts)}`,
    ...explained('lost', losses[account], wordsOfLoss),
    ...explained('skipped', skippedBecause[account], wordsOfSkip),
  ])
  return lines.map((line) => `${line}\n`).join('')
}

function explained(what: string, counts: Counts = {}, words: (code: string) => string): string[] {
  return Object.entries(counts).map(([code, count]) => `    ${what} ${count}: ${words(code)}`)
}

function describe(counts: Counts): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0)
  return parts.map(([status, count]) => `${count} ${status}`).join(', ')
}

const accountColumns = [
  { title: 'account', most: 34 },
  ...['would get', 'repeated', 'for others', 'rejected'].map((title) => ({ title, most: 12, isNumber: true })),
]

const lossColumns = [
  { title: 'account', most: 24 },
  { title: 'would lose', most: 12, isNumber: true },
  { title: '', most: 60 },
]

/** Of rows that were only checked: what each account would get, and what they would lose there. */
export function accountsTable({ rows, progress, losses, skippedBecause }: ImportState): string {
  const accounts = Object.entries(progress).map(([account, counts]) => {
    const { validateOnly = 0, duplicateInFile = 0, ...others } = skippedBecause[account] ?? {}
    const wrong = (counts.rejected ?? 0) + (counts.failed ?? 0) + (counts.unknown ?? 0)
    return [account, ...[validateOnly, duplicateInFile, sumOf(others), wrong].map(String)]
  })
  const lost = Object.keys(progress).flatMap((account) =>
    Object.entries(losses[account] ?? {})
      .filter(([code]) => code !== 'validate_only')
      .map(([code, count]) => [account, String(count), wordsOfLoss(code)]),
  )
  const refused = accounts.some((cells) => cells.at(-1) !== '0')
  return [
    `Of ${rows} rows:\n`,
    textTable(accountColumns, accounts),
    ...(lost.length === 0 ? [] : ['\n', textTable(lossColumns, lost)]),
    refused
      ? '\nNothing was sent. --validate-only writes the rows that would be rejected into a file.\n'
      : '\nNothing was sent.\n',
  ].join('')
}

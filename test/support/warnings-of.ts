import type { Outcome } from '../../src/domain/outcome.ts'
import type { TestGateway } from './start-gateway.ts'

export type Counts = Record<string, Record<string, number>>

/** What outcomes warn of, by account and code, as imports count it, and why contacts were skipped, by account and reason. */
export type CountedWarnings = { readonly losses: Counts; readonly skippedBecause: Counts }

const contactsPerBatch = 1_000
const uncounted = new Set(['value_normalized', 'validate_only'])

/** Adds contacts as JSON, in batches, and counts the warnings of their outcomes. */
export async function warningsOf(
  gateway: TestGateway,
  contacts: readonly object[],
  query = '',
  onConflict = 'update',
): Promise<CountedWarnings> {
  const counted: CountedWarnings = { losses: {}, skippedBecause: {} }
  for (let from = 0; from < contacts.length; from += contactsPerBatch) {
    const batch = contacts.slice(from, from + contactsPerBatch)
    const answer = await gateway.call('POST', `/lists/newsletter/contacts${query}`, {
      body: { contacts: batch, onConflict },
    })
    if (answer.status !== 207 && answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`)
    const results = answer.body.results as readonly { readonly outcomes: readonly Outcome[] }[]
    for (const { outcomes } of results) for (const outcome of outcomes) count(outcome, counted)
  }
  return counted
}

function count({ account, status, warnings }: Outcome, { losses, skippedBecause }: CountedWarnings): void {
  const codes = warnings.map(({ code }) => code)
  const isChecked = codes.includes('validate_only')
  if (status !== 'skipped' || isChecked) for (const code of codes) if (!uncounted.has(code)) add(losses, account, code)
  if (status !== 'skipped') return
  const reason = codes.includes('duplicate_in_batch') ? 'duplicateInFile' : isChecked ? 'validateOnly' : 'alreadyThere'
  add(skippedBecause, account, reason)
}

function add(counts: Counts, account: string, name: string): void {
  counts[account] ??= {}
  counts[account][name] = (counts[account][name] ?? 0) + 1
}

import { describe, expect, test } from 'vitest'
import { untilDone, upload } from '../support/import-calls.ts'
import { isLongRun } from '../support/long-run.ts'
import { type Asked, expectTrueOutcome } from '../support/mutated/expect-truth.ts'
import { fillLane } from '../support/mutated/fill-lane.ts'
import { providers } from '../support/mutated/mutated-provider.ts'
import type { Person } from '../support/mutated/provider-model.ts'
import { type Case, casesOf, mutationSeed, runCases } from '../support/mutated/run-cases.ts'
import { accountOf, listOf } from '../support/mutated/start-lanes.ts'
import { isStranger, namedIn, strangersIn } from '../support/mutated/strangers.ts'

/**
 * Files to providers that keep what they are told and answer in any form. Whatever they answer: a row that is told to be in
 * is in, one that is told to be out was not touched, the counts are those of the rows, and nothing of anybody whom the file
 * does not name is in a report or the log.
 */
const cases = casesOf(isLongRun ? 10_000 : 60)

type Row = { readonly row: number; readonly account: string; readonly status: string }
type Counts = Readonly<Record<string, number>>

async function importFile(one: Case): Promise<void> {
  const { random, lane, gateway, number } = one
  const at = random.pick([...providers, 'all'] as const)
  const people = fillLane(one, random.pick([1, 3, 8, 25]))
  const withEmail = at === 'oblic' || at === 'all' || random.chance(0.5)
  const sent = people.map(
    ({ email, ...person }): Person => ({ ...person, attributes: {}, ...(withEmail && { email }) }),
  )
  const onConflict = random.pick(['update', 'update', 'skip'] as const)
  const asked = new Map(
    (at === 'all' ? providers : [at]).map((provider) => {
      const model = lane.models[provider]
      const ofPeople = sent.map((person): Asked => {
        return { provider, model, sent: person, before: model.find(person), intoList: true, onConflict }
      })
      return [accountOf(provider, lane), ofPeople]
    }),
  )
  const headers = { 'idempotency-key': `mutated-imports-${number}` }
  const accepted = await upload(gateway, { list: listOf(at, lane), csv: csvOf(sent), options: { onConflict }, headers })
  expect(accepted.status).toBe(202)
  const { id } = accepted.body
  await untilDone(gateway, id)
  const state = await gateway.call('GET', `/imports/${id}`)
  const errors = await gateway.call('GET', `/imports/${id}/errors?limit=1000`)
  const csv = await gateway.call('GET', `/imports/${id}/errors.csv`)
  for (const { text } of [state, errors, csv]) {
    expect(strangersIn(text)).toEqual([])
    expect(namedIn(text, lane.models.vobiz.all().filter(isStranger))).toEqual([])
  }
  for (const [account, ofPeople] of asked)
    expectTrueReport(
      state.body.progress[account],
      state.body.losses[account] ?? {},
      rowsOf(errors.body.items, account),
      ofPeople,
      one,
    )
}

function csvOf(people: readonly Person[]): string {
  const rows = people.map(({ name, email, phone, tags }) => `${name},${email ?? ''},${phone},"${tags.join(',')}"`)
  return `name,email,phone,tags\n${rows.join('\n')}\n`
}

function rowsOf(items: readonly Row[], account: string): ReadonlyMap<number, string> {
  return new Map(items.filter((item) => item.account === account).map(({ row, status }) => [row, status]))
}

/** Of which rows something is reported, and that all others are in. */
function expectTrueReport(
  counts: Counts,
  losses: Counts,
  reported: ReadonlyMap<number, string>,
  asked: readonly Asked[],
  one: Case,
): void {
  const { created = 0, updated = 0, accepted = 0, skipped = 0, pending } = counts
  expect(pending).toBe(0)
  for (const status of ['rejected', 'failed', 'unknown'])
    expect([status, counts[status]]).toEqual([status, [...reported.values()].filter((told) => told === status).length])
  const warnings = Object.keys(losses).map((code) => ({ code, pointer: '/tags /attributes' }))
  let made = 0
  for (const [index, ofPerson] of asked.entries()) {
    const status = reported.get(index + 1)
    const isSkip = skipped > 0 || ofPerson.onConflict === 'skip'
    expectTrueOutcome({ status: status ?? (isSkip ? 'skipped' : 'accepted'), warnings }, ofPerson)
    if (status === undefined && ofPerson.before === undefined) made++
  }
  expect(created).toBeLessThanOrEqual(made)
  expect(created + updated + accepted + skipped).toBe(asked.length - reported.size)
  for (const [status, count] of Object.entries(counts)) if (count > 0) one.count(status)
}

describe('whatever form answers have', () => {
  const timeout = 60_000 + cases * 500
  test(`imports claim nothing that is not so (MUTATION_SEED=${mutationSeed})`, { timeout }, async () => {
    const counts = await runCases(cases, [importFile], { width: isLongRun ? 64 : 32, shares: [0, 0.15, 0.4] })
    if (isLongRun) console.info(mutationSeed, Object.fromEntries([...counts].sort()))
    for (const status of ['created', 'updated', 'accepted', 'rejected', 'unknown'])
      expect([status, (counts.get(status) ?? 0) > 0]).toEqual([status, true])
  })
})

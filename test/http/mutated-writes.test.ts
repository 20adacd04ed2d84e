import { describe, expect, test } from 'vitest'
import { isLongRun } from '../support/long-run.ts'
import { asSent } from '../support/mutated/callers.ts'
import {
  type Asked,
  expectTrueContact,
  expectTrueOutcome,
  isOpen,
  lacks,
  type Outcome,
  what,
} from '../support/mutated/expect-truth.ts'
import { fillLane } from '../support/mutated/fill-lane.ts'
import { type Lane, type Provider, providers } from '../support/mutated/mutated-provider.ts'
import { type Held, isUnwelcome, type Person } from '../support/mutated/provider-model.ts'
import { type Case, casesOf, mutationSeed, runCases } from '../support/mutated/run-cases.ts'
import { accountOf, isolatesRefused, listNames, listOf } from '../support/mutated/start-lanes.ts'
import { isStranger, namedIn, strangersIn } from '../support/mutated/strangers.ts'
import type { Answer, CallOptions } from '../support/start-gateway.ts'

/**
 * Providers that keep what they are told and answer in any form. Whatever they answer: nobody is `created`, `updated` or
 * `accepted` whom they do not hold so, no `200` or `204` is told of what is not so, nobody is `rejected` or `failed` who was
 * changed, and nothing of anybody but the caller's own contacts is in an answer or the log.
 */
const cases = casesOf(isLongRun ? 60_000 : 400)

/** Calls, and calls again under the same key where there is one, as a caller does who is told to. */
async function callAgain(one: Case, method: string, path: string, body: unknown, check: (answer: Answer) => void) {
  const { random, number, gateway } = one
  const key = random.chance(0.5) ? `mutated-answers-${number}-${method}` : undefined
  const options: CallOptions = { body, ...(key !== undefined && { headers: { 'idempotency-key': key } }) }
  const times = key === undefined ? 1 : 1 + random.int(3)
  for (let time = 0; time < times; time++) {
    const answer = await gateway.call(method, path, options)
    one.count(`${method} ${answer.status}`)
    check(answer)
    const strangers = namedIn(answer.text, one.lane.models.vobiz.all().filter(isStranger))
    expect([...strangersIn(answer.text), ...strangers]).toEqual([])
  }
}

function askedFor(one: Case, provider: Provider, sent: Person, more: Pick<Asked, 'intoList' | 'onConflict'>): Asked {
  const model = one.lane.models[provider]
  return { provider, model, sent, before: model.find(sent), ...more }
}

async function create(one: Case): Promise<void> {
  const { random, lane } = one
  const provider = random.pick(providers)
  const sent = asSent(fillLane(one, 1)[0] as Person, provider, random)
  const onConflict = random.pick(['update', 'skip'] as const)
  const asked = askedFor(one, provider, sent, { intoList: provider === 'oblic', onConflict })
  await callAgain(one, 'POST', `/contacts?account=${accountOf(provider, lane)}`, { ...sent, onConflict }, (answer) => {
    const { status, body } = answer
    if (status === 201 || status === 200) {
      one.count(body.status)
      expectTrueOutcome(body, asked)
      // Where nobody can be asked, that she is there is the provider's word.
      if (body.status !== 'skipped' || provider === 'vobiz')
        expectTrueContact(provider, body.contact, asked.model.find(sent))
    } else if (!isOpen(answer)) expectTrueOutcome({ status: 'failed', warnings: [] }, asked)
    expectSentOnce(asked, lane)
    if (lane.said.every(({ isOdd }) => !isOdd) && !isUnwelcome(sent.name)) expect([200, 201]).toContain(status)
  })
}

/** What can be neither repeated nor asked about is sent once, however often it is asked for under one key. */
function expectSentOnce({ provider, model, sent }: Asked, lane: Lane): void {
  if (provider === 'oblic' && !isolatesRefused(lane)) expect(model.stored(sent)).toBeLessThanOrEqual(1)
}

async function addToList(one: Case): Promise<void> {
  const { random, lane } = one
  const at = random.pick([...providers, 'all'] as const)
  const people = fillLane(one, random.pick([1, 2, 3, 5, 22]))
  const isPlain = random.chance(0.5)
  const contacts = people.map((person) => asSent(isPlain ? { ...person, attributes: {} } : person, at, random))
  const onConflict = random.pick(['update', 'update', 'skip'] as const)
  const asked = (at === 'all' ? providers : [at]).map((provider) =>
    contacts.map((sent) => askedFor(one, provider, sent, { intoList: true, onConflict })),
  )
  await callAgain(one, 'POST', `/lists/${listOf(at, lane)}/contacts`, { contacts, onConflict }, ({ status, body }) => {
    expect(status).toBe(207)
    const results: { outcomes: Outcome[] }[] = body.results
    for (const [n, ofAccount] of asked.entries())
      for (const [index, ofContact] of ofAccount.entries()) {
        const outcome = results[index]?.outcomes[n] as Outcome
        one.count(outcome.status)
        expectTrueOutcome(outcome, ofContact)
        expectSentOnce(ofContact, lane)
      }
  })
}

async function patch(one: Case): Promise<void> {
  const { random, lane } = one
  const provider = random.pick(['octopush', 'vobiz'] as const)
  const person = fillLane(one, 1)[0] as Person
  const model = lane.models[provider]
  const before = model.find(person)
  const changes = {
    ...(random.chance(0.6) && { name: person.name }),
    ...(random.chance(0.4) && { tags: random.pick([['vip'], ['vip', 'trial']]) }),
    ...(random.chance(0.4) && { attributes: { plan: random.pick(['new', null]) } }),
    ...(random.chance(0.3) && { email: person.email }),
  }
  const id = encodeURIComponent(`${accountOf(provider, lane)}:${before?.id ?? person.phone}`)
  await callAgain(one, 'PATCH', `/contacts/${id}`, changes, (answer) => {
    const held = model.find(person)
    if (answer.status === 404) expect(held).toBeUndefined()
    else if (answer.status === 200) {
      expectTrueContact(provider, answer.body, held)
      const lacking = lacks(provider, held as Held, changes as Partial<Person>)
      const isWarned = (part: string) => answer.text.includes('_dropped') && answer.text.includes(`#/${part}`)
      expect(lacking.filter((part) => !isWarned(part))).toEqual([])
      if (changes.tags !== undefined && provider === 'vobiz') expect(held?.tags).toEqual(changes.tags)
    } else if (!isOpen(answer) && !saysSkipped(one)) expect(what(held)).toEqual(what(before))
  })
}

/** Who is told in so many words that a contact was left as it is cannot know better. */
const saysSkipped = ({ lane }: Case) =>
  lane.said.some(({ said, isOdd }) => isOdd && /"(?:skipped|duplicate)"/.test(JSON.stringify(said)))

async function remove(one: Case): Promise<void> {
  const { random, lane } = one
  const provider = random.pick(['octopush', 'vobiz'] as const)
  const fromList = random.chance(0.5)
  const person = fillLane(one, 1)[0] as Person
  const model = lane.models[provider]
  const before = model.find(person)
  const id = encodeURIComponent(`${accountOf(provider, lane)}:${before?.id ?? person.phone}`)
  const path = fromList ? `/lists/${listOf(provider, lane)}/contacts/${id}` : `/contacts/${id}`
  await callAgain(one, 'DELETE', path, undefined, (answer) => {
    const held = model.find(person)
    const isThere = fromList ? held?.lists.includes(listNames[provider]) === true : held !== undefined
    if (answer.status === 204 || answer.status === 404) expect(isThere).toBe(false)
    else if (!isOpen(answer)) expect(what(held)).toEqual(what(before))
    // Off a list, and all else as it was.
    if (fromList && held !== undefined)
      expect({ ...what(held), tags: [], lists: [] }).toEqual({ ...what(before), tags: [], lists: [] })
  })
}

/** A list, page by page, to who may read it: everybody who is on it where nothing is said to be missing, and nobody else. */
async function readList(one: Case): Promise<void> {
  const { random, lane, gateway } = one
  fillLane(one, random.int(6))
  const held = lane.models.vobiz.all()
  const on = held.filter(({ lists }) => lists.includes(listNames.vobiz))
  const query = `/lists/${listOf('vobiz', lane)}/contacts?limit=${random.pick([1, 2, 5, 25])}`
  const seen = new Set<string>()
  let isWhole = true
  for (let cursor = ''; ; ) {
    const page = await gateway.call('GET', query + cursor)
    one.count(`page ${page.status}`)
    const off = held.filter(({ id }) => !on.some((one) => one.id === id))
    expect(namedIn(page.text, off)).toEqual([])
    if (page.status !== 200) {
      expect(strangersIn(page.text)).toEqual([])
      return
    }
    isWhole &&= page.body.warnings === undefined
    for (const item of page.body.items) {
      // Whoever else an answer shows whole is there to whoever reads it.
      if (item.id?.endsWith(':odd-1')) continue
      // An id, or a number, may be told in another form; not both in one answer.
      const own = held.find(({ id, phone }) => item.id?.endsWith(`:${id}`) || item.phone === phone)
      expectTrueContact('vobiz', item, own)
      seen.add(own?.id as string)
    }
    if (page.body.nextCursor === null) break
    cursor = `&cursor=${encodeURIComponent(page.body.nextCursor)}`
  }
  if (isWhole) expect([...seen].sort()).toEqual(on.map(({ id }) => id).sort())
}

const acts = [create, create, addToList, addToList, patch, remove, readList]

describe('whatever form answers have', () => {
  const timeout = 60_000 + cases * 100
  test(`writes claim nothing that is not so (MUTATION_SEED=${mutationSeed})`, { timeout }, async () => {
    const counts = await runCases(cases, acts, { width: 16, shares: [0, 0.25, 0.6, 1] })
    if (isLongRun) console.info(mutationSeed, Object.fromEntries([...counts].sort()))
    for (const what of [
      'created',
      'updated',
      'accepted',
      'skipped',
      'rejected',
      'failed',
      'unknown',
      'PATCH 200',
      'DELETE 204',
    ])
      expect([what, (counts.get(what) ?? 0) > 0]).toEqual([what, true])
  })
})

import { describe, expect, test } from 'vitest'
import type { Contact } from '../../src/domain/contact.ts'
import type { Result } from '../../src/domain/failure.ts'
import { parseContact } from '../../src/domain/parse-contact.ts'
import type { ItemResult } from '../../src/providers/adapter-port.ts'
import { AlikeRefusals } from '../../src/providers/alike-refusals.ts'
import { systemClock } from '../../src/providers/clock.ts'
import {
  createIsolationBudget,
  type Isolation,
  isolateRejected,
  type SendPart,
} from '../../src/services/delivery/isolate-rejected.ts'

const people = (count: number): Contact[] =>
  Array.from({ length: count }, (_, i) => parseContact({ name: `P${i}`, email: `p${i}@example.com` }).contact)
const numberOf = (contact: Contact) => Number(contact.name?.slice(1))
const refusal = { kind: 'invalid' as const, provider: { status: 400, code: 'INVALID_EMAIL' } }

/** A provider that refuses every batch with one of these in it, and counts its calls. */
function provider(bad: readonly number[]) {
  const calls: number[][] = []
  const send: SendPart = async (part) => {
    calls.push(part.map(numberOf))
    return part.some((contact) => bad.includes(numberOf(contact)))
      ? { failure: refusal }
      : { ok: part.map(() => ({ status: 'accepted' as const })) }
  }
  return { calls, send }
}

const statusOf = (result: Result<ItemResult>) => ('ok' in result ? result.ok.status : result.failure.kind)
const isolation = (contacts: number, members: Partial<Isolation> = {}): Isolation => ({
  budget: createIsolationBudget(contacts),
  atomic: true,
  onConflict: 'update',
  alike: new AlikeRefusals(systemClock),
  ...members,
})
const isolate = (contacts: Contact[], send: SendPart, members: Partial<Isolation> = {}) =>
  isolateRejected(contacts, refusal, send, isolation(contacts.length, members))

describe('the bad contacts of a batch that was refused whole', () => {
  test.each<[count: number, bad: number[]]>([
    [2, [0]],
    [2, [1]],
    [2, [0, 1]],
    [3, [1]],
    [65, [64]],
    [100, [0]],
    [100, [50]],
    [100, [99]],
    [100, [17, 18, 80]],
    [200, [3, 100, 199]],
    [1000, [0, 333, 999]],
  ])('of %i, %j, stand alone in the end, within the budget', async (count, bad) => {
    const { calls, send } = provider(bad)
    const results = await isolate(people(count), send)
    expect(results.flatMap((result, index) => (statusOf(result) === 'rejected' ? [index] : []))).toEqual(bad)
    expect(results.filter((result) => statusOf(result) === 'accepted')).toHaveLength(count - bad.length)
    expect(calls.length).toBeLessThanOrEqual(bad.length * (2 * Math.log2(count) + 2))
    // Each one was refused alone before it was called bad.
    for (const index of bad) expect(calls).toContainEqual([index])
    // Nobody was sent again after being taken.
    const taken = calls.filter((call) => !call.some((index) => bad.includes(index))).flat()
    expect(new Set(taken).size).toBe(taken.length)
  })

  test('carry what the provider said of them', async () => {
    const results = await isolate(people(4), provider([2]).send)
    expect(results[2]).toEqual({
      ok: {
        status: 'rejected',
        error: {
          code: 'rejected_by_provider',
          detail: expect.any(String),
          retriable: false,
          provider: { status: 400, code: 'INVALID_EMAIL' },
        },
      },
    })
  })

  test('are none when nobody is refused any more', async () => {
    const results = await isolate(people(8), provider([]).send)
    expect(results.map(statusOf)).toEqual(Array(8).fill('accepted'))
  })
})

describe('when the budget is exhausted', () => {
  const all = Array.from({ length: 100 }, (_, index) => index)
  /** All but a few: enough that they are not alike, too many to be found. */
  const most = all.filter((index) => index % 10 !== 9)

  test.each([
    [true, 'failed'],
    [false, 'unknown'],
  ])(
    'and refusals are atomic: %s, what was not told apart is %s, and only what was refused alone is rejected',
    async (atomic, status) => {
      const { calls, send } = provider(most)
      const results = await isolate(people(100), send, { atomic })
      expect(calls.length).toBe(50)
      const alone = calls.filter((call) => call.length === 1).flat()
      for (const [index, result] of results.entries()) {
        if (result !== undefined && statusOf(result) === 'accepted') expect(most).not.toContain(index)
        else expect(statusOf(result)).toBe(alone.includes(index) ? 'rejected' : status)
        if (alone.includes(index) || statusOf(result) === 'accepted') continue
        expect(result).toMatchObject({ ok: { error: { code: 'isolation_budget_exhausted', retriable: true } } })
      }
    },
  )

  test('what was taken before stays taken', async () => {
    const { send } = provider(all.filter((index) => index >= 50))
    const results = await isolate(people(100), send)
    expect(results.slice(0, 50).map(statusOf)).toEqual(Array(50).fill('accepted'))
    expect(results.slice(50).map(statusOf)).not.toContain('accepted')
  })

  test('it is one budget for all batches of a request', async () => {
    const budget = createIsolationBudget(200)
    const { calls, send } = provider(most)
    for (let batch = 0; batch < 2; batch++)
      await isolateRejected(people(100), refusal, send, isolation(200, { budget }))
    expect(calls.length).toBe(50)
  })
})

describe('a call that fails for another reason ends the search', () => {
  test.each([
    ['rateLimited', 'provider_rate_limited'],
    ['timeout', 'provider_timeout'],
    ['limitReached', 'provider_limit_reached'],
  ] as const)('%s: its contacts have that failure, the others were in refused batches only', async (kind, code) => {
    const { calls, send } = provider([7])
    const results = await isolate(people(8), async (part) => (calls.length === 1 ? { failure: { kind } } : send(part)))
    // 0..3 were taken, 4 and 5 were in the call that failed.
    expect(calls).toEqual([[0, 1, 2, 3]])
    expect(results.map(statusOf)).toEqual([...Array(4).fill('accepted'), kind, kind, 'failed', 'failed'])
    expect(results[7]).toMatchObject({ ok: { error: { code, retriable: true } } })
  })

  test('where a refused batch may be applied in part, that the call was not applied says nothing of its contacts', async () => {
    const { calls, send } = provider([7])
    const busy: SendPart = async (part) => (calls.length === 1 ? { failure: { kind: 'rateLimited' } } : send(part))
    const results = await isolate(people(8), busy, { atomic: false })
    expect(results.map(statusOf)).toEqual([...Array(4).fill('accepted'), ...Array(4).fill('unknown')])
  })
})

describe('a refusal that meets contacts alike', () => {
  const everybody = (count: number) => Array.from({ length: count }, (_, index) => index)
  const ofNobody = (contacts: number) =>
    Array(contacts).fill({
      ok: {
        status: 'failed',
        error: {
          code: 'provider_misaddressed',
          detail: expect.stringContaining('operator'),
          retriable: false,
          provider: refusal.provider,
        },
      },
    })

  test.each([
    [3, 4],
    [8, 6],
    [64, 9],
    [1000, 12],
  ])('of %i ends the search after %i calls, and nobody is told to be at fault', async (count, most) => {
    const { calls, send } = provider(everybody(count))
    expect(await isolate(people(count), send)).toEqual(ofNobody(count))
    expect(calls.length).toBeLessThanOrEqual(most)
  })

  test('is known for the next batches: three contacts are asked for, no more', async () => {
    const alike = new AlikeRefusals(systemClock)
    const { calls, send } = provider(everybody(64))
    await isolate(people(64), send, { alike })
    calls.length = 0
    expect(await isolate(people(64), send, { alike })).toEqual(ofNobody(64))
    expect(calls).toHaveLength(3)
  })

  test('and is over in the next batch: the bad contact is found there', async () => {
    const alike = new AlikeRefusals(systemClock)
    await isolate(people(64), provider(everybody(64)).send, { alike })
    const results = await isolate(people(64), provider([5]).send, { alike })
    expect(results.map(statusOf)).toEqual(everybody(64).map((index) => (index === 5 ? 'rejected' : 'accepted')))
  })

  test.each<[what: string, send: SendPart]>([
    [
      'other words for each contact',
      async (part) => ({
        failure: { kind: 'invalid', provider: { status: 400, message: `bad: ${part.map(numberOf).join()}` } },
      }),
    ],
    [
      'the same words, once personal data is out of them, with the name of each contact',
      async (part) => ({ failure: part.length === 1 ? { ...refusal, named: [0] } : refusal }),
    ],
  ])('is not taken for one: %s', async (_what, send) => {
    const results = await isolate(people(4), send)
    expect(results.map(statusOf)).toEqual(Array(4).fill('rejected'))
  })

  test('is not concluded once somebody was taken', async () => {
    const { send } = provider([0, 1, 2, 3])
    const results = await isolate(people(6), send)
    expect(results.map(statusOf)).toEqual([...Array(4).fill('rejected'), ...Array(2).fill('accepted')])
  })
})

describe('contacts that the refusal names', () => {
  test('are rejected, and the others go in one call', async () => {
    const { calls, send } = provider([2, 5])
    const named = { ...refusal, named: [2, 5] }
    const results = await isolateRejected(people(8), named, send, isolation(8))
    expect(results.map(statusOf).flatMap((status, index) => (status === 'rejected' ? [index] : []))).toEqual([2, 5])
    expect(calls).toEqual([[0, 1, 3, 4, 6, 7]])
  })

  test('are not the only ones: the others are looked for', async () => {
    const { send } = provider([2, 5])
    const results = await isolateRejected(people(8), { ...refusal, named: [2] }, send, isolation(8))
    expect(results.map(statusOf).flatMap((status, index) => (status === 'rejected' ? [index] : []))).toEqual([2, 5])
  })
})

describe('contacts that the provider has already', () => {
  test.each([
    ['skip', []],
    ['update', ['policy_not_enforced']],
  ] as const)('stand alone in the end, and are skipped; under %s with the warnings %j', async (onConflict, codes) => {
    const send: SendPart = async (part) =>
      part.some((contact) => numberOf(contact) === 3)
        ? { failure: { kind: 'conflict', provider: { status: 409, code: 'CONTACT_EXISTS' } } }
        : { ok: part.map(() => ({ status: 'accepted' as const })) }
    const results = await isolate(people(6), send, { onConflict })
    expect(results.map(statusOf)).toEqual(Array.from({ length: 6 }, (_, i) => (i === 3 ? 'skipped' : 'accepted')))
    const found = results[3] as { ok: ItemResult }
    expect((found.ok.warnings ?? []).map(({ code }) => code)).toEqual(codes)
  })
})

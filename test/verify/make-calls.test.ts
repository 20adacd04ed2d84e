import { expect, test } from 'vitest'
import type { TransportAnswer } from '../../src/providers/account.ts'
import type { ProbeSet, Step } from '../../src/providers/probing.ts'
import { mostCalls, type Surroundings } from '../../src/verify/make-calls.ts'
import { runVerification } from '../../src/verify/run-verification.ts'

const people = { phones: ['+33612345678'], emails: [], sizes: false, mark: 'cgw-verify-x', made: [], written: [] }
const answer = (status: number, more: object = {}): TransportAnswer =>
  ({
    status,
    text: '{}',
    retryAfter: undefined,
    headers: { 'content-type': 'application/json' },
    ...more,
  }) as TransportAnswer

function step(id: string, more: Partial<Step> = {}): Step {
  return { id, does: id, request: () => ({ method: 'GET', path: `/contacts/${id}?search=%2B33612345678` }), ...more }
}

function setOf(steps: readonly Step[], more: Partial<ProbeSet> = {}): ProbeSet {
  const none = { probes: [], unseen: [], watched: [] }
  return { needs: { phones: 0, emails: 0 }, steps, cleanUp: () => [], left: () => undefined, ...none, ...more }
}

/** A clock that moves by sleeping alone. */
function surroundings(answers: () => TransportAnswer, paceMs = 1_000) {
  const sentAt: number[] = []
  const stopping = new AbortController()
  let now = 0
  const made: Surroundings = {
    send: async () => {
      sentAt.push(now)
      return answers()
    },
    clock: {
      now: () => now,
      sleep: async (ms) => {
        now += ms
      },
    },
    paceMs,
    tell: () => {},
    signal: stopping.signal,
  }
  return { made, sentAt, stop: () => stopping.abort() }
}

const journal = () => {
  const lines: string[] = []
  return {
    lines,
    writing: (id: string) => void lines.push(id),
    made: (_: string, keys: readonly string[]) => void lines.push(...keys),
  }
}
const post: Partial<Step> = { writes: true, request: () => ({ method: 'POST', path: '/contacts', json: {} }) }

test('calls go one by one, by the pace, and a step waits for its moment', async () => {
  const { made, sentAt } = surroundings(() => answer(200))
  await runVerification(
    setOf([step('a'), step('b'), step('c', { wait: { after: 'a', ms: 10_000 } })]),
    people,
    made,
    undefined,
  )
  expect(sentAt).toEqual([0, 1_000, 10_000])
})

test('a provider that is busy is waited for as it says, and not for ever', async () => {
  const answers = [answer(200), answer(429, { retryAfter: '7' }), answer(429), answer(429), answer(200)]
  const { made, sentAt } = surroundings(() => answers.shift() as TransportAnswer)
  const { calls } = await runVerification(setOf([step('a'), step('b'), step('c')]), people, made, undefined)
  expect(sentAt).toEqual([0, 1_000, 8_000, 13_000, 14_000])
  expect(calls.map(({ status }) => status)).toEqual([200, 429, 429, 429, 200])
})

test('no run makes more calls than it may, and those for tidying up are kept', async () => {
  const many = Array.from({ length: 100 }, (_, index) => step(`s${index}`, post))
  const { made } = surroundings(() => answer(200))
  const tidy = step('tidy', post)
  const run = await runVerification(setOf(many, { cleanUp: () => [tidy] }), people, made, journal())
  expect(run.calls.length).toBeLessThanOrEqual(mostCalls)
  expect(run.calls.at(-1)?.step).toBe('tidy')
  expect(run.stop?.kind).toBe('tooMany')
})

test('a write is noted before it goes, and what it made once it is answered', async () => {
  const noted = journal()
  const seen: string[][] = []
  const { made } = surroundings(() => {
    seen.push([...noted.lines])
    return answer(201)
  })
  const steps = [step('read'), step('write', { ...post, made: () => ['key-1'] })]
  await runVerification(setOf(steps), people, made, noted)
  expect(seen).toEqual([[], ['write']])
  expect(noted.lines).toEqual(['write', 'key-1'])
})

test('without a journal nothing is made that writes', async () => {
  const { made, sentAt } = surroundings(() => answer(200))
  await runVerification(setOf([step('read'), step('write', post)]), people, made, undefined)
  expect(sentAt).toHaveLength(1)
})

test('an interruption, or somebody who is in the way, ends the steps and not the tidying up', async () => {
  const { made, stop } = surroundings(() => answer(200))
  const tidy = setOf([step('a'), step('b', { ...post, objection: () => 'Somebody is there.' }), step('c', post)], {
    cleanUp: () => [step('tidy', post)],
  })
  const run = await runVerification(tidy, people, made, journal())
  expect([run.calls.map((call) => call.step), run.stop?.says]).toEqual([['a', 'b', 'tidy'], 'Somebody is there.'])
  stop()
  const interrupted = await runVerification(tidy, people, made, journal())
  expect([interrupted.calls, interrupted.stop?.kind]).toEqual([[], 'interrupted'])
})

test.each([
  [answer(401), 'refused (HTTP 401)'],
  [answer(503), 'cannot answer now (HTTP 503)'],
  [{ lost: 'unreachable', cause: 'ECONNREFUSED' } as TransportAnswer, 'ECONNREFUSED'],
])('where nobody can be asked it ends after the first call: %o', async (said, says) => {
  const { made } = surroundings(() => said)
  const { stop, calls } = await runVerification(setOf([step('a'), step('b')]), people, made, undefined)
  expect(stop).toEqual({ kind: 'refused', says: expect.stringContaining(says) })
  expect(new Set(calls.map((call) => call.step))).toEqual(new Set(['a']))
})

test('what is kept of a call shows nobody', async () => {
  const text = JSON.stringify({ items: [{ name: 'Jane', phone_number: '+33612345678' }], '+33612345678': 1 })
  const { made } = surroundings(() => answer(200, { text }))
  const { calls } = await runVerification(setOf([step('a')]), people, made, undefined)
  expect(JSON.stringify(calls)).not.toMatch(/Jane|33612345678/)
  expect(calls[0]).toMatchObject({ path: '/contacts/a?search=…', status: 200, headers: ['content-type'] })
})

test.each([
  ['Mon, 30 Nov 2026 10:00:00 GMT', 0],
  ['Mon, 30 Nov 2026 10:01:00 GMT', 60],
])('the provider’s clock is compared with ours: %s', async (date, seconds) => {
  const { made } = surroundings(() => answer(200, { date }))
  const clock = { ...made.clock, now: () => Date.parse('2026-11-30T10:00:00Z') }
  const run = await runVerification(setOf([step('a')]), people, { ...made, clock }, undefined)
  expect(run.clock).toEqual({ seconds })
})

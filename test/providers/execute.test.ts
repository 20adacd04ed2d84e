import { describe, expect, test } from 'vitest'
import type { CallObserver } from '../../src/providers/policies.ts'
import { answer, createAccount, lost, type Told } from './execute-account.ts'
import { createManualClock } from './execute-clock.ts'

type Case = {
  name: string
  told: Told[]
  repeatable?: boolean
  retries?: number
  withinMs?: number
  /** `ok`, or the kind of the failure. */
  ends: string
  /** When each attempt was sent, with half of the jitter: 100 ms, then 200 ms. */
  sent: number[]
}

const cases: Case[] = [
  { name: 'success needs one attempt', told: [answer(200)], ends: 'ok', sent: [0] },
  { name: 'a 500 on a repeatable call is mended', told: [answer(500), answer(200)], ends: 'ok', sent: [0, 100] },
  { name: 'at most two retries', told: [answer(503)], ends: 'unavailable', sent: [0, 100, 300] },
  { name: 'as many retries as configured', told: [answer(503)], retries: 1, ends: 'unavailable', sent: [0, 100] },
  { name: 'no retries', told: [answer(503)], retries: 0, ends: 'unavailable', sent: [0] },
  { name: 'a timeout on a repeatable call', told: [lost('timeout'), answer(200)], ends: 'ok', sent: [0, 100] },
  {
    name: 'a 500 on a call that must not be repeated',
    told: [answer(500)],
    repeatable: false,
    ends: 'unavailable',
    sent: [0],
  },
  {
    name: 'a timeout on a call that must not be repeated',
    told: [lost('timeout')],
    repeatable: false,
    ends: 'timeout',
    sent: [0],
  },
  {
    name: 'nothing was sent, so that it does not matter whether it may be repeated',
    told: [lost('unreachable'), answer(200)],
    repeatable: false,
    ends: 'ok',
    sent: [0, 100],
  },
  {
    name: 'a 429 was certainly not applied',
    told: [answer(429), answer(200)],
    repeatable: false,
    ends: 'ok',
    sent: [0, 100],
  },
  { name: 'a refusal of the data is final', told: [answer(422)], ends: 'invalid', sent: [0] },
  { name: 'refused credentials are final', told: [answer(401)], ends: 'credentials', sent: [0] },
  { name: 'a conflict is final', told: [answer(409)], ends: 'conflict', sent: [0] },
  {
    name: 'a conflict after a lost attempt may be with that one',
    told: [lost('timeout'), answer(409)],
    ends: 'timeout',
    sent: [0, 100],
  },
  { name: 'a redirect is final', told: [lost('redirected', 307)], ends: 'redirected', sent: [0] },
  { name: 'an answer that is too large is final', told: [lost('tooLarge', 200)], ends: 'unreadable', sent: [0] },
  { name: 'a refusal that breaks off is a refusal', told: [lost('timeout', 422)], ends: 'invalid', sent: [0] },
  {
    name: 'Retry-After is waited for',
    told: [answer(429, '3'), answer(503, '2'), answer(200)],
    ends: 'ok',
    sent: [0, 3_100, 5_300],
  },
  { name: 'Retry-After: 0', told: [answer(429, '0'), answer(200)], ends: 'ok', sent: [0, 100] },
  { name: 'a Retry-After past the deadline', told: [answer(429, '15')], ends: 'rateLimited', sent: [0] },
  { name: 'a Retry-After of a thousand years', told: [answer(429, '99999999999')], ends: 'rateLimited', sent: [0] },
  {
    name: 'a Retry-After with more digits than a number has',
    told: [answer(503, '9'.repeat(400))],
    ends: 'unavailable',
    sent: [0],
  },
  { name: 'a negative Retry-After', told: [answer(429, '-1')], ends: 'rateLimited', sent: [0, 100, 300] },
  { name: 'a Retry-After that is neither', told: [answer(429, 'abc')], ends: 'rateLimited', sent: [0, 100, 300] },
  { name: 'a fraction as Retry-After', told: [answer(429, '1.5')], ends: 'rateLimited', sent: [0, 100, 300] },
  {
    name: 'a date long ago',
    told: [answer(429, 'Wed, 21 Oct 2015 07:28:00 GMT')],
    ends: 'rateLimited',
    sent: [0, 100, 300],
  },
  { name: 'a date far ahead', told: [answer(429, 'Fri, 31 Dec 9999 23:59:59 GMT')], ends: 'rateLimited', sent: [0] },
  { name: 'no retry past the deadline', told: [answer(503)], withinMs: 110, ends: 'unavailable', sent: [0] },
  {
    name: 'not applied after perhaps applied is perhaps applied',
    told: [answer(500), lost('unreachable'), answer(429)],
    ends: 'unavailable',
    sent: [0, 100, 300],
  },
  {
    name: 'refused credentials after perhaps applied is perhaps applied',
    told: [lost('timeout'), answer(401)],
    ends: 'timeout',
    sent: [0, 100],
  },
  {
    name: 'a refusal of the data stands, whatever was before',
    told: [answer(500), answer(422)],
    ends: 'invalid',
    sent: [0, 100],
  },
]

describe('attempts', () => {
  test.each(cases)('$name', async ({ told, ends, sent, retries = 2, ...request }) => {
    const clock = createManualClock(0.5)
    const account = createAccount(clock, (attempt) => told[Math.min(attempt, told.length) - 1] as Told, { retries })
    const result = await clock.until(account.call(request))
    expect('ok' in result ? 'ok' : result.failure.kind).toBe(ends)
    expect(account.sent).toEqual(sent)
    expect(account.logged).toHaveLength(sent.length)
    expect(account.logged).toMatchObject(sent.map((_, index) => ({ account: 'acme-main', attempt: index + 1 })))
    expect(account.account.policies.slots.waiting).toBe(0)
  })

  test('the last retry-after goes back with the failure, clamped to an hour', async () => {
    const clock = createManualClock(0.5)
    const { call } = createAccount(clock, () => answer(503, '99999999999'))
    expect(await clock.until(call())).toMatchObject({ failure: { kind: 'unavailable', retryAfterMs: 3_600_000 } })
  })

  test('each attempt has what is left of the deadline, and no more than the timeout', async () => {
    const clock = createManualClock(0.5)
    const allowed: number[] = []
    const { call } = createAccount(clock, (_, timeoutMs) => {
      allowed.push(timeoutMs)
      return { ...lost('timeout'), lasts: 5_000 }
    })
    expect(await clock.until(call({ withinMs: 1_500 }))).toMatchObject({ failure: { kind: 'timeout' } })
    expect(allowed).toEqual([1_000, 400])
    expect(clock.now()).toBe(1_500)
  })

  test('the place is free for others while a call waits for its retry', async () => {
    const clock = createManualClock(0.5)
    const account = createAccount(clock, (attempt) => (attempt === 1 ? answer(429, '5') : answer(200)), {
      maxConcurrency: 1,
    })
    const first = account.call()
    await clock.advance(1_000)
    expect(await account.call()).toEqual({ ok: 'done' })
    expect(await clock.until(first)).toEqual({ ok: 'done' })
    expect(account.sent).toEqual([0, 1_000, 5_100])
  })

  test('an observer hears of attempts, retries and the breaker', async () => {
    const clock = createManualClock(0.5)
    const heard: unknown[][] = []
    const observer: CallObserver = {
      attempt: (...all) => heard.push(['attempt', ...all]),
      retry: (...all) => heard.push(['retry', ...all]),
      breakerState: (...all) => heard.push(['breaker', ...all]),
    }
    const breaker = { failureRate: 0.5, minimumCalls: 2, windowMs: 10_000, openMs: 10_000 }
    const told = (attempt: number) => ({ ...answer(attempt < 3 ? 500 : 200), lasts: 7 })
    const { call } = createAccount(clock, told, { breaker }, { observer })
    expect(await clock.until(call())).toMatchObject({ failure: { kind: 'unavailable' } })
    await clock.advance(10_000)
    expect(await clock.until(call())).toEqual({ ok: 'done' })
    expect(heard).toEqual([
      ['attempt', 'acme-main', 'addContacts', 'unavailable', 7],
      ['retry', 'acme-main', 'addContacts', 'unavailable'],
      ['attempt', 'acme-main', 'addContacts', 'unavailable', 7],
      ['breaker', 'acme-main', 'open'],
      ['breaker', 'acme-main', 'half-open'],
      ['attempt', 'acme-main', 'addContacts', 'ok', 7],
      ['breaker', 'acme-main', 'closed'],
    ])
  })
})

describe('the retry budget', () => {
  const flood = async (calls: number, told: () => Told, apartMs = 0, before = 0) => {
    const clock = createManualClock()
    let healthy = before > 0
    const account = createAccount(clock, () => (healthy ? answer(200) : told()), { maxConcurrency: 1_000 })
    for (let call = 0; call < before; call++) await account.call()
    healthy = false
    account.sent.length = 0
    const running = []
    for (let call = 0; call < calls; call++) {
      running.push(account.call())
      if (apartMs > 0) await clock.advance(apartMs)
    }
    await clock.until(Promise.all(running))
    return account.sent
  }

  test.each([
    { name: '600 calls in a minute', calls: 600, apartMs: 100 },
    { name: '60 calls in a minute', calls: 60, apartMs: 1_000 },
    { name: '1,000 calls at once', calls: 1_000, apartMs: 0 },
    { name: '60 calls in a minute, after a time when all was well', calls: 60, apartMs: 1_000, before: 500 },
  ])('$name to a provider that answers 500: at most 1.2 times as many arrive', async ({ calls, apartMs, before }) => {
    const sent = await flood(calls, () => answer(500), apartMs, before)
    expect(sent.length).toBeLessThanOrEqual(1.2 * calls)
    expect(sent.length).toBeGreaterThan(1.15 * calls)
  })

  test('a quiet account may retry its odd failure every time', async () => {
    const clock = createManualClock(0.5)
    const account = createAccount(clock, (attempt) => answer(attempt % 11 === 1 ? 503 : 200))
    for (let call = 0; call < 200; call++) expect(await clock.until(account.call())).toEqual({ ok: 'done' })
  })
})

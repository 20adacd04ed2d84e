import { describe, expect, test } from 'vitest'
import { Breaker } from '../../src/providers/breaker.ts'
import { answer, createAccount, lost, type Told } from './execute-account.ts'
import { createManualClock, type ManualClock } from './execute-clock.ts'

const breaker = { failureRate: 0.5, minimumCalls: 4, windowMs: 10_000, openMs: 5_000 }

function accountOf(told: (attempt: number) => Told, settings = {}, clock: ManualClock = createManualClock()) {
  return { clock, ...createAccount(clock, told, { breaker, retries: 0, ...settings }) }
}

async function callTimes(times: number, { clock, call }: ReturnType<typeof accountOf>) {
  for (let made = 0; made < times; made++) await clock.until(call())
}

describe('what opens it', () => {
  const counted: Told[] = [answer(500), answer(503), lost('timeout'), lost('unreachable'), lost('tooLarge', 200)]
  test.each(counted)('%j counts', async (told) => {
    const account = accountOf(() => told)
    await callTimes(3, account)
    expect(account.account.policies.breaker.state).toBe('closed')
    await callTimes(1, account)
    expect(account.account.policies.breaker.state).toBe('open')
  })

  const uncounted: Told[] = [
    answer(200),
    answer(400),
    answer(401),
    answer(404),
    answer(409),
    answer(422),
    answer(429),
    lost('redirected', 307),
  ]
  test.each(uncounted)('%j does not count', async (told) => {
    const account = accountOf(() => told)
    await callTimes(50, account)
    expect(account.account.policies.breaker.state).toBe('closed')
    expect(account.sent).toHaveLength(50)
  })

  test('a share of the calls, and not a few failures among many', async () => {
    const account = accountOf((attempt) => answer(attempt % 5 === 0 ? 500 : 200))
    await callTimes(100, account)
    expect(account.account.policies.breaker.state).toBe('closed')
  })

  test('failures that are older than the window are forgotten, also after a long rest', async () => {
    const account = accountOf((attempt) => answer(attempt <= 3 || attempt === 100 ? 500 : 200))
    await callTimes(3, account)
    await account.clock.advance(3_600_000)
    await callTimes(1, account)
    expect(account.account.policies.breaker.state).toBe('closed')
  })

  test('a timeout that is due to the caller’s deadline says nothing of the provider', async () => {
    const account = accountOf(() => ({ ...answer(200), lasts: 3_000 }), { timeoutMs: 10_000 })
    for (let made = 0; made < 50; made++) await account.clock.until(account.call({ withinMs: 1_000 }))
    expect(account.account.policies.breaker.state).toBe('closed')
    expect(account.sent).toHaveLength(50)
  })

  test('a hanging provider opens it, though its calls are too slow to reach the minimum within the window', async () => {
    const clock = createManualClock()
    const settings = { timeoutMs: 10_000, breaker: { ...breaker, minimumCalls: 20 } }
    const account = accountOf(() => ({ ...answer(200), lasts: 60_000 }), settings, clock)
    const all = Promise.all(Array.from({ length: 100 }, () => account.call()))
    await clock.advance(10_000)
    expect(account.account.policies.breaker.state).toBe('open')
    await clock.until(all)
    // The first 8 to see it, and the rest of a second round at most.
    expect(account.sent.length).toBeLessThanOrEqual(16)
  })

  test('slow answers among the timeouts keep it closed', async () => {
    const settings = { timeoutMs: 10_000, breaker: { ...breaker, minimumCalls: 20 } }
    const account = accountOf((attempt) => ({ ...answer(200), lasts: attempt % 4 === 0 ? 9_000 : 60_000 }), settings)
    await callTimes(30, account)
    expect(account.account.policies.breaker.state).toBe('closed')
  })
})

describe('while it is open', () => {
  test('nothing is sent, nothing waits, and the failure says when to come back', async () => {
    const account = accountOf(() => answer(500))
    await callTimes(4, account)
    await account.clock.advance(1_000)
    expect(await account.call()).toEqual({ failure: { kind: 'breakerOpen', retryAfterMs: 4_000 } })
    expect(account.sent).toHaveLength(4)
    expect(account.account.policies.slots.waiting).toBe(0)
  })

  test('calls that stood in line are let go as well', async () => {
    const clock = createManualClock()
    const account = accountOf(() => ({ ...answer(500), lasts: 10 }), { maxConcurrency: 1 }, clock)
    const results = await clock.until(Promise.all(Array.from({ length: 50 }, () => account.call())))
    expect(account.sent).toHaveLength(4)
    expect(results.slice(4)).toEqual(Array(46).fill({ failure: { kind: 'breakerOpen', retryAfterMs: 5_000 } }))
  })
})

describe('how it closes again', () => {
  test('a single probe goes out, whatever the load; when it succeeds all may pass', async () => {
    const clock = createManualClock()
    const account = accountOf((attempt) => ({ ...answer(attempt <= 4 ? 500 : 200), lasts: 100 }), {}, clock)
    await callTimes(4, account)
    await clock.advance(5_000)
    const before = account.sent.length
    const many = Array.from({ length: 20 }, () => account.call())
    await clock.advance(50)
    expect(account.account.policies.breaker.state).toBe('half-open')
    expect(account.sent.length).toBe(before + 1)
    const kinds = (await clock.until(Promise.all(many))).map((one) => ('ok' in one ? 'ok' : one.failure.kind))
    expect(kinds).toEqual(['ok', ...Array(19).fill('breakerOpen')])
    expect(account.account.policies.breaker.state).toBe('closed')
    await callTimes(3, account)
    expect(account.sent.length).toBe(before + 4)
  })

  test('when the probe fails it is open for as long again', async () => {
    const account = accountOf(() => answer(500))
    await callTimes(4, account)
    for (let round = 1; round <= 3; round++) {
      await account.clock.advance(5_000)
      await callTimes(10, account)
      expect(account.sent).toHaveLength(4 + round)
      expect(account.account.policies.breaker.state).toBe('open')
    }
  })

  test('a refusal of data is as good a probe as success', async () => {
    const account = accountOf((attempt) => answer(attempt <= 4 ? 500 : 422))
    await callTimes(4, account)
    await account.clock.advance(5_000)
    await callTimes(1, account)
    expect(account.account.policies.breaker.state).toBe('closed')
  })

  test('a probe that was cut short does not close it, and does not leave it half open', () => {
    const clock = createManualClock()
    const one = new Breaker({ ...breaker, silentCalls: Number.POSITIVE_INFINITY }, clock)
    for (let made = 0; made < 4; made++) one.settle(one.enter() as number, 'fails')
    return clock.advance(5_000).then(() => {
      const pass = one.enter() as number
      expect(one.enter()).toBeUndefined()
      one.settle(pass, 'unclear')
      expect(one.state).toBe('open')
      expect(one.refusal()).toBe(5_000)
    })
  })

  test('results of calls from before it opened change nothing', async () => {
    const clock = createManualClock()
    const one = new Breaker({ ...breaker, silentCalls: Number.POSITIVE_INFINITY }, clock)
    const late = Array.from({ length: 10 }, () => one.enter() as number)
    for (const pass of late.slice(0, 4)) one.settle(pass, 'fails')
    await clock.advance(5_000)
    const probe = one.enter() as number
    one.settle(late[4] as number, 'works')
    one.settle(late[5] as number, 'fails')
    expect(one.state).toBe('half-open')
    one.settle(probe, 'works')
    one.settle(late[6] as number, 'fails')
    expect(one.state).toBe('closed')
  })

  test('with a failure rate of 1 only a provider that always fails opens it', async () => {
    const settings = { breaker: { ...breaker, failureRate: 1 } }
    const mixed = accountOf((attempt) => answer(attempt === 1 ? 200 : 500), settings)
    await callTimes(50, mixed)
    expect(mixed.account.policies.breaker.state).toBe('closed')
    const dead = accountOf(() => answer(500), settings)
    await callTimes(4, dead)
    expect(dead.account.policies.breaker.state).toBe('open')
  })
})

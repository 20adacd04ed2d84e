import { describe, expect, test } from 'vitest'
import type { Failure, Result } from '../../src/domain/failure.ts'
import type { Account, TransportAnswer } from '../../src/providers/account.ts'
import { octopush } from '../../src/providers/octopush/index.ts'
import { askedTarget, createListKeeper, namedTarget } from '../../src/services/delivery/list-keeper.ts'
import { pigeon } from '../made-up/pigeon/index.ts'
import { createAccount } from '../providers/execute-account.ts'
import { createManualClock } from '../providers/execute-clock.ts'

const minutes = 60_000
const answer = (status: number, body?: object): TransportAnswer => ({
  status,
  text: body === undefined ? '' : JSON.stringify(body),
  retryAfter: undefined,
})

const notThere: Result<string> = { failure: { kind: 'notFound' } }

/** A list at an account whose provider answers as it is told, and counts the calls. */
function setUp(answers: readonly TransportAnswer[], members: Partial<Account> = {}) {
  const clock = createManualClock()
  const { account, sent } = createAccount(clock, (attempt) => answers[Math.min(attempt, answers.length) - 1] as never, {
    retries: 0,
  })
  const at = {
    account: { ...account, adapter: octopush, ...members },
    target: { list: 'News' },
    fields: octopush.fields({}),
  }
  const keeper = createListKeeper()
  const context = { deadlineAt: 100 * minutes, log: { debug() {}, error() {} } }
  const ensure = (): Promise<Failure | undefined> => keeper.ensure(at, context)
  return { clock, sent, keeper, at, context, ensure }
}

describe('a list that was made', () => {
  test('is not asked for again for ten minutes, and then is', async () => {
    const { clock, sent, ensure } = setUp([answer(201)])
    await ensure()
    await clock.advance(10 * minutes - 1)
    expect([await ensure(), sent.length]).toEqual([undefined, 1])
    await clock.advance(1)
    expect([await ensure(), sent.length]).toEqual([undefined, 2])
  })

  test('is asked for at once when the provider denied knowing it', async () => {
    const { sent, keeper, at, context, ensure } = setUp([answer(201)])
    await ensure()
    const calls = [notThere, { ok: 'added' }]
    expect(await keeper.send(at, context, async () => calls.shift() as Result<string>)).toEqual({ ok: 'added' })
    expect(sent).toHaveLength(2)
  })
})

test.each([
  ['a code', answer(400, { code: 302 })],
  ['409', answer(409)],
  ['words', answer(422, { message: 'has already been taken' })],
  ['a refusal that is not known', answer(400, { message: 'No.' })],
  ['a 200 that denies it', answer(200, { success: false, message: 'already exists' })],
])('a list that may be there, by %s, is no failure, and is not asked for again', async (_what, said) => {
  const { sent, ensure } = setUp([said])
  expect([await ensure(), await ensure(), sent.length]).toEqual([undefined, undefined, 1])
})

test.each([
  [401, 'credentials'],
  [429, 'rateLimited'],
  [500, 'unavailable'],
  [402, 'limitReached'],
])('%i ends it, before anything was sent, and it is tried again', async (status, kind) => {
  const { sent, ensure } = setUp([answer(status, {}), answer(201)])
  expect(await ensure()).toMatchObject({ kind, beforeSending: true })
  expect([await ensure(), sent.length]).toEqual([undefined, 2])
})

test('a list whose calls need its name is made before any of them, and its being refused stops them', async () => {
  const named = { audience: 'aud_7' }
  const { sent, at, context, ensure } = setUp([answer(422), answer(201, named)], { adapter: pigeon })
  expect(await ensure()).toMatchObject({ kind: 'invalid', beforeSending: true })
  expect(namedTarget(at)).toBe(at.target)
  expect(await ensure()).toBeUndefined()
  expect(namedTarget(at)).toEqual({ list: 'News', id: 'aud_7' })
  expect(await askedTarget(at, context)).toEqual({ ok: { list: 'News', id: 'aud_7' } })
  expect(sent).toHaveLength(2)
})

test('a call that reads a list asks for its name where nobody has yet, once', async () => {
  const { sent, at, context } = setUp([answer(503), answer(200, { audience: 'aud_7' })], { adapter: pigeon })
  expect(await askedTarget(at, context)).toMatchObject({ failure: { kind: 'unavailable', beforeSending: true } })
  expect(await askedTarget(at, context)).toEqual({ ok: { list: 'News', id: 'aud_7' } })
  expect(await askedTarget(at, context)).toEqual({ ok: { list: 'News', id: 'aud_7' } })
  expect(sent).toHaveLength(2)
})

test('a call that reads a list asks for its name again after ten minutes: it may be another by then', async () => {
  const answers = [answer(200, { audience: 'aud_7' }), answer(200, { audience: 'aud_9' })]
  const { sent, at, context, clock } = setUp(answers, { adapter: pigeon })
  expect(await askedTarget(at, context)).toEqual({ ok: { list: 'News', id: 'aud_7' } })
  await clock.advance(9 * minutes)
  expect(await askedTarget(at, context)).toEqual({ ok: { list: 'News', id: 'aud_7' } })
  await clock.advance(2 * minutes)
  expect(await askedTarget(at, context)).toEqual({ ok: { list: 'News', id: 'aud_9' } })
  expect(namedTarget(at)).toEqual({ list: 'News', id: 'aud_9' })
  expect(sent).toHaveLength(2)
})

test('lists that are made by hand are never asked for', async () => {
  const { sent, keeper, at, context, ensure } = setUp([answer(201)], { createLists: false })
  expect([await ensure(), await keeper.send(at, context, async () => notThere), sent.length]).toEqual([
    undefined,
    notThere,
    0,
  ])
})

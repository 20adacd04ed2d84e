import { expect, test } from 'vitest'
import { answerOf, claimOf, finish, freshKey, resumed, type StoreUnderTest } from './store-under-test.ts'

const other = { fingerprint: 'request-2' }

/** What a claim finds, by what was there before. */
export function testClaims(subject: () => StoreUnderTest): void {
  const idempotency = () => subject().store.idempotency

  test('takes a key that nobody has', async () => {
    expect(await idempotency().claim(claimOf(freshKey()))).toEqual({ kind: 'claimed' })
  })

  test('keeps the keys of two callers apart', async () => {
    const key = freshKey()
    await idempotency().claim(claimOf(`a:${key}`))
    expect(await idempotency().claim(claimOf(`b:${key}`))).toEqual({ kind: 'claimed' })
  })

  test('tells that the same request is running, and for how long its lease goes on', async () => {
    const key = freshKey()
    await idempotency().claim(claimOf(key, { leaseMs: 10_000 }))
    await subject().pass(key, 4_000)
    const result = await idempotency().claim(claimOf(key))
    expect(result).toEqual({ kind: 'running', retryAfterMs: expect.any(Number) })
    const left = result.kind === 'running' ? result.retryAfterMs : 0
    expect(left).toBeGreaterThan(4_000)
    expect(left).toBeLessThanOrEqual(6_000)
  })

  test('refuses another request under a key that is running', async () => {
    const key = freshKey()
    await idempotency().claim(claimOf(key))
    expect(await idempotency().claim(claimOf(key, other))).toEqual({ kind: 'reused' })
  })

  test('hands the work of a dead owner on: its intent and its marks', async () => {
    const key = freshKey()
    const dead = claimOf(key, { intent: '{"accounts":["a","ü"]}' })
    await idempotency().claim(dead)
    await idempotency().mark(key, dead.owner, 'sent a')
    await idempotency().mark(key, dead.owner, 'sent ü\r\n')
    await subject().pass(key, 10_001)
    expect(await idempotency().claim(claimOf(key))).toEqual(
      resumed({ died: true, intent: dead.intent, marks: ['sent a', 'sent ü\r\n'] }),
    )
  })

  test('refuses another request under the key of a dead owner', async () => {
    const key = freshKey()
    await idempotency().claim(claimOf(key))
    await subject().pass(key, 10_001)
    expect(await idempotency().claim(claimOf(key, other))).toEqual({ kind: 'reused' })
  })

  test('keeps intent and marks through several deaths, in the order they were made', async () => {
    const key = freshKey()
    const owners = [claimOf(key, { intent: 'first' }), claimOf(key, { intent: 'second' }), claimOf(key)]
    for (const claim of owners) {
      await idempotency().claim(claim)
      for (const step of ['begun', 'sent']) await idempotency().mark(key, claim.owner, `${claim.intent} ${step}`)
      await subject().pass(key, 10_001)
    }
    const marks = ['first begun', 'first sent', 'second begun', 'second sent', ' begun', ' sent']
    expect(await idempotency().claim(claimOf(key))).toEqual(resumed({ died: true, intent: 'first', marks }))
  })

  test('keeps hundreds of marks in order', async () => {
    const key = freshKey()
    const dead = claimOf(key)
    await idempotency().claim(dead)
    const marks = Array.from({ length: 300 }, (_, index) => `chunk ${index}`)
    for (const mark of marks) await idempotency().mark(key, dead.owner, mark)
    await subject().pass(key, 10_001)
    expect(await idempotency().claim(claimOf(key))).toEqual(resumed({ died: true, marks }))
  })

  test('forgets the work of a dead owner when its time is over', async () => {
    const key = freshKey()
    const dead = claimOf(key, { leaseMs: 10_000, keepMs: 60_000, intent: 'old' })
    await idempotency().claim(dead)
    await idempotency().mark(key, dead.owner, 'old')
    await subject().pass(key, 70_001)
    const next = claimOf(key, { ...other, intent: 'new' })
    expect(await idempotency().claim(next)).toEqual({ kind: 'claimed' })
    await subject().pass(key, 10_001)
    expect(await idempotency().claim(claimOf(key, other))).toEqual(resumed({ died: true, intent: 'new' }))
  })

  test('gives a stored answer back, to the same request only', async () => {
    const key = freshKey()
    await finish(subject().store, key, answerOf('{"ok":true}'))
    expect(await idempotency().claim(claimOf(key))).toEqual({ kind: 'done', answer: answerOf('{"ok":true}') })
    expect(await idempotency().claim(claimOf(key, other))).toEqual({ kind: 'reused' })
    expect(await idempotency().claim(claimOf(key))).toEqual({ kind: 'done', answer: answerOf('{"ok":true}') })
  })

  test('lets a resumable answer be worked on again, by one at a time and for the same request only', async () => {
    const key = freshKey()
    const previous = answerOf('half', { resumable: true })
    await finish(subject().store, key, previous)
    expect(await idempotency().claim(claimOf(key, other))).toEqual({ kind: 'reused' })
    expect(await idempotency().claim(claimOf(key))).toEqual(resumed({ previous }))
    expect(await idempotency().claim(claimOf(key))).toMatchObject({ kind: 'running' })
    expect(await idempotency().claim(claimOf(key, other))).toEqual({ kind: 'reused' })
  })

  test('hands the previous answer on when the one who resumed it dies', async () => {
    const key = freshKey()
    const previous = answerOf('half', { resumable: true })
    await finish(subject().store, key, previous)
    const dead = claimOf(key, { intent: 'the rest' })
    await idempotency().claim(dead)
    await idempotency().mark(key, dead.owner, 'sent')
    await subject().pass(key, 10_001)
    const expected = resumed({ previous, died: true, intent: 'the rest', marks: ['sent'] })
    expect(await idempotency().claim(claimOf(key))).toEqual(expected)
  })

  test('answers the same to an owner that claims again because it did not hear the first answer', async () => {
    const [fresh, again, dead] = [freshKey(), freshKey(), freshKey()]
    const previous = answerOf('half', { resumable: true })
    await finish(subject().store, again, previous)
    await idempotency().claim(claimOf(dead, { intent: 'sent?' }))
    await subject().pass(dead, 10_001)
    for (const [key, expected] of [
      [fresh, { kind: 'claimed' }],
      [again, resumed({ previous })],
      [dead, resumed({ died: true, intent: 'sent?' })],
    ] as const) {
      const claim = claimOf(key)
      expect(await idempotency().claim(claim)).toEqual(expected)
      expect(await idempotency().claim(claim)).toEqual(expected)
    }
  })
}

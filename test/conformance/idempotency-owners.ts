import { expect, test } from 'vitest'
import { answerOf, claimOf, finish, freshKey, resumed, type StoreUnderTest } from './store-under-test.ts'

/** What an owner may do, and until when. */
export function testOwners(subject: () => StoreUnderTest): void {
  const idempotency = () => subject().store.idempotency

  test('renewing makes the lease end later', async () => {
    const key = freshKey()
    const claim = claimOf(key)
    await idempotency().claim(claim)
    await subject().pass(key, 9_000)
    expect(await idempotency().renew(key, claim.owner, 10_000)).toBe(true)
    await subject().pass(key, 9_000)
    expect(await idempotency().claim(claimOf(key))).toMatchObject({ kind: 'running' })
    await subject().pass(key, 1_001)
    expect(await idempotency().claim(claimOf(key))).toMatchObject({ kind: 'resumed', died: true })
  })

  test('renewing also keeps the record, for its whole time, after the new lease', async () => {
    const key = freshKey()
    const claim = claimOf(key, { leaseMs: 10_000, keepMs: 60_000 })
    await idempotency().claim(claim)
    await subject().pass(key, 60_000)
    await idempotency().renew(key, claim.owner, 10_000)
    await subject().pass(key, 69_000)
    expect(await idempotency().claim(claimOf(key))).toMatchObject({ kind: 'resumed', died: true })
  })

  const late = [
    ['renew', (key: string) => idempotency().renew(key, 'stalled', 10_000), { kind: 'running' }],
    ['mark', (key: string) => idempotency().mark(key, 'stalled', 'late'), resumed({ died: true, marks: ['late'] })],
    ['release', (key: string) => idempotency().release(key, 'stalled'), { kind: 'claimed' }],
    ['withdraw', (key: string) => idempotency().withdraw(key, 'stalled'), { kind: 'claimed' }],
    [
      'complete',
      (key: string) => idempotency().complete(key, 'stalled', answerOf('late'), 100_000),
      { kind: 'done', answer: answerOf('late') },
    ],
  ] as const
  test.for(late)('a stalled owner whom nobody followed may %s', async ([, act, found]) => {
    const key = freshKey()
    await idempotency().claim(claimOf(key, { owner: 'stalled' }))
    await subject().pass(key, 20_000)
    expect(await act(key)).toBe(true)
    expect(await idempotency().claim(claimOf(key))).toMatchObject(found)
  })

  test('a stalled owner whom another followed changes nothing', async () => {
    const key = freshKey()
    const stalled = claimOf(key, { intent: 'sent' })
    await idempotency().claim(stalled)
    await subject().pass(key, 10_001)
    const successor = claimOf(key)
    await idempotency().claim(successor)
    expect(await actAs(key, stalled.owner)).toEqual(none)
    expect(await idempotency().claim(claimOf(key))).toMatchObject({ kind: 'running' })
    expect(await idempotency().complete(key, successor.owner, answerOf('mine'), 100_000)).toBe(true)
    expect(await actAs(key, stalled.owner)).toEqual(none)
    expect(await idempotency().claim(claimOf(key))).toEqual({ kind: 'done', answer: answerOf('mine') })
  })

  test('a stranger changes nothing, whether the key is free, running or done', async () => {
    const [free, running, done] = [freshKey(), freshKey(), freshKey()]
    const claim = claimOf(running, { intent: 'intent' })
    await idempotency().claim(claim)
    await finish(subject().store, done, answerOf('done'))
    for (const key of [free, running, done]) expect(await actAs(key, 'stranger')).toEqual(none)
    expect(await idempotency().claim(claimOf(free))).toEqual({ kind: 'claimed' })
    expect(await idempotency().claim(claimOf(done))).toEqual({ kind: 'done', answer: answerOf('done') })
    await subject().pass(running, 10_001)
    expect(await idempotency().claim(claimOf(running))).toEqual(resumed({ died: true, intent: 'intent' }))
  })

  test('who has completed has given the key away', async () => {
    const key = freshKey()
    const claim = claimOf(key)
    await idempotency().claim(claim)
    await idempotency().complete(key, claim.owner, answerOf('once'), 100_000)
    expect(await actAs(key, claim.owner)).toEqual(none)
  })

  test('releasing frees a key that had no answer, for any request', async () => {
    const key = freshKey()
    const claim = claimOf(key, { intent: 'old' })
    await idempotency().claim(claim)
    await idempotency().mark(key, claim.owner, 'old')
    expect(await idempotency().release(key, claim.owner)).toBe(true)
    const next = claimOf(key, { fingerprint: 'request-2' })
    expect(await idempotency().claim(next)).toEqual({ kind: 'claimed' })
    await subject().pass(key, 10_001)
    expect(await idempotency().claim({ ...next, owner: 'other' })).toEqual(resumed({ died: true }))
  })

  test('releasing restores the previous answer, whose time has gone on', async () => {
    const key = freshKey()
    const previous = answerOf('half', { resumable: true })
    await finish(subject().store, key, previous, 30_000)
    const claim = claimOf(key, { intent: 'old' })
    await idempotency().claim(claim)
    await idempotency().mark(key, claim.owner, 'old')
    await subject().pass(key, 20_000)
    expect(await idempotency().release(key, claim.owner)).toBe(true)
    const next = claimOf(key)
    expect(await idempotency().claim(next)).toEqual(resumed({ previous }))
    await idempotency().release(key, next.owner)
    await subject().pass(key, 10_001)
    expect(await idempotency().claim(claimOf(key, { fingerprint: 'request-2' }))).toEqual({ kind: 'claimed' })
  })

  test('withdrawing a claim leaves what a dead owner noted, to be taken over at once', async () => {
    const key = freshKey()
    const dead = claimOf(key, { intent: 'marks' })
    await idempotency().claim(dead)
    await idempotency().mark(key, dead.owner, 'sent')
    await subject().pass(key, 10_001)
    const unheard = claimOf(key)
    await idempotency().claim(unheard)
    expect(await idempotency().withdraw(key, unheard.owner)).toBe(true)
    expect(await actAs(key, dead.owner)).toEqual(none)
    expect(await actAs(key, unheard.owner)).toEqual(none)
    expect(await idempotency().claim(claimOf(key))).toEqual(resumed({ died: true, intent: 'marks', marks: ['sent'] }))
  })

  test('withdrawing a claim on an answer that could be bettered leaves the answer', async () => {
    const key = freshKey()
    const previous = answerOf('half', { resumable: true })
    await finish(subject().store, key, previous)
    const claim = claimOf(key)
    await idempotency().claim(claim)
    expect(await idempotency().withdraw(key, claim.owner)).toBe(true)
    expect(await idempotency().claim(claimOf(key))).toEqual(resumed({ previous }))
  })

  test('an answer is restored where nothing is known of its key, and nowhere else', async () => {
    const [lost, running, done] = [freshKey(), freshKey(), freshKey()]
    const restore = (key: string) => idempotency().restore(key, claimOf(key).fingerprint, answerOf('mine'), 30_000)
    const owner = claimOf(running)
    await idempotency().claim(owner)
    await finish(subject().store, done, answerOf('theirs'))
    expect([await restore(lost), await restore(running), await restore(done)]).toEqual([true, false, false])
    expect(await idempotency().claim(claimOf(lost))).toEqual({ kind: 'done', answer: answerOf('mine') })
    expect(await idempotency().claim(claimOf(lost, { fingerprint: 'request-2' }))).toEqual({ kind: 'reused' })
    expect(await idempotency().renew(running, owner.owner, 10_000)).toBe(true)
    expect(await idempotency().claim(claimOf(done))).toEqual({ kind: 'done', answer: answerOf('theirs') })
    await subject().pass(lost, 30_001)
    expect(await idempotency().claim(claimOf(lost))).toEqual({ kind: 'claimed' })
  })

  /** Everything that an owner can do; what each told. */
  async function actAs(key: string, owner: string): Promise<boolean[]> {
    return [
      await idempotency().mark(key, owner, 'not mine'),
      await idempotency().renew(key, owner, 1_000_000),
      await idempotency().complete(key, owner, answerOf('not mine'), 1_000_000),
      await idempotency().release(key, owner),
      await idempotency().withdraw(key, owner),
    ]
  }
}

/** What who does not have the key is told to all of it. */
const none = [false, false, false, false, false]

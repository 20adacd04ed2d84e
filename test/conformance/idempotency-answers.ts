import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { answerOf, claimOf, finish, freshKey, resumed, type StoreUnderTest } from './store-under-test.ts'

/** What is kept, how exactly, under which keys and for how long. */
export function testAnswers(subject: () => StoreUnderTest): void {
  const idempotency = () => subject().store.idempotency

  const bodies: readonly (readonly [string, string | Buffer])[] = [
    ['of 0 B', Buffer.alloc(0)],
    ['that is an empty text', ''],
    ['that is a text of more than a byte a character', 'Zoë, 日本, 👩‍👩‍👧'],
    ['that is a long text', 'é\0'.repeat(30_000)],
    ['of every byte there is', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
    ['of 4 KB', randomBytes(4096)],
    ['of 4 KB and a byte', Buffer.from('é\0'.repeat(1366)).subarray(0, 4097)],
    ['of 1 MB that can be compressed', Buffer.from('{"status":"created","warnings":[]},'.repeat(30_000))],
    ['of 1 MB that cannot', randomBytes(1024 * 1024)],
  ]
  test.for(bodies)('a body %s comes back byte for byte', async ([, body]) => {
    const key = freshKey()
    await finish(subject().store, key, answerOf('', { body }))
    const result = await idempotency().claim(claimOf(key))
    expect(result.kind).toBe('done')
    expect(result.kind === 'done' && result.answer.body).toEqual(typeof body === 'string' ? Buffer.from(body) : body)
  })

  test('status, headers and whether it can be resumed come back as they were', async () => {
    for (const answer of [
      answerOf('', { status: 100, headers: {} }),
      answerOf('x', { status: 599, headers: { location: '/imports/ü"\\\r\n', 'x-items-failed': '' } }),
    ]) {
      const key = freshKey()
      await finish(subject().store, key, answer)
      expect(await idempotency().claim(claimOf(key))).toEqual({ kind: 'done', answer })
      const [resumable, again] = [{ ...answer, resumable: true }, freshKey()]
      await finish(subject().store, again, resumable)
      expect(await idempotency().claim(claimOf(again))).toEqual(resumed({ previous: resumable }))
    }
  })

  test('whose work an answer is comes back with it, and is none of its headers', async () => {
    const key = freshKey()
    const answer = answerOf('x', { resumable: true, request: 'request-1' })
    await finish(subject().store, key, answer)
    expect(await idempotency().claim(claimOf(key))).toEqual(resumed({ previous: answer }))
    const final = { ...answer, resumable: false }
    const other = freshKey()
    await finish(subject().store, other, final)
    expect(await idempotency().claim(claimOf(other))).toEqual({ kind: 'done', answer: final })
  })

  const keys: readonly (readonly [string, string])[] = [
    ['globs', '*?[a-z]*'],
    ['braces', '{a}{b}}{'],
    ['line breaks and a command', '\r\nDEL *\r\n'],
    ['quotes', `'"; DROP TABLE runs; --`],
    ['unicode', 'clé 鍵 🗝️ \u202e'],
    ['NUL', 'a\0b'],
    ['10 KB', 'k'.repeat(10_240)],
    ['nothing', ''],
  ]
  test.for(keys)('a key of %s is a key like any other', async ([, odd]) => {
    const key = odd === '' ? odd : `${freshKey()}${odd}`
    await finish(subject().store, key, answerOf('mine'))
    expect(await idempotency().claim(claimOf(key))).toEqual({ kind: 'done', answer: answerOf('mine') })
    expect(await idempotency().claim(claimOf(`${key} `))).toEqual({ kind: 'claimed' })
  })

  test('intents, marks and owners may hold anything', async () => {
    const odd = '*{}\r\n\0"\'é🗝️'
    const key = freshKey()
    await idempotency().claim(claimOf(key, { owner: odd, intent: odd.repeat(2000) }))
    await idempotency().mark(key, odd, odd.repeat(1000))
    await subject().pass(key, 10_001)
    expect(await idempotency().claim(claimOf(key))).toEqual(
      resumed({ died: true, intent: odd.repeat(2000), marks: [odd.repeat(1000)] }),
    )
  })

  test('an answer is kept for its time and no longer; then the key is free', async () => {
    const key = freshKey()
    await finish(subject().store, key, answerOf('done'), 30_000)
    await subject().pass(key, 29_000)
    expect(await idempotency().claim(claimOf(key))).toMatchObject({ kind: 'done' })
    await subject().pass(key, 1_001)
    expect(await idempotency().claim(claimOf(key))).toEqual({ kind: 'claimed' })
  })

  test('an answer that is bettered keeps its first end, and one for a shorter time its own', async () => {
    const [long, short] = [freshKey(), freshKey()]
    for (const key of [long, short]) await finish(subject().store, key, answerOf('half', { resumable: true }), 30_000)
    await subject().pass(long, 20_000)
    await finish(subject().store, long, answerOf('whole'), 30_000)
    await subject().pass(long, 9_000)
    expect(await idempotency().claim(claimOf(long))).toEqual({ kind: 'done', answer: answerOf('whole') })
    await subject().pass(long, 1_001)
    expect(await idempotency().claim(claimOf(long))).toEqual({ kind: 'claimed' })
    await finish(subject().store, short, answerOf('whole'), 5_000)
    await subject().pass(short, 5_001)
    expect(await idempotency().claim(claimOf(short))).toEqual({ kind: 'claimed' })
  })

  test('time passes by itself: leases, unfinished work and answers end', async () => {
    const [leased, kept, answered] = [freshKey(), freshKey(), freshKey()]
    const keptClaim = claimOf(kept, { leaseMs: 20, keepMs: 60 })
    await idempotency().claim(claimOf(leased, { leaseMs: 60 }))
    await idempotency().claim(keptClaim)
    await finish(subject().store, answered, answerOf('short'), 60)
    await expect.poll(() => idempotency().claim(claimOf(leased))).toMatchObject({ kind: 'resumed', died: true })
    await expect.poll(() => idempotency().mark(kept, keptClaim.owner, 'still here')).toBe(false)
    expect(await idempotency().claim(claimOf(kept))).toEqual({ kind: 'claimed' })
    await expect.poll(() => idempotency().claim(claimOf(answered))).toEqual({ kind: 'claimed' })
  })
}

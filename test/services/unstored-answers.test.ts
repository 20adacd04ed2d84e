import { hash, randomUUID } from 'node:crypto'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createIdempotency, type KeyedRequest, KeyRefused } from '../../src/services/idempotency/idempotency.ts'
import { createUnstoredAnswers, type OwnedAnswer } from '../../src/services/idempotency/unstored-answers.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { answerOf } from '../conformance/store-under-test.ts'
import { FailingStore, failHere } from '../support/failing-store.ts'

/** A store that can be told to fail, and the mechanism on it. */
function start({ leaseMs = 60_000 }: { readonly leaseMs?: number } = {}) {
  const failing = new FailingStore(failHere)
  const real = openSqliteStore({ dataDir: ':memory:' })
  const { idempotency: store } = failing.wrap(real)
  const idempotency = createIdempotency(store, { leaseMs, answerTtlMs: 60_000 }, () => false)
  onTestFinished(async () => {
    await idempotency.close()
    await real.close()
  })
  return { failing, real, store, idempotency }
}

const log = { debug() {}, error() {} }
const requestOf = (key: string, content = 'request'): KeyedRequest => ({
  key,
  fingerprint: hash('sha256', content, 'buffer'),
  intent: '',
  log,
})
const finished =
  (body: string, resumable = false) =>
  async () => ({ answer: answerOf(body, { resumable }), keep: true })
const neverRun = async () => {
  throw new Error('this was not to be run')
}
const storeAway = { does: 'nothing', on: true } as const

test('an answer that could not be stored answers repeats here, and is stored when the store is back', async () => {
  const { failing, real, idempotency } = start()
  const request = requestOf(randomUUID())
  failing.strike({ ...storeAway, first: 2 })
  const first = await idempotency.run(request, finished('sent'))
  expect([String(first.answer.body), first.stored]).toEqual(['sent', false])
  const meanwhile = await idempotency.run(request, neverRun)
  expect([String(meanwhile.answer.body), meanwhile.replayed, meanwhile.stored]).toEqual(['sent', 'true', false])
  failing.heal()
  await vi.waitFor(async () => {
    const found = await real.idempotency.claim({ ...request, owner: 'other', leaseMs: 1_000, keepMs: 1_000 })
    expect(found).toEqual({ kind: 'done', answer: answerOf('sent') })
  })
  expect(await idempotency.run(request, neverRun)).toMatchObject({ replayed: 'true', stored: true })
})

test('a repeat stores what can be stored again by then, and betters it where it can be bettered', async () => {
  const { failing, idempotency } = start()
  const request = requestOf(randomUUID())
  failing.strike({ ...storeAway, first: 2 })
  await idempotency.run(request, finished('half', true))
  failing.heal()
  const second = await idempotency.run(request, async ({ earlier }) => {
    expect([String(earlier?.previous?.body), earlier?.died]).toEqual(['half', false])
    return { answer: answerOf('whole'), keep: true }
  })
  expect([second.replayed, second.stored]).toEqual(['resumed', true])
})

test('the kept answer is for its request alone', async () => {
  const { failing, idempotency } = start()
  const key = randomUUID()
  failing.strike({ ...storeAway, first: 2 })
  await idempotency.run(requestOf(key), finished('sent'))
  await expect(idempotency.run(requestOf(key, 'another'), neverRun)).rejects.toMatchObject({ reason: 'reused' })
})

test('once another process may have tried again what failed, nothing that could be bettered is told from memory', async () => {
  const { failing, idempotency } = start({ leaseMs: 60 })
  const [partly, wholly] = [requestOf(randomUUID()), requestOf(randomUUID())]
  for (const [request, resumable] of [
    [partly, true],
    [wholly, false],
  ] as const) {
    failing.strike({ ...storeAway, first: 2 })
    await idempotency.run(request, finished('sent', resumable))
  }
  await vi.waitFor(async () => {
    const refused = await idempotency.run(partly, neverRun).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(refused).toBeInstanceOf(KeyRefused)
    expect(refused).toMatchObject({ reason: 'unavailable' })
  })
  expect(await idempotency.run(wholly, neverRun)).toMatchObject({ replayed: 'true', stored: false })
})

test('an answer is given and kept, whatever the store fails with', async () => {
  const { store, idempotency } = start()
  const request = requestOf(randomUUID())
  vi.spyOn(store, 'complete').mockRejectedValue(new Error('a defect of the store'))
  expect(await idempotency.run(request, finished('sent'))).toMatchObject({ stored: false })
  expect(await idempotency.run(request, neverRun)).toMatchObject({ replayed: 'true', stored: false })
})

test('a request that goes on in this process is not taken over here, even when its lease is over', async () => {
  const { failing, idempotency } = start({ leaseMs: 30 })
  const request = requestOf(randomUUID())
  failing.strike({ ...storeAway, first: 2 })
  const slow = Promise.withResolvers<void>()
  const startedAt = performance.now()
  const running = idempotency.run(request, async () => {
    await slow.promise
    return { answer: answerOf('sent'), keep: true }
  })
  await vi.waitFor(() => expect(performance.now() - startedAt).toBeGreaterThan(100))
  // From here on the store would give the key away, until it hears of the first one again.
  failing.heal()
  await expect(idempotency.run(request, neverRun)).rejects.toMatchObject({ reason: 'running' })
  slow.resolve()
  expect(await running).toMatchObject({ stored: true })
})

test('what closes in time is stored at the close', async () => {
  const { failing, real, idempotency } = start()
  const request = requestOf(randomUUID())
  failing.strike({ ...storeAway, first: 2 })
  await idempotency.run(request, finished('sent'))
  failing.heal()
  await idempotency.close()
  const found = await real.idempotency.claim({ ...request, owner: 'other', leaseMs: 1_000, keepMs: 1_000 })
  expect(found).toMatchObject({ kind: 'done' })
})

test('the memory has bounds, in answers and in bytes; what it cannot keep is said', async () => {
  const failing = new FailingStore(failHere)
  const real = openSqliteStore({ dataDir: ':memory:' })
  onTestFinished(() => real.close())
  failing.strike({ ...storeAway, first: 1 })
  const unstored = createUnstoredAnswers(failing.wrap(real).idempotency, { count: 2, bytes: 10 })
  onTestFinished(() => unstored.close())
  const said: object[] = []
  const keep = async (key: string, body: string) => {
    const owned: OwnedAnswer = {
      ...requestOf(key),
      owner: key,
      answer: answerOf(body),
      keepUntil: performance.now() + 60_000,
      leaseUntil: 0,
      log: { debug() {}, error: (fields) => said.push(fields) },
    }
    await unstored.store(owned)
    return unstored.find(key) !== undefined
  }
  expect(await keep('first', '12345')).toBe(true)
  expect(await keep('too large', '123456')).toBe(false)
  expect(await keep('second', '1')).toBe(true)
  expect(await keep('one too many', '1')).toBe(false)
  expect(await keep('first', '123')).toBe(true)
  const event = 'answer-not-stored'
  expect(said).toEqual([true, false, true, false, true].map((kept) => ({ event, kept })))
})

import { expect, test } from 'vitest'
import type { ClaimResult, Store } from '../../src/services/store-port.ts'
import { answerOf, claimOf, finish, freshKey, type StoreUnderTest } from './store-under-test.ts'

const claimers = 50

/** Many at once, over two gateways on the same data. */
export function testRaces(subject: () => StoreUnderTest): void {
  test('of 50 claims at the same time exactly one gets the key', async () => {
    const key = freshKey()
    expect(kindsOf(await claimTogether(key))).toEqual({ claimed: 1, running: claimers - 1 })
  })

  test('of 50 claims at the same time exactly one follows a dead owner', async () => {
    const key = freshKey()
    await subject().store.idempotency.claim(claimOf(key))
    await subject().pass(key, 10_001)
    expect(kindsOf(await claimTogether(key))).toEqual({ resumed: 1, running: claimers - 1 })
  })

  test('of 50 claims at the same time exactly one resumes an answer', async () => {
    const key = freshKey()
    await finish(subject().store, key, answerOf('half', { resumable: true }))
    expect(kindsOf(await claimTogether(key))).toEqual({ resumed: 1, running: claimers - 1 })
  })

  test('of two different requests at the same time one gets the key and the other is refused', async () => {
    const key = freshKey()
    const [first, second] = await gateways()
    const results = await Promise.all([
      first.idempotency.claim(claimOf(key)),
      second.idempotency.claim(claimOf(key, { fingerprint: 'request-2' })),
    ])
    expect(kindsOf(results)).toEqual({ claimed: 1, reused: 1 })
  })

  test('what one gateway stores the other gives back', async () => {
    const key = freshKey()
    const [first, second] = await gateways()
    await finish(first, key, answerOf('shared'))
    expect(await second.idempotency.claim(claimOf(key))).toEqual({ kind: 'done', answer: answerOf('shared') })
  })

  test('when a stalled owner and its successor complete at the same time, the successor stands', async () => {
    const key = freshKey()
    const [first, second] = await gateways()
    const [stalled, successor] = [claimOf(key), claimOf(key)]
    await first.idempotency.claim(stalled)
    await subject().pass(key, 10_001)
    await second.idempotency.claim(successor)
    const told = await Promise.all([
      first.idempotency.complete(key, stalled.owner, answerOf('stalled'), 100_000),
      second.idempotency.complete(key, successor.owner, answerOf('successor'), 100_000),
    ])
    expect(told).toEqual([false, true])
    expect(await first.idempotency.claim(claimOf(key))).toEqual({ kind: 'done', answer: answerOf('successor') })
  })

  async function gateways(): Promise<readonly [Store, Store]> {
    return [subject().store, await subject().another()]
  }

  async function claimTogether(key: string): Promise<readonly ClaimResult[]> {
    const both = await gateways()
    const claims = Array.from({ length: claimers }, (_, index) => both[index % 2]?.idempotency.claim(claimOf(key)))
    return (await Promise.all(claims)).filter((result) => result !== undefined)
  }
}

function kindsOf(results: readonly ClaimResult[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { kind } of results) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

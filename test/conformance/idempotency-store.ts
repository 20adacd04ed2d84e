import { afterAll, beforeAll, describe } from 'vitest'
import { testAnswers } from './idempotency-answers.ts'
import { testClaims } from './idempotency-claims.ts'
import { testHistories } from './idempotency-histories.ts'
import { testOwners } from './idempotency-owners.ts'
import { testRaces } from './idempotency-races.ts'
import type { StoreUnderTest } from './store-under-test.ts'

/** What every idempotency store guarantees. Opened once; every test uses keys of its own. */
export function describeIdempotencyStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`idempotency store: ${name}`, () => {
    let opened: StoreUnderTest
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    const subject = () => opened
    describe('claim', () => testClaims(subject))
    describe('owners', () => testOwners(subject))
    describe('answers', () => testAnswers(subject))
    describe('races', () => testRaces(subject))
    describe('any history', () => testHistories(subject))
  })
}

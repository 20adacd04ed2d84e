import { describe, expect, test } from 'vitest'
import { beforeSending, certainlyNotApplied, type FailureKind, failureRules } from '../../src/domain/failure.ts'
import { outcomeErrorCodes } from '../../src/domain/outcome.ts'

/** Every kind of failure: may it have been applied, is it transient, its outcome code. */
const table: [FailureKind, applied: 'no' | 'maybe', transient: boolean, code: string][] = [
  ['invalid', 'no', false, 'rejected_by_provider'],
  ['notFound', 'no', false, 'not_found'],
  ['conflict', 'no', false, 'conflict'],
  ['limitReached', 'no', false, 'provider_limit_reached'],
  ['tooLarge', 'no', false, 'provider_too_large'],
  ['misaddressed', 'no', false, 'provider_misaddressed'],
  ['credentials', 'no', false, 'provider_credentials'],
  ['rateLimited', 'no', true, 'provider_rate_limited'],
  ['unreachable', 'no', true, 'provider_unreachable'],
  ['breakerOpen', 'no', true, 'breaker_open'],
  ['busy', 'no', true, 'provider_busy'],
  ['deadline', 'no', true, 'deadline_exceeded'],
  ['unrecorded', 'no', true, 'store_unavailable'],
  ['takenOver', 'maybe', true, 'taken_over'],
  ['suppressed', 'no', false, 'suppressed'],
  ['unasked', 'no', true, 'suppressions_unavailable'],
  ['unavailable', 'maybe', true, 'provider_unavailable'],
  ['timeout', 'maybe', true, 'provider_timeout'],
  ['unreadable', 'maybe', false, 'provider_unreadable'],
  ['redirected', 'maybe', false, 'provider_redirect'],
  ['defect', 'maybe', false, 'internal'],
]

describe('what is certain of a failed call', () => {
  test.each(table)('%s: applied %s, transient %s, %s', (kind, applied, transient, code) => {
    expect(failureRules[kind]).toStrictEqual({ applied, transient, code, detail: expect.stringMatching(/^[A-Z].+\.$/) })
    expect(certainlyNotApplied({ kind })).toBe(applied === 'no')
  })

  test('the table knows every kind, and every code is one of the published', () => {
    expect(Object.keys(failureRules).sort()).toStrictEqual(table.map(([kind]) => kind).sort())
    for (const { code } of Object.values(failureRules)) expect(outcomeErrorCodes).toContain(code)
  })

  test('no two kinds share a code', () => {
    expect(new Set(table.map(([, , , code]) => code)).size).toBe(table.length)
  })

  test('the text of a failure that may have been applied says so, unless it is about our configuration', () => {
    for (const kind of ['unavailable', 'timeout', 'unreadable', 'defect'] as const)
      expect(failureRules[kind].detail).toContain('may have been applied')
  })
})

describe('the failure of a call that only reads or prepares', () => {
  test.each(table)('%s is certainly not applied once it is marked', (kind) => {
    expect(certainlyNotApplied(beforeSending({ kind }))).toBe(true)
  })

  test('keeps what the provider said', () => {
    const failure = { kind: 'timeout', provider: { status: 504 }, retryAfterMs: 5 } as const
    expect(beforeSending(failure)).toStrictEqual({ ...failure, beforeSending: true })
  })

  test('is left as it is when it was certain anyhow', () => {
    const failure = { kind: 'invalid' } as const
    expect(beforeSending(failure)).toBe(failure)
  })
})

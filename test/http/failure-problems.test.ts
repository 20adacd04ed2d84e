import { describe, expect, test } from 'vitest'
import { beforeSending, certainlyNotApplied, type FailureKind, failureRules } from '../../src/domain/failure.ts'
import { type FailedCall, problemOfFailure } from '../../src/http/problems/failure-problems.ts'

const kinds = Object.keys(failureRules) as FailureKind[]
const failures = kinds.flatMap((kind) => [{ kind }, beforeSending({ kind })])

describe.each<FailedCall['doing']>(['create', 'change', 'read'])('the problem of a failed call to %s', (doing) => {
  test.each(failures)('%o claims neither that it may have been applied when it was not, nor the reverse', (failure) => {
    const { slug, extras } = problemOfFailure({ account: 'acme', failure, doing, settleable: true })
    const isUncertain = doing !== 'read' && !certainlyNotApplied(failure)
    expect(slug === 'outcome-unknown').toBe(isUncertain)
    if (!isUncertain) expect(extras.detail ?? '').not.toContain('may have')
    else expect(extras.detail).not.toMatch(/nothing was (?:sent|applied|changed)/i)
  })
})

import type { Failure, Result } from '../../domain/failure.ts'

/**
 * A contact that was shown just now is not gone because a write is answered with a 404 without a word: neither what
 * that is about nor what was done is known.
 */
export function ofShownJustNow<Ok>(written: Result<Ok>): Result<Ok> {
  return 'failure' in written && isMute(written.failure)
    ? { failure: { ...written.failure, kind: 'unreadable' } }
    : written
}

function isMute({ kind, provider }: Failure): boolean {
  return kind === 'notFound' && provider?.code === undefined && provider?.message === undefined
}

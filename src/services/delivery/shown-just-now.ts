import type { Failure, Result } from '../../domain/failure.ts'

/**
 * Who was shown just now is not gone because the answer to a write is a 404 without a word: what that is about is not
 * known, nor what was done.
 */
export function ofShownJustNow<Ok>(written: Result<Ok>): Result<Ok> {
  return 'failure' in written && isMute(written.failure)
    ? { failure: { ...written.failure, kind: 'unreadable' } }
    : written
}

function isMute({ kind, provider }: Failure): boolean {
  return kind === 'notFound' && provider?.code === undefined && provider?.message === undefined
}

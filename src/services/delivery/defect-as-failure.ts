import type { CallLog } from '../../domain/call-context.ts'
import type { Failure, Result } from '../../domain/failure.ts'

/**
 * A defect of the gateway on the way to one provider takes nothing along that is known of others: it is logged, and is a
 * failure of that call alone, which may have been applied.
 */
export async function defectAsFailure<Value>(log: CallLog, work: () => Promise<Result<Value>>): Promise<Result<Value>> {
  try {
    return await work()
  } catch (error) {
    return { failure: failureOfDefect(log, error) }
  }
}

/** Logs a defect. An operator has to see to it. */
export function failureOfDefect(log: CallLog, error: unknown): Failure {
  const { name, stack } = error as Error
  log.error({ err: { name, stack } }, 'a defect: what was to be sent could not be carried out')
  return { kind: 'defect' }
}

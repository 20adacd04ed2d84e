import type { CallsTold } from '../../domain/attempt.ts'
import type { CallContext, CallLog } from '../../domain/call-context.ts'
import type { YieldToCallers } from '../rows/yield-to-callers.ts'

/** A call of an import may wait this long in line, and again for its answer. */
const longestWaitMs = 60_000

/** What the calls of an import at one account bring along. */
export class ImportContext implements CallContext {
  readonly priority = 'import'
  readonly log: CallLog
  readonly calls: CallsTold | undefined
  readonly #yielding: YieldToCallers

  constructor(log: CallLog, yielding: YieldToCallers, calls?: CallsTold) {
    this.log = log
    this.calls = calls
    this.#yielding = yielding
  }

  /** Always as far away: a chunk has all the time that the pace of its account demands. */
  get deadlineAt(): number {
    return performance.now() + longestWaitMs
  }

  giveWay(): Promise<void> | undefined {
    return this.#yielding.giveWay()
  }
}

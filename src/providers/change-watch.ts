import type { CallLog } from '../domain/call-context.ts'
import { describeShape } from '../domain/describe-shape.ts'
import type { Clock } from './clock.ts'
import type { Watched } from './probing.ts'
import type { ProviderResponse } from './provider-messages.ts'

const dayMs = 86_400_000

/** An answer contradicts what a probe has settled: the provider has changed, or two of its servers differ. */
export type AccountChange = {
  readonly account: string
  readonly operation: string
  readonly probe: string
  /** The words of the probe: what was settled, and what this answer shows. */
  readonly settled: string
  readonly seen: string
}

export type ChangeWatch = {
  look(operation: string, response: ProviderResponse, log: CallLog): void
}

export type ChangeWatchOptions = {
  readonly account: string
  readonly watched: readonly Watched[]
  /** What was settled, by probe. */
  readonly settled: ReadonlyMap<string, string>
  readonly clock: Pick<Clock, 'now'>
  /** Told of each such answer; for metrics. Must not throw. */
  readonly count?: ((account: string, probe: string) => void) | undefined
  /** Told once a day of each probe and word. Must not throw. */
  readonly onChange?: ((change: AccountChange) => void) | undefined
}

/**
 * Watches the answers that come anyway for what was settled otherwise. Of each probe and word one line a day is logged, with
 * the form of the answer and no value of it. `undefined`: nothing that was settled can be seen again.
 */
export function createChangeWatch(options: ChangeWatchOptions): ChangeWatch | undefined {
  const { account, watched, settled, clock, count, onChange } = options
  const byOperation = Map.groupBy(
    watched
      .filter(({ probe }) => settled.has(probe))
      .flatMap((one) => one.operations.map((operation) => ({ operation, one }))),
    ({ operation }) => operation,
  )
  if (byOperation.size === 0) return undefined
  const toldAt = new Map<string, number>()
  const isDue = (name: string): boolean => {
    const now = clock.now()
    const last = toldAt.get(name)
    if (last !== undefined && now - last < dayMs) return false
    toldAt.set(name, now)
    return true
  }
  return {
    look(operation, response, log) {
      for (const { one } of byOperation.get(operation) ?? []) {
        const { probe } = one
        const was = settled.get(probe) as string
        const seen = one.read(response)
        if (seen === undefined || seen === was) continue
        count?.(account, probe)
        if (!isDue(`${probe} ${seen}`)) continue
        const change: AccountChange = { account, operation, probe, settled: was, seen }
        const fields = { event: 'account.changed', ...change, shape: describeShape(response.text) }
        if (log.warn === undefined) log.debug(fields, message)
        else log.warn(fields, message)
        onChange?.(change)
      }
    },
  }
}

const message = 'An answer contradicts what `accounts verify` has settled of this account. Verify it again.'

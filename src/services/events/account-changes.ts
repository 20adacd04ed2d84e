import type { OutboxEvent } from '../event-store-port.ts'

/** What a provider's answer showed that was not so before. `shape`: types and names, never a value. */
export type AccountChange = readonly [account: string, operation: string, kind: string, shape: string]

/** As an event: once a day for the same account, operation and shape, whichever process has seen it. */
export function changeOfAccount([account, operation, change, shape]: AccountChange, at: number): OutboxEvent {
  const day = new Date(at).toISOString().slice(0, 'yyyy-mm-dd'.length)
  return {
    type: 'account.changed',
    cause: JSON.stringify([account, operation, change, shape, day]),
    at,
    data: { account, operation, change, shape },
  }
}

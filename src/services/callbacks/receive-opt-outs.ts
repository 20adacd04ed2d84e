import type { Account } from '../../providers/account.ts'
import type { OptOutSink } from '../opt-out-sink.ts'

/**
 * Keeps what a provider tells of opt-outs. `told`: the members that came, in each way in which they may be meant; the first
 * that the adapter can read counts. Resolves with true once all is durable, with false where something cannot be read, which is
 * not kept. Where the provider names no moment, it was said at `receivedAt` (ms since 1970). `request`: id of the callback.
 * @throws StoreUnavailable
 */
export async function receiveOptOuts(
  account: Pick<Account, 'id' | 'adapter'>,
  told: readonly unknown[],
  { receivedAt, request }: { readonly receivedAt: number; readonly request: string },
  sink: OptOutSink,
): Promise<boolean> {
  for (const one of told) {
    const optOuts = account.adapter.readOptOut?.(one)
    if (optOuts === undefined) continue
    const received = new Date(receivedAt).toISOString()
    const entries = optOuts.map(({ at = received, ...optOut }) => ({ account: account.id, ...optOut, saidAt: at }))
    return sink.put(entries, request)
  }
  return false
}

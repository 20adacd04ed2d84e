import { randomUUID } from 'node:crypto'
import type { ListChangeNote } from '../event-store-port.ts'

/** Who is told of changes of the list. */
export type ListNotices = {
  /** What is to be left for them; `addresses`: of few changes their addresses too. */
  readonly wanted: () => 'nothing' | 'changes' | 'addresses'
  /** How many changes are few. */
  readonly mostAddresses: number
  /** Told when all parts of a write are there. */
  readonly left: (cause: string) => void
}

/** What one write leaves. */
export type Notice = {
  /** `addresses`: of all that may be changed, by their ids. */
  note(addresses: readonly (readonly [id: string, address: string])[]): ListChangeNote
  /** All parts are there. */
  left(): void
}

/** `undefined`: nobody is to be told. */
export function noticeOf(
  notices: ListNotices | undefined,
  at: number,
  request: string | undefined,
  cause: string = randomUUID(),
): Notice | undefined {
  const wanted = notices?.wanted() ?? 'nothing'
  if (notices === undefined || wanted === 'nothing') return undefined
  return {
    note(addresses) {
      const areTold = wanted === 'addresses' && addresses.length <= notices.mostAddresses
      return { cause, at, request, ...(areTold && { addresses: Object.fromEntries(addresses) }) }
    },
    left: () => notices.left(cause),
  }
}

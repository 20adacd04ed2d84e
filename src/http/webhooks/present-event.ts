import type { Erasure } from '../../domain/erasure.ts'
import type { OutboxEvent } from '../../services/event-store-port.ts'
import type { ImportStore } from '../../services/import-store-port.ts'
import { presentErasure } from '../erasures/present-erasure.ts'
import { presentInList } from '../imports/present-import.ts'

export type EventSources = {
  readonly imports: Pick<ImportStore, 'getUntold'>
  /** Until when the gateway may hold something of the person, in milliseconds since 1970. */
  readonly heldUntil: (erasure: Erasure) => Promise<number>
}

/** What is told of an import or an erasure, as the API shows it; `undefined`: it is gone, or was told. */
export async function presentEvent(
  { type, cause, data }: OutboxEvent,
  { imports, heldUntil }: EventSources,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (type === 'import.finished') {
    const state = await imports.getUntold(cause)
    return state && presentInList(state, Date.now())
  }
  const erasure = { ...(data as Erasure), addresses: undefined }
  return presentErasure(erasure, await heldUntil(erasure))
}

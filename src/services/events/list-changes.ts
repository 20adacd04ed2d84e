import type { ListChange, WaitingEvent } from '../event-store-port.ts'

/** What is told of a change of the suppression list, and what stays of it when it has been told. */
export type ToldChange = {
  readonly data: Readonly<Record<string, unknown>>
  /** The same with the addresses that are known, where there are few. */
  readonly withAddresses: Readonly<Record<string, unknown>> | undefined
  readonly isCut: boolean
}

const mostIds = 200
/** Of more changes no addresses are told. */
export const mostAddresses = 20

/** Parts of one write, which the list leaves apart, as one change. */
export function uniteChanges(parts: readonly ListChange[]): ToldChange {
  const all = (name: 'created' | 'updated' | 'removed') => parts.flatMap((part) => part[name])
  const [created, updated, removed] = [all('created'), all('updated'), all('removed')]
  const ids = [...created, ...updated, ...removed]
  const since = new Date(Math.min(...parts.map((part) => part.since))).toISOString()
  const data = {
    created: created.length,
    updated: updated.length,
    removed: removed.length,
    ids: ids.slice(0, mostIds),
    since,
  }
  const addresses = Object.assign({}, ...parts.map((part) => part.addresses ?? {})) as Record<string, string>
  const entries = ids.flatMap((id) => {
    const address = addresses[id]
    return address === undefined ? [] : [{ id, ...(address.includes('@') ? { email: address } : { phone: address }) }]
  })
  const isTold = entries.length > 0 && ids.length <= mostAddresses
  return { data, withAddresses: isTold ? { ...data, entries } : undefined, isCut: ids.length > mostIds }
}

const nameLength = 12

/** A name that no other part of the same write has: no entry is in two of them. */
export function nameOfPart({ event }: WaitingEvent): string {
  const { created, updated, removed } = event.data as ListChange
  const [first = ''] = [...created, ...updated, ...removed].sort()
  return first.slice(0, nameLength)
}

import type { Suppression } from '../../domain/suppression.ts'
import type { SuppressionStore } from '../suppression-store-port.ts'
import { type ListNotices, noticeOf } from './list-notices.ts'
import {
  type ReadSuppression,
  readSuppression,
  type SaidBy,
  type SuppressionDraft,
  type SuppressionRefusal,
} from './read-suppression.ts'
import type { ListKeys, SuppressionKeys } from './suppression-keys.ts'
import { type SaidOfPerson, type UnitedPerson, uniteOnList } from './unite-on-list.ts'

export type NewSuppressions = Omit<SaidBy, 'now'> & {
  /** Id of the request that it came with. */
  readonly request?: string | undefined
  readonly drafts: readonly SuppressionDraft[]
  /** Whether the caller may know who is on the list. To one who may not, all that is taken looks alike, and takes as long. */
  readonly mayKnow: boolean
}

export type AddedSuppression =
  | { readonly status: 'created' | 'updated' | 'unchanged'; readonly id: string; readonly said: Suppression }
  | { readonly status: 'rejected'; readonly error: SuppressionRefusal }

/** The client has as many new entries as it may have on this day. Nothing was written. */
export class TooManySuppressions extends Error {
  override readonly name = 'TooManySuppressions'
}

export type AddingTo = {
  readonly list: SuppressionStore
  readonly keys: Pick<SuppressionKeys, 'current'>
  readonly perDay: number
  readonly now: () => number
  /** Who is told of changes; absent: nobody. */
  readonly notices?: ListNotices | undefined
}

/**
 * Puts what is said on the list: durably, once it resolves. The same address again unites with what is there, in the same
 * request too.
 *
 * @throws TooManySuppressions, StoreUnavailable
 */
export async function addSuppressions(
  { drafts, client, defaultCountry, mayKnow, request }: NewSuppressions,
  { list, keys, perDay, now, notices }: AddingTo,
): Promise<readonly AddedSuppression[]> {
  const current = await keys.current()
  const at = now()
  const read = drafts.map((draft) => readSuppression(draft, { client, defaultCountry, now: at }))
  const people = gather(read, current)
  const day = new Date(at).toISOString().slice(0, 'yyyy-mm-dd'.length)
  let counted = 0
  const beforeWriting = async (united: readonly UnitedPerson[]) => {
    counted = mayKnow ? united.filter(isNew).length : read.filter((one) => 'entry' in one).length
    if (counted > 0 && !(await list.addNew(client, day, counted, perDay))) throw new TooManySuppressions()
  }
  const united = await uniteOnList(list, people, {
    beforeWriting,
    writesAll: !mayKnow,
    notice: noticeOf(notices, at, request),
  })
  const created = united.filter(isNew).length
  if (mayKnow && created < counted) await list.addNew(client, day, created - counted, perDay)
  return inOrder(read, people, united)
}

/** One address, with the places in the request that speak of it. */
type Person = SaidOfPerson & { readonly indexes: readonly number[] }

function gather(read: readonly (ReadSuppression | SuppressionRefusal)[], keys: ListKeys): readonly Person[] {
  const byId = new Map<string, { ids: readonly string[]; compared: string; said: Suppression[]; indexes: number[] }>()
  for (const [index, one] of read.entries()) {
    if (!('entry' in one)) continue
    const { compared, entry } = one
    const [write, ...others] = keys
    const id = write.idOf(entry.kind, compared)
    const known = byId.get(id)
    if (known !== undefined) {
      known.said.push(entry)
      known.indexes.push(index)
    } else {
      const ids = [id, ...others.map((digest) => digest.idOf(entry.kind, compared))]
      byId.set(id, { ids, compared, said: [entry], indexes: [index] })
    }
  }
  return [...byId.values()]
}

function isNew({ statuses }: UnitedPerson): boolean {
  return statuses[0] === 'created'
}

function inOrder(
  read: readonly (ReadSuppression | SuppressionRefusal)[],
  people: readonly Person[],
  united: readonly UnitedPerson[],
): readonly AddedSuppression[] {
  const results = read.map((one): AddedSuppression | undefined =>
    'entry' in one ? undefined : { status: 'rejected', error: one },
  )
  for (const [number, { said, indexes }] of people.entries()) {
    const { id, statuses } = united[number] as UnitedPerson
    for (const [place, index] of indexes.entries())
      results[index] = { status: statuses[place] ?? 'unchanged', id, said: said[place] as Suppression }
  }
  return results as readonly AddedSuppression[]
}

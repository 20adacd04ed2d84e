import { type Suppression, unite } from '../../domain/suppression.ts'
import type { ListChangeNote } from '../event-store-port.ts'
import { StoreUnavailable } from '../store-port.ts'
import type { StoredSuppression, SuppressionStore } from '../suppression-store-port.ts'
import { type ListNotices, noticeOf } from './list-notices.ts'
import {
  type ReadSuppression,
  readSuppression,
  type SaidBy,
  type SuppressionDraft,
  type SuppressionRefusal,
} from './read-suppression.ts'
import type { ListKeys, SuppressionKeys } from './suppression-keys.ts'

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
  const notice = noticeOf(notices, at, request)
  let isCounted = false
  let counted = 0
  for (let open = people, turn = 0; open.length > 0; turn++) {
    if (turn === mostTurns)
      throw new StoreUnavailable('Others change the same entries of the suppression list all the time.')
    await findAll(list, open)
    for (const person of open) uniteAll(person)
    if (!isCounted) {
      counted = mayKnow ? open.filter(isNew).length : read.filter((one) => 'entry' in one).length
      if (counted > 0 && !(await list.addNew(client, day, counted, perDay))) throw new TooManySuppressions()
      isCounted = true
    }
    open = await writeAll(list, open, mayKnow, notice?.note(people.map((person) => [idOf(person), person.compared])))
  }
  notice?.left()
  const created = people.filter(isNew).length
  if (mayKnow && created < counted) await list.addNew(client, day, created - counted, perDay)
  return inOrder(read, people)
}

/** Each turn somebody else has changed an entry between its reading and its writing. */
const mostTurns = 20

/** One address with all that the request says of it. */
type Person = {
  /** By every key, the one that writes first. */
  readonly ids: readonly string[]
  readonly compared: string
  readonly said: readonly { readonly index: number; readonly entry: Suppression }[]
  before: StoredSuppression | undefined
  after: Suppression | undefined
  statuses: ('created' | 'updated' | 'unchanged')[]
}

function gather(read: readonly (ReadSuppression | SuppressionRefusal)[], keys: ListKeys): Person[] {
  const byId = new Map<string, Person & { readonly said: { index: number; entry: Suppression }[] }>()
  for (const [index, one] of read.entries()) {
    if (!('entry' in one)) continue
    const { compared, entry } = one
    const [write, ...others] = keys
    const id = write(entry.kind, compared)
    const known = byId.get(id)
    if (known !== undefined) known.said.push({ index, entry })
    else {
      const ids = [id, ...others.map((digest) => digest(entry.kind, compared))]
      byId.set(id, { ids, compared, said: [{ index, entry }], before: undefined, after: undefined, statuses: [] })
    }
  }
  return [...byId.values()]
}

/** An entry that was made with an older key stays where it is. */
async function findAll(list: SuppressionStore, people: readonly Person[]): Promise<void> {
  const found = await list.find(people.flatMap(({ ids }) => ids))
  let at = 0
  for (const person of people) {
    person.before = found.slice(at, at + person.ids.length).find((entry) => entry !== undefined)
    at += person.ids.length
  }
}

function uniteAll(person: Person): void {
  let held: Suppression | undefined = person.before
  person.statuses = person.said.map(({ entry }) => {
    const united: Suppression | undefined = held === undefined ? entry : unite(held, entry)
    const status = held === undefined ? 'created' : united === undefined ? 'unchanged' : 'updated'
    held = united ?? held
    return status
  })
  person.after = held
}

function isNew({ statuses }: Person): boolean {
  return statuses[0] === 'created'
}

function idOf({ before, ids }: Person): string {
  return before?.id ?? (ids[0] as string)
}

/** Writes what is new of these people. Returns those whose entries were changed meanwhile, to be looked at again. */
async function writeAll(
  list: SuppressionStore,
  people: readonly Person[],
  mayKnow: boolean,
  note: ListChangeNote | undefined,
): Promise<Person[]> {
  const written = people.filter(({ statuses }) => !mayKnow || statuses.some((status) => status !== 'unchanged'))
  if (written.length === 0) return []
  const changes = written.map((person) => ({
    id: idOf(person),
    before: person.before,
    after: person.after as Suppression,
  }))
  const done = await list.replace(changes, note)
  return written.filter((_, index) => !done[index])
}

function inOrder(
  read: readonly (ReadSuppression | SuppressionRefusal)[],
  people: readonly Person[],
): readonly AddedSuppression[] {
  const results = read.map((one): AddedSuppression | undefined =>
    'entry' in one ? undefined : { status: 'rejected', error: one },
  )
  for (const person of people)
    for (const [place, { index, entry }] of person.said.entries())
      results[index] = { status: person.statuses[place] ?? 'unchanged', id: idOf(person), said: entry }
  return results as readonly AddedSuppression[]
}

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { ChannelSet } from '../../domain/suppression.ts'
import type { ListChangeNote } from '../../services/event-store-port.ts'
import {
  idAt,
  idLength,
  type PackedIds,
  type StoredSuppression,
  type SuppressionChange,
  type SuppressionPage,
  type SuppressionQuery,
  type SuppressionStore,
} from '../../services/suppression-store-port.ts'
import {
  decodeSuppression,
  encodeSuppression,
  entryLayout,
  numberIn,
  reasonByte,
  writeNumber,
} from '../suppression-codec.ts'
import type { Database } from './database.ts'
import { changeOfList, eventLeaver } from './events/outbox.ts'
import { toStoreError } from './store-error.ts'
import { sqliteSuppressionKeys } from './suppression-keys.ts'
import { toBuffer } from './to-buffer.ts'

/** Ids that one statement asks for. */
const idsAtOnce = 100
/** As many as one contact has, each asked for by itself: that takes half the time. */
const few = 3
/** Entries that are looked through for a page. */
const mostLooked = 5_000
const latest = 2 ** 53

/** The suppression list in SQLite. `now` is the clock (ms). */
export function sqliteSuppressions(database: Database, now: () => number): SuppressionStore {
  const { connection, writeSoon } = database
  const statements = suppressionStatements(connection)
  const entriesOf = entryReader(connection)
  const numbers = numbering(statements.newest, now)
  const leave = eventLeaver(connection)
  const tell = (
    note: ListChangeNote,
    changes: readonly SuppressionChange[],
    kinds: readonly Replaced[],
    since: number,
  ) => {
    const of = (wanted: Replaced) => changes.flatMap(({ id }, index) => (kinds[index] === wanted ? [id] : []))
    const [created, updated] = [of('created'), of('updated')]
    if (created.length + updated.length === 0) return
    const told = [...created, ...updated].flatMap((id) => {
      const address = note.addresses?.[id]
      return address === undefined ? [] : [[id, address] as const]
    })
    const addresses = told.length === 0 ? {} : { addresses: Object.fromEntries(told) }
    leave(changeOfList(note, { created, updated, removed: [], since, ...addresses }))
  }
  return {
    lookUp: async (packed) =>
      asStore(() => {
        const ids = unpacked(packed)
        return ids.length <= few
          ? Uint8Array.from(ids, (id) => channelsAt(statements.one, id))
          : channelsOf(ids, entriesOf(ids))
      }),
    find: async (ids) =>
      asStore(() => {
        const found = entriesOf(ids.map(idBytes))
        return ids.map((id) => decodeFound(id, found.get(id)))
      }),
    replace: (changes, note) =>
      writeSoon('synced', () => {
        const since = now()
        const kinds = changes.map((change) => replaceOne(statements, change, numbers, now))
        const done = kinds.map((kind) => kind !== undefined)
        if (note !== undefined) tell(note, changes, kinds, since)
        const added = changes.filter(({ before }, index) => before === undefined && done[index]).length
        // None, too: who may not know whether somebody is on the list is not told by the time that it takes.
        statements.addToTotal.run(added)
        return done
      }),
    remove: (id, note) =>
      writeSoon('synced', () => {
        const isRemoved = statements.remove.run(idBytes(id)).changes === 1
        if (isRemoved) statements.addToTotal.run(-1)
        if (isRemoved && note !== undefined)
          leave(changeOfList(note, { created: [], updated: [], removed: [id], since: now() }))
        return isRemoved
      }),
    page: async (query) => asStore(() => readPage(statements.page, query)),
    count: async () => asStore(() => Number(statements.total.get()?.entries)),
    addNew: (client, day, amount, limit) =>
      writeSoon('synced', () => {
        const total = Math.max(0, Number(statements.added.get(client, day)?.added ?? 0) + amount)
        if (amount > 0 && total > limit) return false
        statements.putAdded.run(client, day, total)
        statements.forgetDays.run(client, day)
        return true
      }),
    keys: sqliteSuppressionKeys(database),
    diagnose: async () => [],
  }
}

function suppressionStatements(connection: DatabaseSync) {
  return {
    one: connection.prepare('SELECT entry FROM suppressions WHERE id = ?'),
    put: connection.prepare('INSERT OR REPLACE INTO suppressions VALUES (?, ?, ?)'),
    remove: connection.prepare('DELETE FROM suppressions WHERE id = ?'),
    newest: connection.prepare('SELECT max(number) AS number FROM suppressions'),
    page: connection.prepare(
      'SELECT id, number, entry FROM suppressions WHERE number < ? AND number >= ? ORDER BY number DESC LIMIT ?',
    ),
    total: connection.prepare('SELECT entries FROM suppression_total'),
    addToTotal: connection.prepare('UPDATE suppression_total SET entries = entries + ?'),
    added: connection.prepare('SELECT added FROM suppression_days WHERE client = ? AND day = ?'),
    putAdded: connection.prepare('INSERT OR REPLACE INTO suppression_days VALUES (?, ?, ?)'),
    forgetDays: connection.prepare('DELETE FROM suppression_days WHERE client = ? AND day < ?'),
  }
}
type Statements = ReturnType<typeof suppressionStatements>

/** Ids are kept as bytes of ASCII: a text is compared with more work. */
function idBytes(id: string): Buffer {
  return Buffer.from(id, 'latin1')
}

/** Reads entries by their ids. There is a statement for one id, and one for as many as are asked at once. */
function entryReader(connection: DatabaseSync) {
  const prepare = (count: number): StatementSync =>
    connection.prepare(`SELECT id, entry FROM suppressions WHERE id IN (${Array(count).fill('?').join()})`)
  const prepared = new Map<number, StatementSync>()
  const statementFor = (count: number): StatementSync => {
    const known = prepared.get(count) ?? prepare(count)
    prepared.set(count, known)
    return known
  }
  return (ids: readonly Buffer[]): ReadonlyMap<string, Buffer> => {
    const found = new Map<string, Buffer>()
    for (let from = 0; from < ids.length; from += idsAtOnce) {
      const some = ids.slice(from, from + idsAtOnce)
      for (const row of statementFor(some.length).all(...some))
        found.set(toBuffer(row.id).toString('latin1'), toBuffer(row.entry))
    }
    return found
  }
}

function unpacked(ids: PackedIds): readonly Buffer[] {
  return Array.from({ length: ids.length / idLength }, (_, number) => idAt(ids, number))
}

function channelsAt(one: StatementSync, id: Buffer): ChannelSet {
  const row = one.get(id)
  return row === undefined ? 0 : (toBuffer(row.entry)[0] as number)
}

function channelsOf(ids: readonly Buffer[], found: ReadonlyMap<string, Buffer>): Uint8Array {
  return Uint8Array.from(ids, (id) => found.get(id.toString('latin1'))?.[0] ?? 0)
}

function decodeFound(id: string, bytes: Buffer | undefined): StoredSuppression | undefined {
  return bytes && decodeSuppression(id, bytes)
}

/** Numbers that grow: microseconds since 1970, or one more than the last. To be asked inside a transaction. */
function numbering(newest: StatementSync, now: () => number): () => number {
  return () => Math.max(now() * 1000, Number(newest.get()?.number ?? 0) + 1)
}

/** What became of an entry; `undefined`: somebody has changed it since. */
type Replaced = 'created' | 'updated' | 'unchanged' | undefined

function replaceOne(
  { one, put }: Statements,
  { id, before, after }: SuppressionChange,
  nextNumber: () => number,
  now: () => number,
): Replaced {
  const key = idBytes(id)
  const row = one.get(key)
  const held = row && toBuffer(row.entry)
  if (before === undefined ? held !== undefined : held?.equals(before.version) !== true) return undefined
  const bytes = encodeSuppression(after)
  const fresh = nextNumber()
  const number = held === undefined ? fresh : numberIn(held)
  writeNumber(bytes, number)
  bytes.writeUIntBE(held === undefined ? Math.floor(number / 1000) : now(), entryLayout.updated, entryLayout.timeBytes)
  put.run(key, number, bytes)
  return held === undefined ? 'created' : isSameEntry(held, bytes) ? 'unchanged' : 'updated'
}

/** But for what the stores write themselves. */
function isSameEntry(one: Buffer, other: Buffer): boolean {
  const parts = (bytes: Buffer) => [bytes.subarray(0, entryLayout.number), bytes.subarray(entryLayout.said)]
  const [start, rest] = parts(one)
  const [otherStart, otherRest] = parts(other)
  return start?.equals(otherStart as Buffer) === true && rest?.equals(otherRest as Buffer) === true
}

function readPage(
  statement: StatementSync,
  { limit, from, reason, channels = 0, since = 0, until }: SuppressionQuery,
): SuppressionPage {
  const below = Math.min(from === undefined ? latest : Number(from), until === undefined ? latest : until * 1000)
  const wanted = reason === undefined ? undefined : reasonByte(reason)
  const items: StoredSuppression[] = []
  let looked = 0
  for (const row of statement.iterate(below, since * 1000, mostLooked + 1)) {
    // There is one more: the page ends before it.
    if (items.length === limit || looked === mostLooked) return { items, next: String(Number(row.number) + 1) }
    looked++
    const entry = toBuffer(row.entry)
    const isWanted = wanted === undefined || ((entry[1] as number) & ~1) === wanted
    if (isWanted && (channels === 0 || ((entry[0] as number) & channels) !== 0))
      items.push(decodeSuppression(toBuffer(row.id).toString('latin1'), entry))
  }
  return { items, next: undefined }
}

function asStore<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw toStoreError(error)
  }
}

import { randomUUID } from 'node:crypto'
import { type ImportPlace, type PlaceLimits, placeLeaseMs } from '../../services/import-store-port.ts'
import type { Database } from './database.ts'
import type { ImportStatements } from './import-statements.ts'

/** Places for imports whose files come in; each step is one transaction. */
export function importPlaces({ connection }: Pick<Database, 'connection'>, imports: ImportStatements) {
  const sweep = connection.prepare('DELETE FROM import_places WHERE expires_at <= ?')
  const held = connection.prepare(
    'SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes FROM import_places WHERE client = ?',
  )
  const kept = connection.prepare(
    `SELECT coalesce(sum(bytes), 0) AS bytes FROM imports WHERE client = ? AND status <> 'draft' AND expires_at > ?`,
  )
  const oldestEnded = connection.prepare(
    `SELECT id, bytes FROM imports WHERE client = ? AND finished_at IS NOT NULL AND expires_at > ?
     ORDER BY finished_at, id`,
  )
  const insert = connection.prepare('INSERT INTO import_places VALUES (?, ?, ?, ?)')
  const renew = connection.prepare('UPDATE import_places SET expires_at = ? WHERE id = ?')
  const taken = connection.prepare('SELECT id FROM import_places WHERE expires_at > ?')
  const end = connection.prepare('DELETE FROM import_places WHERE id = ?')

  /** Deletes what has ended until so many bytes are free; tells which. Nothing is deleted where that is not enough. */
  const makeRoom = (client: string, bytes: number, at: number): readonly string[] | undefined => {
    const deleted: string[] = []
    let missing = bytes
    for (const row of missing > 0 ? oldestEnded.all(client, at) : []) {
      if (missing <= 0) break
      deleted.push(String(row.id))
      missing -= Number(row.bytes)
    }
    if (missing > 0) return undefined
    for (const id of deleted) imports.expire(id)
    return deleted
  }

  return {
    take(client: string, { most, bytes, mostBytes }: PlaceLimits, at: number) {
      sweep.run(at)
      const places = held.get(client)
      if (Number(places?.count) + imports.countUnfinished(client, at) >= most) return 'imports'
      const inAll = Number(places?.bytes) + Number(kept.get(client, at)?.bytes) + bytes
      const deleted = makeRoom(client, inAll - mostBytes, at)
      if (deleted === undefined) return 'bytes'
      const id = randomUUID()
      insert.run(id, client, bytes, at + placeLeaseMs)
      return { id, deleted } satisfies Pick<ImportPlace, 'id' | 'deleted'>
    },
    /** A process that stands still renews late. */
    comingIn: (at: number): readonly string[] => taken.all(at - placeLeaseMs).map(({ id }) => String(id)),
    renew(id: string, at: number): void {
      renew.run(at + placeLeaseMs, id)
    },
    /** Its import counts from now on, or there is none. */
    end(id: string): void {
      end.run(id)
    },
  }
}

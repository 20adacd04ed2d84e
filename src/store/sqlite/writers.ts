import type { DatabaseSync } from 'node:sqlite'
import type { WriterStore } from '../../services/store-port.ts'
import type { Database } from './database.ts'

/** Turns of writers in SQLite: the same behaviour as the scripts of `../redis/lua`. `now` is the clock (ms). */
export function sqliteWriters(database: Database, now: () => number): WriterStore {
  const turns = turnStatements(database.connection)
  return {
    takeOne: ({ account, owner, names }, leaseMs, traceMs) =>
      database.writeSoon('written', () => {
        const at = now()
        const before = turns.findAll.all({ account, names, at, since: at - traceMs })
        if (before.some(({ held_until }) => Number(held_until) > at)) return 'taken'
        const ended = before.map(({ ended_at }) => at - Number(ended_at ?? Number.NEGATIVE_INFINITY))
        turns.putOne.run(account, names, owner, at + leaseMs, at + leaseMs)
        const endedMsAgo = Math.max(0, Math.min(...ended))
        return { endedMsAgo: Number.isFinite(endedMsAgo) ? endedMsAgo : undefined }
      }),
    endOne: ({ account, owner, names }, traceMs) =>
      database.writeSoon('written', () => {
        const at = now()
        turns.endOne.run(at, at + traceMs, account, names, owner)
      }),
    takeGroup: ({ account, owner, names }, leaseMs) =>
      database.writeSoon('written', () => {
        const at = now()
        turns.putGroup.run(account, owner, at + leaseMs, at + leaseMs, names)
        const taken = turns.findAlone.all(account, at, names)
        return taken.map(({ name }) => Buffer.from(name as Uint8Array).readUInt32BE())
      }),
    endGroup: ({ account, owner }, traceMs) =>
      database.writeSoon('written', () => {
        const at = now()
        turns.endGroup.run(at, at + traceMs, account, owner)
      }),
  }
}

/** Prepared once. The names of a group are searched as one text, as in Redis. */
function turnStatements(connection: DatabaseSync) {
  return {
    findAll: connection.prepare(`
      SELECT held_until, ended_at FROM writers
      WHERE account = :account AND name = :names AND (held_until > :at OR ended_at > :since)
      UNION ALL
      SELECT held_until, ended_at FROM writer_groups
      WHERE account = :account AND (held_until > :at OR ended_at > :since) AND instr(names, :names) > 0`),
    putOne: connection.prepare('INSERT OR REPLACE INTO writers VALUES (?, ?, ?, ?, NULL, ?)'),
    endOne: connection.prepare(
      'UPDATE writers SET held_until = 0, ended_at = ?, expires_at = ? WHERE account = ? AND name = ? AND owner = ?',
    ),
    findAlone: connection.prepare(
      'SELECT name FROM writers WHERE account = ? AND held_until > ? AND instr(?, name) > 0',
    ),
    putGroup: connection.prepare('INSERT OR REPLACE INTO writer_groups VALUES (?, ?, ?, NULL, ?, ?)'),
    endGroup: connection.prepare(
      'UPDATE writer_groups SET held_until = 0, ended_at = ?, expires_at = ? WHERE account = ? AND owner = ?',
    ),
  }
}

/** Turns that ended, or whose lease did, are of no use for long, and few: they go all at once. */
export function writerSweep({ connection, write }: Database, now: () => number): () => boolean {
  const tables = ['writers', 'writer_groups'].map((table) => ({
    find: connection.prepare(`SELECT 1 FROM ${table} WHERE expires_at <= ? LIMIT 1`),
    remove: connection.prepare(`DELETE FROM ${table} WHERE expires_at <= ?`),
  }))
  return () => {
    const at = now()
    if (tables.some(({ find }) => find.get(at) !== undefined))
      write('written', () => {
        for (const { remove } of tables) remove.run(at)
      })
    return false
  }
}

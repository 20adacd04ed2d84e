import type { Store } from '../../services/store-port.ts'
import type { Database } from './database.ts'

/** Agreements in SQLite: the same behaviour as `../redis/lua/agree.lua`. `now` is the clock (ms). */
export function sqliteAgree({ connection, writeSoon }: Database, now: () => number): Store['agree'] {
  const agree = connection.prepare(`
    INSERT INTO agreed VALUES (:name, :offer, :until)
    ON CONFLICT (name) DO UPDATE SET
      value = CASE WHEN expires_at <= :at THEN excluded.value ELSE value END,
      expires_at = excluded.expires_at
    RETURNING value`)
  return (name, offer, keepMs) =>
    writeSoon('written', () => {
      const at = now()
      const held = agree.get({ name, offer, at, until: at + keepMs })
      return Buffer.from(held?.value as Uint8Array)
    })
}

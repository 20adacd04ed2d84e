import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { databaseName } from './database.ts'

/** What other users of the machine may do with the data, if anything: it holds people's data. For an operator. */
export async function openToOthers(dataDir: string): Promise<readonly string[]> {
  const files = ['', '-wal', '-shm'].map((ending) => join(dataDir, databaseName + ending))
  const open = (await Promise.all([dataDir, ...files].map(modeOf))).filter((mode) => (mode & 0o077) !== 0)
  if (open.length === 0) return []
  return [
    `DATA_DIR (mode ${open.map((mode) => mode.toString(8)).join(', ')}) is open to other users of this machine, and holds ` +
      'contacts: chmod -R go= it.',
  ]
}

/** 0 where there is none. */
async function modeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined)
  return (found?.mode ?? 0) & 0o777
}

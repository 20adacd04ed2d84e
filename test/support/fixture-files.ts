import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../fixtures')

/** Every file under test/fixtures that somebody could upload, whatever becomes of it. */
export function fixtureFiles(): readonly (readonly [name: string, bytes: Uint8Array<ArrayBuffer>])[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(?:csv|xlsx)$/.test(name),
  )
  return names.toSorted().map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))] as const)
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ContactDraft } from '../../src/domain/contact.ts'

const folder = join(import.meta.dirname, '../fixtures/headers')

/** A file as a program exports it, or as people of a language write it, and the contacts that it is. */
export type HeaderFixture = {
  readonly csv: Uint8Array<ArrayBuffer>
  /** What an importer has to say of it; never a mapping. */
  readonly options?: { readonly defaultCountry?: string }
  readonly contacts: readonly ContactDraft[]
  /** By field: of how many rows another column has another value. */
  readonly merged?: Readonly<Record<string, number>>
}

/** `<program>.csv` and `in-<language>.csv`, each with its contacts beside it as `.json`. */
export function headerFixtures(): readonly (readonly [name: string, fixture: HeaderFixture])[] {
  const names = readdirSync(folder).flatMap((file) => (file.endsWith('.csv') ? file.slice(0, -'.csv'.length) : []))
  return names.map((name) => {
    const told = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Omit<HeaderFixture, 'csv'>
    return [name, { ...told, csv: new Uint8Array(readFileSync(join(folder, `${name}.csv`))) }] as const
  })
}

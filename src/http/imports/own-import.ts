import type { Client } from '../../domain/client.ts'
import type { ImportState, ImportStore } from '../../services/import-store-port.ts'
import { Problem } from '../problems/problems.ts'

/** An import of the client; for all others the same `404`. */
export async function ownImport(imports: ImportStore, client: Client, id: string): Promise<ImportState> {
  const state = await imports.get(id)
  if (state?.client !== client.id) throw new Problem('not-found')
  return state
}

export async function isOwnImport(imports: ImportStore, client: Client, id: string): Promise<boolean> {
  return (await imports.get(id))?.client === client.id
}

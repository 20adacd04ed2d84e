import type { Client } from '../../domain/client.ts'
import type { ImportState, ImportStore } from '../../services/import-store-port.ts'
import { Problem } from '../problems/problems.ts'

/** An import of the client; for all others the same `404`. */
export async function ownImport(imports: ImportStore, client: Client, id: string): Promise<ImportState> {
  const state = await imports.get(id)
  if (state?.client !== client.id) throw new Problem('not-found')
  return state
}

/** The same, and any import for a client that may see how all are going: its state, and nothing of its rows. */
export async function visibleImport(imports: ImportStore, client: Client, id: string): Promise<ImportState> {
  const state = await imports.get(id)
  if (state === undefined || (state.client !== client.id && !client.scopes.has('admin'))) throw new Problem('not-found')
  return state
}

import type { Client } from '../../domain/client.ts'

/** What is asked about: an import that began at a time (RFC 3339). */
export type RunningImport = { readonly client: string; readonly listId: string; readonly createdAt: string }

/**
 * `go`: its client may still import into its list. `stop`: it may not any more. `wait`: it may not by the configuration of
 * this process, which may be older than what the import began with; others may know better.
 */
export type ImportRight = 'go' | 'wait' | 'stop'

export type ImportRights = {
  of(running: RunningImport): ImportRight
  /** Takes the clients of another configuration over. */
  replace(clients: ReadonlyMap<string, Client>): void
}

type Clients = ReadonlyMap<string, Client>

/** Replicas have got the same configuration by then. */
const settledAfterMs = 60_000
const rememberedConfigurations = 20

/**
 * Tells whether imports may go on whose client was taken out of the configuration, or lost its list or scope. What this
 * process itself has seen taken away is gone. What it never knew of may be new to it, where the import began after it read
 * its configuration; else it was taken away while nobody was here. `now` is the clock (ms).
 */
export function createImportRights(now: () => number = Date.now): ImportRights {
  const earlier: Clients[] = []
  let current: Clients = new Map()
  let readAt = 0
  return {
    of(running) {
      if (mayImport(current, running)) return 'go'
      if (earlier.some((clients) => mayImport(clients, running))) return 'stop'
      const isOlder = Date.parse(running.createdAt) < readAt
      return isOlder && now() >= readAt + settledAfterMs ? 'stop' : 'wait'
    },
    replace(clients) {
      earlier.push(current)
      if (earlier.length > rememberedConfigurations) earlier.shift()
      current = clients
      readAt = now()
    },
  }
}

/** A batch that is sent as an import needs the right to write alone. */
function mayImport(clients: Clients, { client: id, listId }: RunningImport): boolean {
  const client = clients.get(id)
  if (client === undefined || !client.maySeeList(listId)) return false
  return client.scopes.has('imports') || client.scopes.has('contacts:write')
}

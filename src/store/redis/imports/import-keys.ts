/** The keys of an import, as `lua/import-append.lua` describes them. The braces put them into one slot of a cluster. */
export function importKeys(id: string) {
  const tag = `cgw:import:{${id}}`
  const [record, blocks, jobs, reports, reported] = ['record', 'blocks', 'jobs', 'reports', 'reported'].map(
    (name) => `${tag}:${name}`,
  ) as [string, string, string, string, string]
  return { record, blocks, jobs, reports, reported, all: [record, blocks, jobs, reports, reported] as const }
}

/** Ids of all imports that may not have ended, by the time of their creation: what the reconciler looks through. */
export const unfinishedKey = 'cgw:imports:unfinished'

/** Held by the one who reconciles. */
export const reconcilingKey = 'cgw:imports:reconciling'

/** All imports by the time of their creation, as `clientKey` has those of a client. */
export const allImportsKey = 'cgw:imports:all'

/** A client's imports by the time of their creation; ids that may be expired, or still drafts. */
export function clientKey(client: string): string {
  return `cgw:imports:{client:${client}}:all`
}

/** Those of a client's imports that may not have ended. */
export function clientUnfinishedKey(client: string): string {
  return `cgw:imports:{client:${client}}:unfinished`
}

/** Places for imports whose files come in, by the time when they run out. */
export function clientPlacesKey(client: string): string {
  return `cgw:imports:{client:${client}}:places`
}

/** The places of all clients, by the time when they run out (ms, by the clocks of the processes). */
export const comingInKey = 'cgw:imports:coming-in'

/** Bytes of the client's imports, and of those that come in. */
export function clientBytesKey(client: string): string {
  return `cgw:imports:{client:${client}}:bytes`
}

/** What BullMQ puts before the names of an account's keys, `lua/import-turns.lua` included. */
export function queuePrefix(account: string): string {
  return `cgw:imports:{account:${account}}`
}

export function turnsKey(account: string): string {
  return `${queuePrefix(account)}:turns`
}

/** The job of a block in the queue of an account; the same for ever, so that adding it twice does nothing. */
export function jobIdOf(importId: string, block: number): string {
  return `${importId}-${block}`
}

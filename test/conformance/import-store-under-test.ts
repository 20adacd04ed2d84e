import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { type OutcomeStatus, outcomeStatuses } from '../../src/domain/outcome.ts'
import type { ImportRecord, ImportState, JobHandler, WorkOptions } from '../../src/services/import-store-port.ts'
import type { Store } from '../../src/services/store-port.ts'
import { chunk } from './import-chunk.ts'

/** A store as the conformance suite of imports needs it. */
export type ImportStoreUnderTest = {
  readonly store: Store
  /** Another store on the same data, as a second gateway has it. */
  another(): Promise<Store>
  /** What `import-process.ts` opens the same data by. */
  readonly openedBy: { readonly redisUrl: string } | { readonly dataDir: string; readonly storeKey: string }
  /** Lets `ms` pass for what is kept of an import (and, depending on the store, of all the others). */
  pass(id: string, ms: number): Promise<void>
  /** Lets `ms` pass for the places of a client. */
  passPlaces(client: string, ms: number): Promise<void>
  /** How many things are kept of an import, after what has expired is swept away. */
  traces(id: string): Promise<number>
  close(): Promise<void>
}

export function recordOf(parts: Partial<ImportRecord> = {}): ImportRecord {
  return {
    id: randomUUID(),
    client: freshName('client'),
    listId: 'list',
    accounts: [freshName('account')],
    validateOnly: false,
    options: { onConflict: 'update' },
    format: { header: ['phone', 'Prénom'], delimiter: ';' },
    createdAt: new Date().toISOString(),
    ...parts,
  }
}

/** A name that no other test has, as clients and accounts may have it. */
export function freshName(kind: string): string {
  return `${kind}-${randomUUID().slice(0, 8)}`
}

/** Uploads and publishes an import of blocks with so many rows. */
export async function publish(store: Store, record: ImportRecord, rowsOfBlocks: readonly number[]): Promise<string> {
  const draft = await store.imports.begin(record)
  for (const [block, rows] of rowsOfBlocks.entries()) await draft.appendBlock(payloadOf(block), rows)
  await draft.publish()
  return record.id
}

/** Bytes that are no text. */
export function payloadOf(block: number): Buffer {
  return Buffer.concat([Buffer.from([0, 0xff, 0x0a, 0x0d]), Buffer.from(`block ${block}`)])
}

/** What workers told of that no test expected. */
export const unexpected: Error[] = []

/** The test fails where something goes wrong that it does not expect, a failed `expect` in a handler included. */
export const options: WorkOptions = {
  concurrency: 1,
  leaseMs: 30_000,
  onError: (error) => void unexpected.push(error),
}

/** Creates all rows of blocks that have `rows` each, in one chunk. */
export function creating(rows: number): JobHandler {
  return async (job, _payload, lease) => {
    await lease.commit(chunk(rows, { created: rows - job.committed }))
  }
}

export async function stateOf(store: Store, id: string): Promise<ImportState> {
  const state = await store.imports.get(id)
  if (state === undefined) throw new Error(`there is no import ${id}`)
  return state
}

export async function untilStatus(
  store: Store,
  id: string,
  status: ImportState['status'],
  timeout = 15_000,
): Promise<ImportState> {
  await expect.poll(async () => (await store.imports.get(id))?.status, { timeout, interval: 20 }).toBe(status)
  return stateOf(store, id)
}

/** The counts of an account: those that are not given are 0. */
export function counts(parts: Partial<Record<OutcomeStatus | 'pending', number>>) {
  return { ...Object.fromEntries(['pending', ...outcomeStatuses].map((status) => [status, 0])), ...parts }
}

/** A promise with its switches. */
export function gate<T = void>() {
  return Promise.withResolvers<T>()
}

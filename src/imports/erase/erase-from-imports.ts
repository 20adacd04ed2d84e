import type { CallLog } from '../../domain/call-context.ts'
import type { Erasure, GatewayErasure } from '../../domain/erasure.ts'
import type { EraseFromGateway } from '../../services/erasures/erasures.ts'
import { type ImportState, type ImportStore, isUnfinished, keptAfterEnd } from '../../services/import-store-port.ts'
import { StoreUnavailable } from '../../services/store-port.ts'
import type { YieldToCallers } from '../rows/yield-to-callers.ts'
import { eraseEntries, eraseRows, findRows } from './erase-rows.ts'
import { type FindPerson, findPerson } from './find-person.ts'

export type EraserOptions = {
  readonly store: ImportStore
  readonly yielding: YieldToCallers
  readonly log: CallLog
}

/** So long imports are gone through before it is noted how far that is. */
const sliceMs = 5_000
const importsPerLook = 100
/**
 * Imports are gone through twice: what a worker had read before may have been written after the first time. The last time
 * waits for what was being uploaded when the erasure began; what begins to be uploaded later finds her suppressed.
 */
const passesInAll = 2
const betweenPassesMs = 60_000

/**
 * Goes through all imports that are kept, one after the other, and takes the person out of their blocks and reports. An import
 * that cannot be read is told of, and left to its end.
 */
export function createImportEraser({ store, yielding, log }: EraserOptions): EraseFromGateway {
  return async (erasure, now) => {
    const { gateway, addresses } = erasure
    if (addresses === undefined) return gateway
    const isPerson = findPerson(addresses)
    const until = performance.now() + sliceMs
    const comingIn = await stillComingIn(store, gateway)
    let state: GatewayErasure = { ...gateway, comingIn }
    if (gateway.passes === passesInAll - 1 && comingIn.length > 0) return { ...state, tryAt: now + betweenPassesMs }
    for await (const found of unseen(store, state)) {
      const rows = await eraseIn(found, erasure, isPerson, { store, yielding, log })
      state = afterImport(state, found, rows)
      if (performance.now() > until) return { ...state, tryAt: now }
    }
    return afterPass(state, now)
  }
}

async function stillComingIn(
  store: Pick<ImportStore, 'comingIn'>,
  { comingIn: before }: GatewayErasure,
): Promise<readonly string[]> {
  if (before?.length === 0) return before
  const now = await store.comingIn()
  return before === undefined ? now : before.filter((id) => now.includes(id))
}

/** Imports that this pass has not seen, from the newest to the oldest. */
async function* unseen(store: ImportStore, { seen }: GatewayErasure): AsyncGenerator<ImportState> {
  const known = new Set(seen)
  let after: string | undefined
  for (;;) {
    const found = await store.list(undefined, importsPerLook, after)
    for (const one of found) if (!known.has(one.id)) yield one
    if (found.length < importsPerLook) return
    after = found.at(-1)?.id
  }
}

/** How many rows are erased now that were not counted before. */
async function eraseIn(
  { id, blocks }: ImportState,
  { id: by, gateway }: Erasure,
  isPerson: FindPerson,
  { store, yielding, log }: EraserOptions,
): Promise<number> {
  let rows = 0
  try {
    for (let block = 0; block < blocks; block++) {
      let places: ReadonlySet<number> = new Set()
      let counted = 0
      await store.rewriteBlock(id, block, async (payload) => {
        const { before, fresh } = await findRows(payload, isPerson, yielding)
        places = new Set([...before.keys(), ...fresh])
        // In the first pass, those of a try that was killed before it was noted, too.
        const own = gateway.passes === 0 ? [...before.values()].filter((other) => other === by).length : 0
        counted = fresh.size + own
        return fresh.size === 0 ? undefined : eraseRows(payload, fresh, by, yielding)
      })
      rows += counted
      if (places.size > 0) await store.rewriteReports(id, block, async (report) => eraseEntries(report, places))
    }
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error
    log.error({ event: 'erasure', erasure: by, importId: id, err: error }, unreadable)
  }
  return rows
}

const unreadable =
  'An import could not be gone through for an erasure. What it holds of the person stays until the import is deleted: delete it.'

function afterImport(state: GatewayErasure, found: ImportState, rows: number): GatewayErasure {
  const { id, status, finishedAt } = found
  const isOpen = isUnfinished(status) || finishedAt === undefined
  const endsAt = isOpen ? 0 : Date.parse(finishedAt) + keptAfterEnd(found)
  return {
    ...state,
    seen: [...state.seen, id],
    rowsErased: state.rowsErased + rows,
    importsUntil: Math.max(state.importsUntil, endsAt),
    openImports: isOpen && !state.openImports.includes(id) ? [...state.openImports, id] : state.openImports,
  }
}

function afterPass({ tryAt: _, ...state }: GatewayErasure, now: number): GatewayErasure {
  const passes = state.passes + 1
  if (passes >= passesInAll) return { ...state, passes, seen: [], status: 'done' }
  return { ...state, passes, seen: [], tryAt: now + betweenPassesMs }
}

/** How long an answer to a request is kept. */
const answersKeptMs = 24 * 3_600_000

/**
 * Until when the gateway may hold something of the person that no search finds: answers of requests from before, and rows of
 * imports that could not be read as hers, which go with their import. Of one that has not ended that is an estimate.
 */
export async function heldUntil(
  { createdAt, gateway }: Erasure,
  store: Pick<ImportStore, 'get'>,
  now: number,
): Promise<number> {
  const ends = await Promise.all(
    gateway.openImports.map(async (id) => {
      const found = await store.get(id)
      if (found === undefined) return 0
      const endedAt = found.finishedAt === undefined ? now : Date.parse(found.finishedAt)
      return endedAt + keptAfterEnd(found)
    }),
  )
  return Math.max(createdAt + answersKeptMs, gateway.importsUntil, ...ends)
}

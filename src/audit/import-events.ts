import type { ImportState, ImportStore, JobHandler, JobLease } from '../services/import-store-port.ts'
import type { AuditTrail } from './audit-trail.ts'

/** How many imports that have ended are remembered, so that each is told once. */
const rememberedImports = 1_000

/**
 * The same store; the end of each import is audited by the process that commits its last rows, or that cancels it. Two
 * processes that commit the last rows of two accounts at the same moment may both tell it.
 */
export function auditImports(store: ImportStore, trail: Pick<AuditTrail, 'record'>): ImportStore {
  const told = new Set<string>()
  const tellIfEnded = async (id: string) => {
    if (told.has(id)) return
    const state = await store.get(id).catch(() => undefined)
    if (state?.finishedAt === undefined || told.has(id)) return
    if (told.size >= rememberedImports) told.delete(told.values().next().value as string)
    told.add(id)
    trail.record('import.end', endOf(state))
  }
  return {
    ...store,
    async cancel(id) {
      const canceled = await store.cancel(id)
      if (canceled) await tellIfEnded(id)
      return canceled
    },
    work: (account, handler, options) => store.work(account, watched(handler, tellIfEnded), options),
  }
}

/** The handler, with a look at the import when a block is at its end, before the job is given up. */
function watched(handler: JobHandler, tellIfEnded: (id: string) => Promise<void>): JobHandler {
  return async (job, payload, lease) => {
    let isOver = false
    const commit: JobLease['commit'] = async (result, markUpTo) => {
      const answer = await lease.commit(result, markUpTo)
      isOver = answer === 'stop'
      return answer
    }
    await handler(job, payload, { ...lease, commit })
    if (isOver || job.committed > 0) await tellIfEnded(job.importId)
  }
}

function endOf({ client, listId, id, validateOnly, rows, status, progress }: ImportState) {
  return {
    client,
    list: listId,
    import: id,
    validateOnly: validateOnly || undefined,
    rows,
    counts: Object.fromEntries(Object.entries(progress).map(([account, counts]) => [account, withoutZeros(counts)])),
    outcome: status,
  }
}

function withoutZeros(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}

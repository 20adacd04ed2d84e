import type {
  ChunkResult,
  ImportDraft,
  ImportRecord,
  ImportStore,
  JobHandler,
  JobLease,
  Rewrite,
} from '../../services/import-store-port.ts'
import type { SealedPlace, Sealer } from './sealer.ts'

/** What of a record may tell of people: the options, and the file's header and warnings. */
type Told = Pick<ImportRecord, 'options' | 'format'>

/** Imports whose rows, reports, options and formats are sealed. Ids, names of the configuration and counts are not. */
export function sealedImports(store: ImportStore, sealer: Sealer): ImportStore {
  const sealRecord = (record: ImportRecord): ImportRecord => {
    const { options, format } = record
    const told: Told = { options, format }
    const sealed = sealer.seal(['import', record.id], Buffer.from(JSON.stringify(told)))
    return { ...record, options: sealed.toString('base64'), format: null }
  }

  const openRecord = <Record extends ImportRecord>(record: Record): Record => {
    if (typeof record.options !== 'string') return record
    const told = sealer.open(['import', record.id], Buffer.from(record.options, 'base64'))
    return { ...record, ...(JSON.parse(told.toString()) as Told) }
  }

  const sealDraft = (id: string, draft: ImportDraft): ImportDraft => {
    let block = 0
    return {
      ...draft,
      async appendBlock(payload, rows) {
        await draft.appendBlock(sealer.seal(['block', id, block], payload), rows)
        block += 1
      },
    }
  }

  const sealReport = (lease: JobLease, place: readonly (string | number)[]): JobLease => ({
    mark: (upTo) => lease.mark(upTo),
    sending: () => lease.sending(),
    commit: (result, markUpTo) => lease.commit(withReport(result, place), markUpTo),
  })

  const withReport = (result: ChunkResult, place: readonly (string | number)[]): ChunkResult =>
    result.report.length === 0 ? result : { ...result, report: sealer.seal(['report', ...place], result.report) }

  const opening =
    (handler: JobHandler): JobHandler =>
    async (job, payload, lease) => {
      const { importId, block, account } = job
      const rows = sealer.open(['block', importId, block], payload)
      return handler(job, rows, sealReport(lease, [importId, block, account]))
    }

  const sealedRewrite =
    (place: SealedPlace, change: Rewrite): Rewrite =>
    async (bytes) => {
      const after = await change(sealer.open(place, bytes))
      // Nothing to report is not sealed.
      return after === undefined || after.length === 0 ? after : sealer.seal(place, after)
    }

  return {
    ...store,
    begin: async (record) => sealDraft(record.id, await store.begin(sealRecord(record))),
    async get(id) {
      const state = await store.get(id)
      return state && openRecord(state)
    },
    async getUntold(id) {
      const state = await store.getUntold(id)
      return state && openRecord(state)
    },
    list: async (client, limit, after) => (await store.list(client, limit, after)).map(openRecord),
    async readBlock(id, block) {
      const payload = await store.readBlock(id, block)
      return payload && sealer.open(['block', id, block], payload)
    },
    async readReports(id, block) {
      const found = await store.readReports(id, block)
      const open = ([account, reports]: readonly [string, readonly Buffer[]]) =>
        [account, reports.map((report) => sealer.open(['report', id, block, account], report))] as const
      return new Map([...found].map(open))
    },
    rewriteBlock: (id, block, change) => store.rewriteBlock(id, block, sealedRewrite(['block', id, block], change)),
    rewriteReports: (id, block, change) =>
      store.rewriteReports(id, block, (report, account) =>
        sealedRewrite(['report', id, block, account], (opened) => change(opened, account))(report),
      ),
    work: (account, handler, options) => store.work(account, opening(handler), options),
  }
}

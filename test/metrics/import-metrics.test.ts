import { Registry } from 'prom-client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { importMetrics } from '../../src/metrics/import-metrics.ts'
import type { ImportJob, ImportState, ImportStore, JobHandler } from '../../src/services/import-store-port.ts'

const startedMs = Date.parse('2026-11-24T00:00:00.000Z')
beforeEach(() => void vi.useFakeTimers({ now: startedMs }))
afterEach(() => void vi.useRealTimers())

const job: ImportJob = { importId: 'i', account: 'acme', block: 0, committed: 0, markedUpTo: undefined, wasLeft: false }

/** A store with one import of 100 rows at one account, whose state the test sets. */
function createImport() {
  const registry = new Registry()
  let state = { id: 'i', rows: 100, status: 'running', startedAt: new Date(startedMs).toISOString() } as ImportState
  let handler: JobHandler | undefined
  const store = importMetrics(registry)({
    get: async () => state,
    cancel: async () => true,
    work: (_account: string, given: JobHandler) => {
      handler = given
      return { close: async () => {} }
    },
  } as unknown as ImportStore)
  store.work(
    'acme',
    async (_job, _payload, lease) =>
      void (await lease.commit({
        upTo: 50,
        counts: { created: 50 },
        losses: {},
        skippedBecause: {},
        calls: {},
        waitedMs: {},
        report: Buffer.alloc(0),
      })),
    { concurrency: 1, leaseMs: 1, onError: () => {} },
  )
  return {
    store,
    /** A worker commits 50 rows and so ends a block, `ms` after the start. */
    async commitAt(ms: number, change: Partial<ImportState> & { pending: number }) {
      vi.setSystemTime(startedMs + ms)
      state = { ...state, ...change, progress: { acme: { pending: change.pending } } } as unknown as ImportState
      await handler?.(job, Buffer.alloc(0), { mark: async () => {}, sending: () => {}, commit: async () => 'stop' })
      await vi.advanceTimersByTimeAsync(0)
    },
    value: async (line: string) =>
      Number(
        (await registry.metrics())
          .split('\n')
          .find((one) => one.startsWith(`${line} `))
          ?.split(' ')
          .at(-1) ?? 0,
      ),
  }
}

const over = (ms: number) => ({ status: 'completed' as const, finishedAt: new Date(startedMs + ms).toISOString() })

test('the estimate at half of the rows is held against the end', async () => {
  const { commitAt, value } = createImport()
  // At 10 s half is done: 20 s in all, it seems. It takes 25 s: a fifth off.
  await commitAt(10_000, { pending: 50 })
  await commitAt(25_000, { pending: 0, ...over(25_000) })
  expect(await value('contact_gateway_import_eta_error_ratio_count')).toBe(1)
  expect(await value('contact_gateway_import_eta_error_ratio_sum')).toBeCloseTo(0.2)
  expect(await value('contact_gateway_import_rows_total{account="acme",outcome="created"}')).toBe(100)
})

test('an import that was not seen at half says nothing of estimates', async () => {
  const { commitAt, value } = createImport()
  await commitAt(10_000, { pending: 90 })
  await commitAt(25_000, { pending: 0, ...over(25_000) })
  expect(await value('contact_gateway_import_eta_error_ratio_count')).toBe(0)
})

test('an end counts once, though several workers see it; a cancelled import counts where it is cancelled', async () => {
  const ended = createImport()
  await ended.commitAt(25_000, { pending: 0, ...over(25_000) })
  await ended.commitAt(25_001, { pending: 0 })
  expect(await ended.value('contact_gateway_imports_total{status="completed"}')).toBe(1)

  const canceled = createImport()
  await canceled.store.cancel('i')
  await canceled.commitAt(25_000, { pending: 50, ...over(25_000), status: 'canceled' })
  expect(await canceled.value('contact_gateway_imports_total{status="canceled"}')).toBe(1)
})

test('a commit reaches the store as it is, with its mark', async () => {
  const commit = vi.fn(async () => 'stop' as const)
  const result = {
    upTo: 50,
    counts: { created: 50 },
    losses: {},
    skippedBecause: {},
    calls: {},
    waitedMs: {},
    report: Buffer.from('report'),
  }
  let handler: JobHandler | undefined
  const store = importMetrics(new Registry())({
    work: (_account: string, given: JobHandler) => {
      handler = given
    },
    get: async () => undefined,
  } as unknown as ImportStore)
  const options = { concurrency: 1, leaseMs: 1, onError: () => {} }
  store.work('acme', async (_job, _payload, lease) => void (await lease.commit(result, 80)), options)
  await handler?.(job, Buffer.alloc(0), { mark: async () => {}, sending: () => {}, commit })
  expect(commit.mock.calls).toEqual([[result, 80]])
})

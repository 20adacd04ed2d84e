import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { Readable } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { type InPlace, startOnce } from '../../src/http/imports/start-once.ts'
import { spoolUpload } from '../../src/imports/file/spool-upload.ts'
import { defaultCsvLimits } from '../../src/imports/file/table-of-records.ts'
import { YieldToCallers } from '../../src/imports/rows/yield-to-callers.ts'
import { startBatchImport } from '../../src/imports/start-batch-import.ts'
import { type NewImport, startImport } from '../../src/imports/start-import.ts'
import type { Journal } from '../../src/services/idempotency/idempotency.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'

const wanted: Omit<NewImport, 'id'> = {
  client: 'crm',
  list: { id: 'newsletter', numbers: undefined, title: 'Newsletter', targets: [] },
  options: {},
  validateOnly: false,
}
const place: InPlace = (work) => work({ id: randomUUID() })

async function setUp() {
  const store = openSqliteStore({ dataDir: ':memory:' })
  const upload = await spoolUpload(Readable.from([Buffer.from('email\na@example.com\n')]), tmpdir(), 1_000)
  onTestFinished(async () => {
    await upload.close()
    await store.close()
  })
  const intake = { store: store.imports, yielding: new YieldToCallers() }
  const start = (request: NewImport) => startImport(request, upload, defaultCsvLimits, intake)
  const startBatch = (request: NewImport) => startBatchImport(request, [{ email: 'a@example.com' }], intake)
  return { imports: store.imports, start, startBatch }
}

test.each(['start', 'startBatch'] as const)(
  'an import is announced before anybody can see it, and is none when that fails (%s)',
  async (way) => {
    const { imports, ...ways } = await setUp()
    let announced = ''
    const id = await ways[way]({
      ...wanted,
      id: randomUUID(),
      announce: async (id) => {
        announced = id
        expect(await imports.get(id)).toBeUndefined()
      },
    })
    expect(announced).toBe(id)
    expect(await imports.get(id)).toMatchObject({ id, rows: 1 })

    const lost = ways[way]({
      ...wanted,
      id: randomUUID(),
      announce: () => Promise.reject(new Error('the lease is lost')),
    })
    await expect(lost).rejects.toThrow('the lease is lost')
    expect(await imports.list('crm', 10, undefined)).toHaveLength(1)
  },
)

test('who takes a key over from an owner that died after it had started the import, finds that import', async () => {
  const { imports, start } = await setUp()
  const marks: string[] = []
  const journal = (earlier: readonly string[] | undefined): Journal => ({
    earlier: earlier && { previous: undefined, died: true, intent: '', marks: earlier },
    mark: async (note) => void marks.push(note),
  })
  const first = await startOnce(
    imports,
    { publicUrl: () => 'http://x.example' },
    journal(undefined),
    wanted,
    place,
    start,
  )
  const second = await startOnce(imports, { publicUrl: () => 'http://x.example' }, journal(marks), wanted, place, start)
  expect(second).toMatchObject({ status: 202, headers: { location: first.headers?.location }, keep: true })
  expect(await imports.list('crm', 10, undefined)).toHaveLength(1)
  // One that had died before that starts its own.
  const third = await startOnce(
    imports,
    { publicUrl: () => 'http://x.example' },
    journal(['never-published']),
    wanted,
    place,
    start,
  )
  expect(third.headers?.location).not.toBe(first.headers?.location)
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { upload } from '../support/import-calls.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

/** Files that are no CSV. Other abuse of uploads is in import-uploads.test.ts and import-reports.test.ts. */
let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway?.close())

const fixture = (name: string) => new Uint8Array(readFileSync(join(import.meta.dirname, '../fixtures', name)))
const files: [name: string, bytes: () => Uint8Array<ArrayBuffer>][] = [
  ['a gzip bomb', () => new Uint8Array(gzipSync(Buffer.alloc(100 * 1024 * 1024, 'a,b\n')))],
  ['a zip', () => fixture('zip.csv')],
  ['an xlsx', () => fixture('xlsx.csv')],
  ['a gzip', () => fixture('gzip.csv')],
  ['UTF-16 without its mark', () => fixture('utf-16-without-mark.csv')],
  ['NUL bytes', () => fixture('nul-bytes.csv')],
]

test.each(files)(
  '%s named .csv is refused by what it is, nothing is made of it, nobody is called',
  async (_name, bytes) => {
    const before = process.memoryUsage().rss
    const { status, body } = await upload(gateway, { csv: bytes() })
    expect([415, 422]).toContain(status)
    expect(body.detail.length).toBeGreaterThan(20)
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024)
    expect((await gateway.call('GET', '/imports')).body.items).toEqual([])
    const { oblic, octopush, vobiz } = gateway.simulators
    expect(oblic.requestTotal() + octopush.requestTotal() + vobiz.requestTotal()).toBe(0)
  },
)

import { tmpdir } from 'node:os'
import { Readable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { readTableFile } from '../../../src/imports/file/read-table.ts'
import { spoolUpload } from '../../../src/imports/file/spool-upload.ts'
import { heldMemory } from '../../support/held-memory.ts'
import { isLongRun } from '../../support/long-run.ts'
import { workbook } from '../../support/write-workbook.ts'

/** `LONG_RUN=1`: as many rows as people bring. Each cell is a text that it shares with no other. */
const rows = isLongRun ? 200_000 : 30_000
const columns = ['email', 'first name', 'last name', 'city', 'notes']
/** What memory may hold more than before: texts, and what was not collected yet. */
const mostMb = 60

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

function largeWorkbook(): Buffer {
  const order = (index: number) => rows * columns.length - 1 - index
  const strings = Array.from(
    { length: rows * columns.length },
    (_, n) => `<si><t>value ${n} of these@example.com</t></si>`,
  )
  const names = columns.map((name) => `<c t="inlineStr"><is><t>${name}</t></is></c>`)
  const data = Array.from({ length: rows }, (_, row) => {
    // Against the order of the table, as where a sheet was sorted.
    const cells = columns.map((_, column) => `<c t="s"><v>${order(row * columns.length + column)}</v></c>`)
    return `<row r="${row + 2}">${cells.join('')}</row>`
  })
  return workbook({
    sheets: [{ data: `<row r="1">${names.join('')}</row>${data.join('')}` }],
    strings: strings.join(''),
  })
}

test(`${rows} rows of texts are read with flat memory`, { timeout: 300_000 }, async () => {
  const bytes = largeWorkbook()
  const upload = await spoolUpload(Readable.from([bytes]), tmpdir(), bytes.length)
  try {
    collectGarbage()
    const before = heldMemory()
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
    const file = await readTableFile(upload, {}, turn)
    let count = 0
    let most = 0
    let batches = 0
    for await (const batch of file.batches) {
      count += batch.length
      if (++batches % 100 !== 0) continue
      collectGarbage()
      most = Math.max(most, heldMemory() - before)
    }
    console.log(`${rows} rows: ${Math.round(most / 1_048_576)} MB more at most`)
    expect(count).toBe(rows)
    expect(most / 1_048_576).toBeLessThan(mostMb)
  } finally {
    await upload.close()
  }
})

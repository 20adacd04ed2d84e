import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FileRefusal, FileRefused } from '../../src/imports/file/file-refusal.ts'
import { spoolUpload } from '../../src/imports/file/spool-upload.ts'
import { defaultCsvLimits } from '../../src/imports/file/table-of-records.ts'
import type { ImportOptions } from '../../src/imports/import-options.ts'
import { type FileToInspect, type Inspection, inspectFile } from '../../src/imports/inspect-file.ts'
import { inspectedBytes } from '../../src/imports/inspected-bytes.ts'
import { YieldToCallers } from '../../src/imports/rows/yield-to-callers.ts'
import { type ImportFormat, startImport } from '../../src/imports/start-import.ts'
import type { Store } from '../../src/services/store-port.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { fixtureFiles } from '../support/fixture-files.ts'
import { workbookOf } from '../support/write-workbook.ts'
import { chunksOf } from './whole-file.ts'

/** What is inspected is what an import takes, and a piece of a file is judged by no more than what is there. */

const list: FileToInspect['list'] = { id: 'newsletter', numbers: undefined, title: 'Newsletter', targets: [] }
const limits = { ...defaultCsvLimits, maxBytes: 1_000_000 }

let store: Store
beforeAll(() => {
  store = openSqliteStore({ dataDir: ':memory:' })
})
afterAll(() => store.close())

type Given = { readonly options?: ImportOptions; readonly isWhole?: boolean }

async function uploaded<T>(bytes: Uint8Array, read: (upload: Awaited<ReturnType<typeof spoolUpload>>) => Promise<T>) {
  async function* source() {
    yield* chunksOf(bytes, [0.3, 0.7]).map((chunk) => Buffer.from(chunk))
  }
  const upload = await spoolUpload(source(), tmpdir(), 1_000_000)
  try {
    return await read(upload)
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    return { refused: error.refusal }
  } finally {
    await upload.close()
  }
}

function inspected(bytes: Uint8Array, { options = {}, isWhole }: Given = {}) {
  return uploaded(bytes, (upload) => inspectFile({ list, options, isWhole }, upload, limits))
}

/** An inspection that has to succeed. */
async function seen(csv: string | Uint8Array, given?: Given): Promise<Inspection> {
  const found = await inspected(typeof csv === 'string' ? Buffer.from(csv) : csv, given)
  if ('refused' in found) throw new Error(found.refused.detail)
  return found
}

/** What an import begins with, or why there is none. */
function imported(bytes: Uint8Array, options: ImportOptions = {}): Promise<ImportFormat | { refused: FileRefusal }> {
  return uploaded(bytes, async (upload) => {
    const request = { id: randomUUID(), client: 'crm', list, options, validateOnly: true }
    const intake = { store: store.imports, yielding: new YieldToCallers() }
    const id = await startImport(request, upload, limits, intake)
    return (await store.imports.get(id))?.format as ImportFormat
  })
}

/** By index, what each column becomes; those of one field in the order in which they count. */
function fieldsOf({ columns }: Inspection): readonly unknown[] {
  const byPlace = columns.toSorted((one, other) => (one.place ?? 0) - (other.place ?? 0))
  return byPlace.flatMap(({ index, field }) => (field === null ? [] : [`${field} ${index}`]))
}
const byField = (fields: readonly unknown[]) => Map.groupBy(fields, (field) => String(field).split(' ')[0])

describe('the whole of a file', () => {
  test.each(fixtureFiles())('%s is taken for what an import without a mapping takes it for', async (_name, bytes) => {
    const [found, begun] = [await inspected(bytes), await imported(bytes)]
    if ('refused' in begun) {
      expect('refused' in found ? found.refused : found.refusal).toEqual(begun.refused)
      return
    }
    if ('refused' in found) throw new Error(found.refused.detail)
    const taken = begun.columns?.mapped.map(([index, target]) => `${target} ${index}`) ?? []
    expect(byField(fieldsOf(found))).toEqual(byField(taken))
    expect(found.columns.map(({ header }) => header)).toEqual(begun.header)
    expect(found.warnings).toEqual(begun.warnings)
    const { encoding = 'utf-8', delimiter } = begun.format
    expect(found).toMatchObject({ encoding, delimiter, complete: true })
    expect(found).not.toHaveProperty('refusal')
  })

  test('tells what each column is, which of several counts, and its first three values as they are read', async () => {
    const csv = [
      'sep=;',
      'Vorname;Telefon;Handy;Plan',
      '="Zoé";;\'+33612345678;',
      `;;;${'x'.repeat(300)}`,
      ' Ann ;1; ;a',
      'Bob;;;b',
      'Cid;;;c',
    ].join('\r\n')
    const { warnings, ...found } = await seen(csv)
    expect(found).toEqual({
      ...{ encoding: 'utf-8', delimiter: ';', headerRow: 2, rowsSeen: 5, complete: true },
      columns: [
        { index: 0, header: 'Vorname', field: 'firstName', confidence: 0.9, samples: ['Zoé', 'Ann', 'Bob'] },
        { index: 1, header: 'Telefon', field: 'phone', confidence: 0.9, place: 2, samples: ['1'] },
        { index: 2, header: 'Handy', field: 'phone', confidence: 0.9, place: 1, samples: ['+33612345678'] },
        { index: 3, header: 'Plan', field: null, confidence: 0, samples: ['x'.repeat(200), 'a', 'b'] },
      ],
    })
    expect(warnings.map(({ code }) => code)).toEqual(['columns_merged', 'column_ignored'])
  })

  test('is read as the options say', async () => {
    const csv = Buffer.from('Liste 2026\nA;B;C\nZo\xe9;0612345678;0611111111\n', 'latin1')
    const options = { encoding: 'latin1', headerRow: 2, mapping: { B: 'phone', C: 'phone' }, order: { phone: ['C'] } }
    const found = await seen(csv, { options })
    expect(found).toMatchObject({ encoding: 'windows-1252', headerRow: 2, rowsSeen: 1 })
    expect(found.columns.map(({ field, place, samples }) => [field, place, samples[0]])).toEqual([
      [null, undefined, 'Zoé'],
      ['phone', 2, '0612345678'],
      ['phone', 1, '0611111111'],
    ])
  })

  test('is shown though nothing is known of its columns, with why an import refuses it', async () => {
    const found = await seen('Nom,Kontakt\nAnn,a@x.example\nBen,b@x.example\n')
    expect(found.columns).toMatchObject([
      { field: 'lastName' },
      { field: null, proposal: 'email', samples: ['a@x.example', 'b@x.example'] },
    ])
    expect(found.refusal).toMatchObject({ code: 'file-unreadable', detail: expect.stringContaining('“Kontakt”') })
    expect(await seen('Phone,Phone\n1,2\n')).toMatchObject({ refusal: { detail: expect.stringMatching(/both phone/) } })
  })

  test('is refused where its options do not fit it', async () => {
    const refused = await inspected(Buffer.from('email\na@x.example\n'), { options: { mapping: { Mail: 'email' } } })
    expect(refused).toMatchObject({
      refused: { code: 'validation-failed', errors: [{ pointer: '#/mapping/Mail', code: 'unknown_column' }] },
    })
  })
})

describe('a workbook', () => {
  const people = (rows: number) => [
    ['Name', 'Phone', 'Plan'],
    ...Array.from({ length: rows }, (_, n) => ['Zoé', 33612345678 + n, undefined]),
  ]

  test('has neither encoding nor delimiter, and is else taken for what an import takes it for', async () => {
    const bytes = workbookOf(people(5))
    const [found, begun] = [await seen(bytes), await imported(bytes)]
    if ('refused' in begun) throw new Error(begun.refused.detail)
    expect(found).toEqual({
      ...{ encoding: null, delimiter: null, headerRow: 1, rowsSeen: 5, complete: true },
      columns: [
        { index: 0, header: 'Name', field: 'name', confidence: 0.9, samples: ['Zoé', 'Zoé', 'Zoé'] },
        {
          ...{ index: 1, header: 'Phone', field: 'phone', confidence: 0.9 },
          samples: ['33612345678', '33612345679', '33612345680'],
        },
        { index: 2, header: 'Plan', field: null, confidence: 0, samples: [] },
      ],
      warnings: begun.warnings,
    })
    expect(found.warnings.map(({ code }) => code)).toEqual(['report_is_csv', 'column_ignored'])
  })

  test('is looked at in part where it is long, whatever its bytes', async () => {
    const { rowsSeen, complete } = await seen(workbookOf(people(5_000)))
    expect(complete).toBe(false)
    expect(rowsSeen).toBeGreaterThanOrEqual(1_000)
    expect(rowsSeen).toBeLessThan(5_000)
  })

  test('is refused where it is cut', async () => {
    const bytes = workbookOf(people(50))
    expect(await inspected(bytes.subarray(0, bytes.length - 100), { isWhole: false })).toMatchObject({
      refused: { code: 'file-unreadable' },
    })
  })
})

const head = 'email,name\n'
const row = (n: number) => `p${n}@example.com,Zoé ${n}\n`

describe('the beginning of a file', () => {
  test.each([
    ['within a row', `${head}${row(1)}p2@exam`],
    ['within a row, which has as many cells as the others', `${head}${row(1)}p2@example.com,Z`],
    ['within quotes', `${head}${row(1)}p2@example.com,"Zoé, who\nwrites`],
    ['within doubled quotes', `${head}${row(1)}p2@example.com,"Zoé ""`],
    ['within a character', Buffer.concat([Buffer.from(`${head}${row(1)}p2@example.com,Zo`), Buffer.of(0xc3)])],
    ['behind a row', `${head}${row(1)}`],
    ['within a line break', `${head.trim()}\r\n${row(1).trim()}\r`],
  ])('may end %s', async (_what, piece) => {
    const { rowsSeen, complete, columns } = await seen(piece, { isWhole: false })
    expect({ rowsSeen, complete }).toEqual({ rowsSeen: 1, complete: false })
    expect(columns.map(({ samples }) => samples)).toEqual([['p1@example.com'], ['Zoé 1']])
  })

  test('may end anywhere behind its header, in any encoding: what is seen are its whole rows', async () => {
    const text = `${head}${row(1)}"x""y","Zoé\nZoé"\n${row(3)}`
    for (const [encoding, bytes] of [
      ['utf-8', Buffer.from(text)],
      ['utf-16le', Buffer.from(`\ufeff${text}`, 'utf16le')],
      ['windows-1252', Buffer.from(text, 'latin1')],
    ] as const) {
      const options = encoding === 'windows-1252' ? { encoding } : {}
      let most = 0
      for (let end = Math.ceil(bytes.length / 4); end <= bytes.length; end++) {
        const { rowsSeen, columns } = await seen(bytes.subarray(0, end), { isWhole: false, options })
        const whole = [`Zoé 1`, 'Zoé\nZoé', 'Zoé 3'].slice(0, rowsSeen)
        expect(columns[1]?.samples).toEqual(whole)
        expect(rowsSeen).toBeGreaterThanOrEqual(most)
        most = rowsSeen
      }
      expect(most).toBe(3)
    }
  })

  test('is told of a file that is as long as what is looked at, or longer', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => row(n)).join('')
    const bytes = Buffer.from(head + rows)
    const whole = Buffer.from(head + rows).subarray(0, inspectedBytes - 1)
    const cut = bytes.subarray(0, inspectedBytes)
    const wholeRows = cut.toString().split('\n').length - 2
    for (const piece of [cut, bytes])
      expect(await seen(piece)).toMatchObject({ rowsSeen: wholeRows, complete: false, encoding: 'utf-8' })
    expect(await seen(cut, { isWhole: true })).toMatchObject({ rowsSeen: wholeRows + 1, complete: true })
    expect(await seen(whole)).toMatchObject({ rowsSeen: wholeRows + 1, complete: true })
    expect(await seen(bytes, { isWhole: true })).toMatchObject({ rowsSeen: wholeRows, complete: false })
  })

  test('need not have a row beneath the header', async () => {
    expect(await seen(`${head}p1@ex`, { isWhole: false })).toMatchObject({
      rowsSeen: 0,
      columns: [{ samples: [] }, { samples: [] }],
    })
  })

  test.each([
    ['a header that is not all there', 'email,na', /ends before its header row/, {}],
    ['a headerRow behind its end', head, /begins behind the first 11 bytes/, { headerRow: 9 }],
    ['text behind a quote', `${head}"a"b,c\n${row(1)}`, /follows a closing quote/, {}],
    ['a broken character in a whole row', Buffer.from(`${head}Zo\xe9,x\n${row(1)}`, 'latin1'), /not UTF-8/, {}],
  ] as const)('is refused for %s', async (_what, piece, words, options) => {
    const found = await inspected(Buffer.from(piece as string), { isWhole: false, options })
    expect(found).toMatchObject({ refused: { detail: expect.stringMatching(words) } })
  })

  test('is not called UTF-8 for what the rest may not be; that it seems so is a warning', async () => {
    const piece = Buffer.from(`${head}${Array.from({ length: 20 }, (_, n) => row(n)).join('')}`)
    const options = { encoding: 'windows-1252' }
    expect(await inspected(piece, { options })).toMatchObject({ refused: { errors: [{ code: 'wrong_encoding' }] } })
    const { warnings } = await seen(piece, { options, isWhole: false })
    expect(warnings).toMatchObject([{ code: 'encoding_doubtful', detail: expect.stringContaining('utf-8') }])
  })
})

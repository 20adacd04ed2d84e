import { describe, expect, test } from 'vitest'
import { partsOf, rowsOf, sheetOf, workbookOf, zipOf } from '../../support/write-workbook.ts'
import { type ZipEntry, zip } from '../../support/write-zip.ts'
import { type Reading, readWorkbookOf, refusalOfWorkbook } from './whole-workbook.ts'

const people = [
  ['email', 'name'],
  ['a@example.com', 'Ann'],
]
const parts = () => partsOf({ sheets: [{ data: rowsOf(people) }] })
const good = workbookOf(people)
const sheet = 'xl/worksheets/sheet1.xml'
const megabyte = 1_024 * 1_024

const withSheet = (content: string) => zipOf(parts().set(sheet, content))
const withRows = (data: string) => withSheet(sheetOf(data))
const withMore = (...more: ZipEntry[]) => zipOf(parts(), more)
/** The archive with other bytes in the place of a text. */
const replaced = (bytes: Buffer, text: string, other: string) =>
  Buffer.from(bytes.toString('latin1').replaceAll(text, other), 'latin1')

type Case = readonly [what: string, bytes: () => Uint8Array, code: string, detail: RegExp, reading?: Reading]
const unsupported = 'unsupported-media-type'
const unreadable = 'file-unreadable'
const large = 'payload-too-large'

/** A compound file of the given streams, as far as its directory. */
function compound(...streams: string[]): Buffer {
  const bytes = Buffer.alloc(1_536)
  bytes.write('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'latin1')
  bytes.writeUInt16LE(9, 30)
  bytes.writeUInt32LE(1, 48)
  for (const [index, name] of ['Root Entry', ...streams].entries())
    bytes.write(`${name}\0`, 1_024 + index * 128, 'utf16le')
  return bytes
}

const ods = 'application/vnd.oasis.opendocument.spreadsheet'
const otherFiles: Case[] = [
  ['an old workbook', () => compound('Workbook'), unsupported, /old Excel workbook \(\.xls\)/],
  ['an old document', () => compound('WordDocument'), unsupported, /old Word document/],
  ['the beginning of an old workbook', () => compound().subarray(0, 20), unsupported, /old Excel workbook/],
  ['.xlsb', () => zip([{ name: 'xl/workbook.bin', content: 'x' }]), unsupported, /binary workbook \(\.xlsb\)/],
  ['.ods', () => zip([{ name: 'mimetype', content: ods, isStored: true }]), unsupported, /OpenDocument.*\(\.ods\)/],
  ['.numbers', () => zip([{ name: 'Index/Document.iwa', content: 'x' }]), unsupported, /Apple Numbers.*Export it/],
  ['.docx', () => zip([{ name: 'word/document.xml', content: '<x/>' }]), unsupported, /Word document \(\.docx\)/],
  ['.pptx', () => zip([{ name: 'ppt/presentation.xml', content: '<x/>' }]), unsupported, /PowerPoint/],
  ['a zip with CSV', () => zip([{ name: 'people.csv', content: 'email' }]), unsupported, /text file in it.*Unpack/],
  ['a workbook in a zip', () => zip([{ name: 'p.xlsx', content: good }]), unsupported, /workbook in it.*Unpack/],
  ['any zip', () => zip([{ name: 'x', content: 'x' }]), unsupported, /a zip file.*Unpack/],
]

const locked: Case[] = [
  ['a workbook', () => compound('EncryptedPackage', 'EncryptionInfo'), unreadable, /protected by a password.*take the/],
  ['an archive', () => withMore({ name: 'x', content: 'x', flags: 1 }), unreadable, /protected by a password/],
  ['an archive, strongly', () => withMore({ name: 'x', content: 'x', flags: 0x41 }), unreadable, /by a password/],
]

const bombs: Case[] = [
  ['by its ratio', () => withRows(`<!--${'a'.repeat(30 * megabyte)}-->`), large, /packed more than 200 times/],
  [
    'by its size',
    () => withMore({ name: 'xl/media/x', content: Buffer.alloc(2 * megabyte, 'abc') }),
    large,
    /more than 1048580 bytes when it is unpacked.*split it/,
    { limits: { maxBytes: 52_429 } },
  ],
  [
    'by its parts',
    () => withMore(...Array.from({ length: 10_001 }, (_, n) => ({ name: `${n}`, content: '', isStored: true }))),
    large,
    /more than 10000 parts/,
  ],
  [
    'by the names of its parts',
    () => withMore(...Array.from({ length: 100 }, (_, n) => ({ name: `${n}`.repeat(30_000), content: '' }))),
    large,
    /names longer/,
  ],
  ['by a size that is not true', () => withEntry({ size: 10 }), unreadable, /cannot be unpacked to the size/],
  [
    'by entities',
    () =>
      withSheet(
        `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${sheetOf('<row><c><v>&b;</v></c></row>')}`,
      ),
    unreadable,
    /document type definition/,
  ],
  [
    'by texts that its cells share',
    () =>
      workbookOf([['email', 'x'], ...Array.from({ length: 1_000 }, () => [{ xml: '<c t="s"><v>0</v></c>' }])], {
        strings: `<si><t>${'x'.repeat(60_000)}</t></si>`,
      }),
    large,
    /rows of the workbook come to more than/,
    { limits: { maxBytes: megabyte } },
  ],
  ['by depth', () => withRows('<a>'.repeat(200)), unreadable, /without end/],
  ['by attributes', () => withRows(`<row ${many((n) => `a${n}="" `)}/>`), unreadable, /too many attributes/],
  ['by a long name', () => withRows(`<${'a'.repeat(megabyte)}/>`), unreadable, /no XML that can be read/],
  ['by a long value', () => withRows(`<row r="${'a'.repeat(megabyte)}"/>`), unreadable, /no XML that can be read/],
  ['by styles', () => withStyles(`<cellXfs>${'<xf/>'.repeat(80_000)}</cellXfs>`), unreadable, /too many styles/],
]

function many(write: (n: number) => string): string {
  return Array.from({ length: 300 }, (_, n) => write(n)).join('')
}

function withStyles(content: string): Buffer {
  return zipOf(parts().set('xl/styles.xml', `<styleSheet>${content}</styleSheet>`))
}

/** A workbook whose only sheet is an entry of its own making. */
function withEntry(change: Partial<ZipEntry>): Buffer {
  const all = parts()
  const content = all.get(sheet) as string
  all.delete(sheet)
  return zipOf(all, [{ name: sheet, content, ...change }])
}

const broken: Case[] = [
  ['cut off', () => good.subarray(0, good.length - 300), unreadable, /no whole zip archive.*cut off/],
  ['cut off at its beginning', () => good.subarray(0, 100), unreadable, /no whole zip archive/],
  ['with a checksum that is not true', () => withEntry({ checksum: 1 }), unreadable, /not what its checksum says/],
  ['that should be larger', () => withEntry({ size: 9_999 }), unreadable, /cannot be unpacked to the size/],
  [
    'with bytes that cannot be unpacked',
    () => withEntry({ content: 'x', isStored: true, size: 2 }),
    unreadable,
    /broken/,
  ],
  [
    'with two parts of one name',
    () => withMore({ name: 'XL/workbook.xml', content: 'x' }),
    unreadable,
    /the same name/,
  ],
  ['with a part outside', () => withMore({ name: '../../etc/x', content: 'x' }), unreadable, /no whole zip archive/],
  ['with an absolute part', () => withMore({ name: '/etc/x', content: 'x' }), unreadable, /no whole zip archive/],
  ['without its sheet', () => replaced(good, 'sheet1.xml', 'sheet9.xmk'), unreadable, /broken/],
  ['that is not XML', () => withSheet('nothing'), unreadable, /no XML that can be read/],
  ['that ends within XML', () => withSheet(sheetOf('<row>').slice(0, -20)), unreadable, /no XML that can be read/],
  ['with tags that are not closed', () => withRows('<row></c>'), unreadable, /no XML that can be read/],
  ['with an entity that is not known', () => withRows('<row>&nbsp;</row>'), unreadable, /no XML that can be read/],
  [
    'with bytes that are no text',
    () => withEntry({ content: Buffer.from('<a>\xff</a>', 'latin1') }),
    unreadable,
    /no XML/,
  ],
  ['without a place for rows', () => withSheet('<worksheet/>'), unreadable, /has no place for rows/],
  ['with rows backwards', () => withRows('<row r="2"/><row r="1"/>'), unreadable, /behind row 2/],
  ['with a row that is none', () => withRows('<row r="x"/>'), unreadable, /behind row 0/],
  ['with a row beyond the last', () => withRows('<row r="1048577"/>'), unreadable, /behind row 0/],
  [
    'with cells backwards',
    () => withRows('<row><c r="B1"/><c r="A1"/></row>'),
    unreadable,
    /row 1 has a cell in a place/,
  ],
  ['with a cell of another row', () => withRows('<row><c r="A2"/></row>'), unreadable, /row 1 has a cell in a place/],
  ['with a cell nowhere', () => withRows('<row><c r="1"/></row>'), unreadable, /row 1 has a cell in a place/],
  ['with a text that is not there', () => withRows('<row><c t="s"><v>1</v></c></row>'), unreadable, /text that is not/],
  ['with a text by no number', () => withRows('<row><c t="s"><v>x</v></c></row>'), unreadable, /text that is not/],
]

const tooMuch: Case[] = [
  ['an empty sheet', () => workbookOf([]), unreadable, /sheet “People” is empty/],
  ['nothing but blanks', () => workbookOf([[' '], [' ']]), unreadable, /sheet “People” is empty/],
  ['a header alone', () => workbookOf([['email']]), unreadable, /a header but no row/],
  [
    'a header of formulas without values',
    () => workbookOf([[{ xml: '<c><f>A2</f></c>' }]]),
    unreadable,
    /row 1, the header/,
  ],
  [
    'a blank header row',
    () => workbookOf([['email'], [], ['x']]),
    unreadable,
    /Row 2 of the sheet.*blank/,
    { headerRow: 2 },
  ],
  ['no such row', () => workbookOf([['email'], ['x']]), unreadable, /Row 9 of the sheet.*blank/, { headerRow: 9 }],
  ['too many rows', () => workbookOf([...people, ['b']]), large, /more than 1 rows/, { limits: { maxRows: 1 } }],
  ['too many columns', () => good, large, /value in column 2.*at most 1/, { limits: { maxColumns: 1 } }],
  [
    'a value far out',
    () => withRows('<row><c r="XFD1"><v>1</v></c></row>'),
    large,
    /Row 1 has a value in column 16384/,
  ],
  ['a long row', () => good, large, /Row 2 of the sheet has more than 16 bytes/, { limits: { maxRowBytes: 16 } }],
  ['a long text', () => workbookOf([['email'], ['x'.repeat(70_000)]]), large, /Row 2 of the sheet has more than 65536/],
]

const groups: readonly [title: string, cases: Case[]][] = [
  ['another kind of file is named', otherFiles],
  ['what is under a password is named', locked],
  ['a bomb is refused', bombs],
  ['a broken workbook is refused', broken],
  ['what cannot be imported is refused with its place', tooMuch],
]

describe.each(groups)('%s', (_, cases) => {
  for (const [what, bytes, code, detail, reading] of cases)
    test(what, async () => {
      const refusal = await refusalOfWorkbook(bytes(), reading)
      expect(refusal?.code).toBe(code)
      expect(refusal?.detail).toMatch(detail)
      // What it is, and what mends it.
      expect(refusal?.detail.split('. ').length).toBeGreaterThan(1)
    })
})

test('limits are met exactly', async () => {
  const limits = { maxRows: 1, maxColumns: 2, maxRowBytes: 'a@example.com,Ann'.length }
  expect((await readWorkbookOf(good, { limits })).rows).toHaveLength(1)
})

test('an archive whose end is written for 4 GB, and parts that are not packed, are read', async () => {
  const stored = [...parts()].map(([name, content]) => ({ name, content, isStored: true }))
  expect((await readWorkbookOf(zip(stored, true))).rows).toHaveLength(1)
})

test('a workbook of which any byte is another one is read or refused, and nothing else', async () => {
  for (let at = 4; at < good.length; at += 3) {
    const bytes = Buffer.from(good)
    bytes[at] = (bytes[at] as number) ^ (1 << (at % 8))
    const refusal = await refusalOfWorkbook(bytes)
    expect(refusal?.detail ?? 'read').toMatch(/^(?:read$|The |This is |A part |Row |In row )/)
  }
})

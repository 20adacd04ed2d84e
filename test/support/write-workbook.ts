import { type ZipEntry, zip } from './write-zip.ts'

export type SheetToWrite = {
  readonly name?: string
  readonly state?: 'hidden' | 'veryHidden'
  /** What stands in `<sheetData>`; see `rowsOf`. */
  readonly data: string
}

export type WorkbookToWrite = {
  readonly sheets: readonly SheetToWrite[]
  /** What stands in `<sst>`. */
  readonly strings?: string
  /** Codes of formats, by the number of the style: style 0 is General. */
  readonly formats?: readonly (string | number)[]
  readonly workbookPr?: string
}

/** A cell's value: a text stands in the cell, a number as a number, anything else as it is written. */
export type CellToWrite = string | number | { readonly xml: string } | undefined

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/** Where each part of a small workbook is, and what stands in it, for tests that change one of them. */
export function partsOf({ sheets, strings, formats = [], workbookPr = '' }: WorkbookToWrite): Map<string, string> {
  const ids = sheets.map((_, index) => index + 1)
  const sheetTags = sheets.map(
    ({ name, state }, index) =>
      `<sheet name="${name ?? `Sheet${index + 1}`}" sheetId="${index + 1}"${state === undefined ? '' : ` state="${state}"`} r:id="rId${index + 1}"/>`,
  )
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${relations}/${type}" Target="${target}"/>`
  const workbook = `<workbook xmlns="${main}" xmlns:r="${relations}"><workbookPr ${workbookPr}/><sheets>${sheetTags.join('')}</sheets></workbook>`
  const own = [
    ...ids.map((id) => relation(`rId${id}`, 'worksheet', `worksheets/sheet${id}.xml`)),
    relation('rIdStyles', 'styles', 'styles.xml'),
    ...(strings === undefined ? [] : [relation('rIdStrings', 'sharedStrings', 'sharedStrings.xml')]),
  ]
  return new Map([
    ['[Content_Types].xml', `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`],
    ['_rels/.rels', relationships(relation('rId1', 'officeDocument', 'xl/workbook.xml'))],
    ['xl/workbook.xml', head + workbook],
    ['xl/_rels/workbook.xml.rels', relationships(own.join(''))],
    ['xl/styles.xml', head + stylesOf(formats)],
    ...(strings === undefined
      ? []
      : [['xl/sharedStrings.xml', `${head}<sst xmlns="${main}">${strings}</sst>`] as const]),
    ...sheets.map(({ data }, index) => [`xl/worksheets/sheet${index + 1}.xml`, head + sheetOf(data)] as const),
  ])
}

export function workbook(given: WorkbookToWrite): Buffer<ArrayBuffer> {
  return zipOf(partsOf(given))
}

/** A workbook of one sheet. */
export function workbookOf(
  rows: readonly (readonly CellToWrite[])[],
  more: Omit<WorkbookToWrite, 'sheets'> = {},
): Buffer<ArrayBuffer> {
  return workbook({ ...more, sheets: [{ name: 'People', data: rowsOf(rows) }] })
}

export function zipOf(
  parts: ReadonlyMap<string, string | Uint8Array>,
  more: readonly ZipEntry[] = [],
): Buffer<ArrayBuffer> {
  return zip([...[...parts].map(([name, content]) => ({ name, content })), ...more])
}

export function sheetOf(data: string): string {
  return `<worksheet xmlns="${main}"><sheetData>${data}</sheetData></worksheet>`
}

/** Rows as Excel writes them, with the place of each cell. */
export function rowsOf(rows: readonly (readonly CellToWrite[])[]): string {
  return rows
    .map(
      (cells, index) => `<row r="${index + 1}">${cells.map((cell, at) => cellOf(cell, at, index + 1)).join('')}</row>`,
    )
    .join('')
}

function cellOf(cell: CellToWrite, column: number, line: number): string {
  const place = `${String.fromCharCode('A'.charCodeAt(0) + column)}${line}`
  if (cell === undefined) return ''
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`
  if (typeof cell === 'object') return cell.xml.replace('<c', `<c r="${place}"`)
  return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(cell)}</t></is></c>`
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function relationships(content: string): string {
  return `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${content}</Relationships>`
}

const firstOwnFormat = 164

function stylesOf(formats: readonly (string | number)[]): string {
  const own = formats.map((format, index) =>
    typeof format === 'number'
      ? ''
      : `<numFmt numFmtId="${firstOwnFormat + index}" formatCode="${escapeXml(format).replaceAll('"', '&quot;')}"/>`,
  )
  const used = formats.map((format, index) => (typeof format === 'number' ? format : firstOwnFormat + index))
  const styles = [0, ...used].map((id) => `<xf numFmtId="${id}"/>`)
  return `<styleSheet xmlns="${main}"><numFmts>${own.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${styles.join('')}</cellXfs></styleSheet>`
}

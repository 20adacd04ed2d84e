import { type FileRefusal, quoted } from './file-refusal.ts'
import { type Delimiter, delimiters, findDelimiter } from './find-delimiter.ts'
import { nulByte } from './scan-records.ts'
import { placeOfEndMark } from './without-end-mark.ts'

/** How a file is written, so that reports on it can be written alike. */
export type CsvFormat = {
  readonly delimiter: Delimiter
  /** It begins with a byte order mark. */
  readonly bom: boolean
  readonly lineBreak: '\n' | '\r\n'
  /** By its name in the Encoding Standard, in lower case; absent: UTF-8. */
  readonly encoding?: string
  /** How many lines stand above the header, as the caller says; absent: none. */
  readonly linesAbove?: number
}

/** `skippedBytes` (a byte order mark, a spreadsheet's `sep=;` line, lines above the header) stand before the header. */
export type SniffedCsv = {
  readonly format: CsvFormat
  readonly skippedBytes: number
  readonly skippedLines: number
}

/** As many bytes as `sniffCsv` can make use of. */
export const sniffedBytes = 65_536

type Signature = { readonly bytes: string; readonly what: string }

/** How files begin that are no CSV, whatever their name says; as Latin-1 text. */
const signatures: readonly Signature[] = [
  { bytes: 'PK\x03\x04', what: 'a zip file' },
  { bytes: 'PK\x05\x06', what: 'an empty zip file' },
  { bytes: '\x1f\x8b', what: 'a gzip file' },
  { bytes: '%PDF-', what: 'a PDF file' },
  { bytes: '\xd0\xcf\x11\xe0', what: 'an old Excel workbook (.xls)' },
  { bytes: '7z\xbc\xaf\x27\x1c', what: 'a 7-Zip file' },
  { bytes: '\x89PNG', what: 'a picture' },
  { bytes: '\xff\xd8\xff', what: 'a picture' },
  { bytes: '\xff\xfe\x00\x00', what: 'text in UTF-32' },
  { bytes: '\x00\x00\xfe\xff', what: 'text in UTF-32' },
  { bytes: '{\\rtf', what: 'an RTF document' },
  { bytes: '<!DOCTYPE', what: 'a web page' },
  { bytes: '<html', what: 'a web page' },
  { bytes: '<?xml', what: 'an XML file' },
]

/** What a caller says of how a file is written. */
export type DeclaredCsv = {
  /** Found when it is not given. */
  readonly delimiter?: Delimiter
  /** On which line of the file the header begins, from 1, as an editor counts them. */
  readonly headerRow?: number
  /** No more bytes than these are looked at. The file goes on behind them, or may: a row that they cut is left out. */
  readonly firstBytes?: number
}

/** Of a file that is no text, by its first bytes: why it is refused. */
export function refuseForeign(firstBytes: Uint8Array): FileRefusal | undefined {
  const foreign = foreignFormat(firstBytes)
  return foreign === undefined ? undefined : notCsv(foreign)
}

/**
 * Looks at the first bytes of an upload, as UTF-8 (`sniffedBytes` of them, or the whole file): is it CSV, and how is it
 * written? What stands later in the file is not looked at here.
 */
export function sniffCsv(firstBytes: Uint8Array, declared: DeclaredCsv = {}): SniffedCsv | FileRefusal {
  if (firstBytes.length === 0) return unreadable('The file is empty (0 bytes). Choose the file again.')
  const foreign = refuseForeign(firstBytes)
  if (foreign !== undefined) return foreign

  const bom = latin1(firstBytes, 3) === '\xef\xbb\xbf'
  const text = new TextDecoder().decode(firstBytes.subarray(0, placeOfEndMark(firstBytes)))
  const nul = text.indexOf('\0')
  if (nul >= 0) return nulByte(text.slice(0, nul).split(/\r\n|\n|\r/).length)
  if (text.trim() === '') return unreadable('The file holds nothing but white space. Choose the file again.')
  const separator = readSeparatorLine(text, declared.delimiter)
  if (separator !== undefined && 'code' in separator) return separator
  const above = linesAbove(text, Math.max((declared.headerRow ?? 1) - 1, separator === undefined ? 0 : 1))
  const isCut = declared.firstBytes !== undefined || firstBytes.length >= sniffedBytes
  if (above === undefined) return withoutHeaderRow(declared.headerRow, isCut ? firstBytes.length : undefined)
  const content = text.slice(above.text.length)
  const format: CsvFormat = {
    delimiter: declared.delimiter ?? separator?.delimiter ?? findDelimiter(content, isCut),
    bom,
    lineBreak: /^[^\r\n]*\r\n/.test(content) ? '\r\n' : '\n',
    ...(declared.headerRow !== undefined && declared.headerRow > 1 && { linesAbove: declared.headerRow - 1 }),
  }
  return {
    format,
    skippedBytes: (bom ? 3 : 0) + Buffer.byteLength(above.text),
    skippedLines: above.lines,
  }
}

/** True for the kinds of delimiter that a caller may declare. */
export function isDelimiter(text: string): text is Delimiter {
  return delimiters.some((delimiter) => delimiter === text)
}

/** A spreadsheet's first line, `sep=;`, which may be in quotes and filled up with separators. A delimiter that is declared counts more. */
function readSeparatorLine(text: string, declared?: Delimiter): { delimiter: Delimiter } | FileRefusal | undefined {
  const [, said] = /^"?sep=([^\r\n]*)/i.exec(text) ?? []
  if (said === undefined) return undefined
  const sign = said.replaceAll('"', '').replace(/^\\t/, '\t').slice(0, 1)
  if (declared !== undefined) return { delimiter: declared }
  if (isDelimiter(sign)) return { delimiter: sign }
  const named = sign === '' ? 'no sign' : quoted(sign)
  const detail = `The first line says that ${named} separates the cells. Read are comma, semicolon, tab and “|”: export it with one of them.`
  return { code: 'file-unreadable', detail, line: 1 }
}

/** So many lines from the beginning; `undefined` when the text has fewer. */
function linesAbove(text: string, lines: number): { text: string; lines: number } | undefined {
  const lineBreak = /\r\n|\n|\r/g
  for (let line = 0; line < lines; line++) if (lineBreak.exec(text) === null) return undefined
  return { text: text.slice(0, lineBreak.lastIndex), lines }
}

/** `bytes`: so many were looked at; `undefined`: all. */
function withoutHeaderRow(headerRow: number | undefined, bytes: number | undefined): FileRefusal {
  const what =
    bytes === undefined ? 'The file has fewer lines' : `Line ${headerRow} begins behind the first ${bytes} bytes`
  const detail = `${what}. Send in headerRow the line on which the header stands, as an editor counts lines.`
  return { code: 'validation-failed', detail, errors: [{ pointer: '#/headerRow', code: 'no_such_line', detail }] }
}

function foreignFormat(bytes: Uint8Array): string | undefined {
  const start = latin1(bytes, 16)
  const known = signatures.find((signature) => start.toLowerCase().startsWith(signature.bytes.toLowerCase()))
  if (known?.bytes === 'PK\x03\x04' && /\[Content_Types\]\.xml|xl\//.test(latin1(bytes, 4_096)))
    return 'an Excel workbook (.xlsx)'
  return known?.what ?? wideText(bytes)
}

/** UTF-32 without a byte order mark: three bytes of four are NUL. */
function wideText(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, 1_000)
  const nuls = [0, 0, 0, 0]
  sample.forEach((byte, index) => {
    if (byte === 0) nuls[index % 4] = (nuls[index % 4] as number) + 1
  })
  const quarter = sample.length / 4
  const full = nuls.filter((count) => count > quarter * 0.6).length
  const bare = nuls.filter((count) => count < quarter * 0.1).length
  return sample.length >= 4 && full === 3 && bare === 1 ? 'text in UTF-32' : undefined
}

function latin1(bytes: Uint8Array, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(length, bytes.length)).toString('latin1')
}

function notCsv(what: string): FileRefusal {
  const detail = `This is ${what}, not CSV, whatever its name says. Open it in a spreadsheet or editor and save it as CSV in UTF-8.`
  return { code: 'unsupported-media-type', detail }
}

function unreadable(detail: string): FileRefusal {
  return { code: 'file-unreadable', detail }
}

import type { FileRefusal } from './file-refusal.ts'
import { type Delimiter, delimiters, findDelimiter } from './find-delimiter.ts'
import { nulByte } from './scan-records.ts'
import { placeOfEndMark } from './without-end-mark.ts'

/** How a file is written, so that reports on it can be written alike. */
export type CsvFormat = {
  readonly delimiter: Delimiter
  /** It begins with a UTF-8 byte order mark. */
  readonly bom: boolean
  readonly lineBreak: '\n' | '\r\n'
}

/** `skippedBytes` (a byte order mark, a spreadsheet's `sep=;` line) stand before the header. */
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
  { bytes: '\xff\xfe', what: 'text in UTF-16' },
  { bytes: '\xfe\xff', what: 'text in UTF-16' },
  { bytes: '{\\rtf', what: 'an RTF document' },
  { bytes: '<!DOCTYPE', what: 'a web page' },
  { bytes: '<html', what: 'a web page' },
  { bytes: '<?xml', what: 'an XML file' },
]

/**
 * Looks at the first bytes of an upload (`sniffedBytes` of them, or the whole file): is it CSV in UTF-8, and how is it
 * written? `declared` is the delimiter that the caller gives; else it is found. What stands later in the file is not
 * looked at here.
 */
export function sniffCsv(firstBytes: Uint8Array, declared?: Delimiter): SniffedCsv | FileRefusal {
  if (firstBytes.length === 0) return unreadable('The file is empty (0 bytes). Choose the file again.')
  const foreign = foreignFormat(firstBytes)
  if (foreign !== undefined) return notCsv(foreign)

  const bom = latin1(firstBytes, 3) === '\xef\xbb\xbf'
  const text = new TextDecoder().decode(firstBytes.subarray(0, placeOfEndMark(firstBytes)))
  const nul = text.indexOf('\0')
  if (nul >= 0) return nulByte(text.slice(0, nul).split(/\r\n|\n|\r/).length)
  if (text.trim() === '') return unreadable('The file holds nothing but white space. Choose the file again.')
  const [separatorLine = '', separator] = /^"?sep=([,;\t|])"?[,;\t|]*(?:\r\n|\n|\r)/i.exec(text) ?? []
  const content = text.slice(separatorLine.length)
  const format: CsvFormat = {
    delimiter: declared ?? asDelimiter(separator) ?? findDelimiter(content, firstBytes.length >= sniffedBytes),
    bom,
    lineBreak: /^[^\r\n]*\r\n/.test(content) ? '\r\n' : '\n',
  }
  return {
    format,
    skippedBytes: (bom ? 3 : 0) + separatorLine.length,
    skippedLines: separatorLine === '' ? 0 : 1,
  }
}

/** True for the kinds of delimiter that a caller may declare. */
export function isDelimiter(text: string): text is Delimiter {
  return delimiters.some((delimiter) => delimiter === text)
}

function asDelimiter(text: string | undefined): Delimiter | undefined {
  return text !== undefined && isDelimiter(text) ? text : undefined
}

function foreignFormat(bytes: Uint8Array): string | undefined {
  const start = latin1(bytes, 16)
  const known = signatures.find((signature) => start.toLowerCase().startsWith(signature.bytes.toLowerCase()))
  if (known?.bytes === 'PK\x03\x04' && /\[Content_Types\]\.xml|xl\//.test(latin1(bytes, 4_096)))
    return 'an Excel workbook (.xlsx)'
  return known?.what ?? wideText(bytes)
}

/** UTF-16 and UTF-32 without a byte order mark: every second byte, or three of four, of plain text is NUL. */
function wideText(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, 1_000)
  const nuls = [0, 0, 0, 0]
  sample.forEach((byte, index) => {
    if (byte === 0) nuls[index % 4] = (nuls[index % 4] as number) + 1
  })
  const quarter = sample.length / 4
  const full = nuls.filter((count) => count > quarter * 0.6).length
  const bare = nuls.filter((count) => count < quarter * 0.1).length
  if (sample.length < 4 || full + bare < 4) return undefined
  if (full === 3) return 'text in UTF-32'
  return full === 2 ? 'text in UTF-16' : undefined
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

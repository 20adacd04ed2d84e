import type { FileRefused } from '../file-refusal.ts'
import type { SpooledUpload } from '../spool-upload.ts'
import type { WorkbookParts } from './workbook-parts.ts'
import { brokenWorkbook, noWorkbook, protectedByPassword } from './workbook-refusals.ts'

const zipStart = 'PK\x03\x04'
const compoundStart = '\xd0\xcf\x11\xe0'

/** What the first bytes of a file say: a zip archive, as a workbook is; or Microsoft's older kind of container. */
export function containerOf(start: Uint8Array): 'zip' | 'compound' | undefined {
  const text = Buffer.from(start.subarray(0, 4)).toString('latin1')
  if (text === zipStart) return 'zip'
  return text === compoundStart ? 'compound' : undefined
}

/** By a part that no other kind of file has. */
const kinds: readonly [part: RegExp, what: string, mend?: string][] = [
  [/^xl\/workbook\.bin$/, 'an Excel binary workbook (.xlsb)'],
  [/^word\/document\.xml$/, 'a Word document (.docx)'],
  [/^ppt\/presentation\.xml$/, 'a PowerPoint presentation (.pptx)'],
  [
    /^index\/.*\.iwa$|^index\.zip$/,
    'a file of Apple Numbers, Pages or Keynote',
    'Export it as .xlsx, or as CSV in UTF-8',
  ],
  [/\.(?:csv|tsv|txt)$/, 'a zip file with a text file in it', 'Unpack it, and upload the file that is in it'],
  [/\.(?:xlsx|xlsm|xls|ods)$/, 'a zip file with a workbook in it', 'Unpack it, and upload the file that is in it'],
]

/** The refusal of an archive in which there is no workbook: what it is, as its parts say. */
export async function nameOtherArchive(parts: WorkbookParts): Promise<FileRefused> {
  const openDocument = parts.names.has('mimetype') ? await openDocumentOf(parts) : undefined
  if (openDocument !== undefined) return noWorkbook(openDocument)
  const names = [...parts.names]
  for (const [part, what, mend] of kinds) if (names.some((name) => part.test(name))) return noWorkbook(what, mend)
  if (parts.names.has('[content_types].xml')) return brokenWorkbook('it does not say where its sheets are')
  return noWorkbook('a zip file', 'Unpack it, and upload the file that is in it, as .xlsx or as CSV in UTF-8')
}

const longestType = 100

async function openDocumentOf(parts: WorkbookParts): Promise<string | undefined> {
  let type = ''
  for await (const chunk of parts.read('mimetype')) {
    type += Buffer.from(chunk).toString('latin1', 0, longestType)
    if (type.length >= longestType) break
  }
  if (!type.startsWith('application/vnd.oasis.opendocument')) return undefined
  return type.includes('spreadsheet') ? 'an OpenDocument spreadsheet (.ods)' : 'an OpenDocument file'
}

/** Where the header of a compound file says how large its sectors are, and which one its directory begins with. */
const sectorShiftAt = 30
const directoryAt = 48
/** As many as a workbook has streams, more or less; the directory of a protected one has ten. */
const directoryBytes = 8_192

/** The refusal of a compound file: a workbook under a password is kept in one, and so are old files of Excel and Word. */
export async function nameCompoundFile(upload: SpooledUpload): Promise<FileRefused> {
  const old = noWorkbook('an old Excel workbook (.xls)', 'Open it in Excel and save it as .xlsx, or as CSV in UTF-8')
  const head = await bytesAt(upload, 0, directoryAt + 4)
  if (head.length < directoryAt + 4) return old
  const sectorBytes = 2 ** Math.min(head.readUInt16LE(sectorShiftAt), 16)
  const directory = await bytesAt(upload, (head.readUInt32LE(directoryAt) + 1) * sectorBytes, directoryBytes)
  const hasStream = (name: string) => directory.includes(Buffer.from(`${name}\0`, 'utf16le'))
  if (hasStream('EncryptedPackage')) return protectedByPassword()
  return hasStream('WordDocument') ? noWorkbook('an old Word document (.doc)') : old
}

/** As many bytes as there are, up to `length`. */
async function bytesAt(upload: SpooledUpload, position: number, length: number): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for (let at = position; at < Math.min(upload.bytes, position + length); ) {
    const piece = (await upload.readAt(at)).subarray(0, position + length - at)
    pieces.push(piece)
    at += piece.length
  }
  return Buffer.concat(pieces)
}

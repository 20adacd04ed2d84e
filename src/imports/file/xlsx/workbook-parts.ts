import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl'
import type { SpooledUpload } from '../spool-upload.ts'
import { asBroken, brokenWorkbook, protectedByPassword, workbookTooLarge } from './workbook-refusals.ts'

/** The parts of a workbook: files in a zip archive, of which none is ever written to a place that its name says. */
export type WorkbookParts = {
  /** Names as a program looks for them: in lower case. */
  readonly names: ReadonlySet<string>
  /**
   * The bytes of a part, a few kilobytes at a time.
   * @throws FileRefused when there is no such part, or it is not what the archive says; UploadNotKept
   */
  read(name: string): AsyncGenerator<Uint8Array, void, undefined>
  close(): void
}

/** More than the sheets and pictures of any workbook of people. */
const mostParts = 10_000
/** Of all names and what stands beside them. */
const longestDirectory = 4 * 1_024 * 1_024
/** Sheets come to about 20 times less; what comes to less than this many bytes may be packed as it likes. */
const mostPacking = 200
const alwaysUnpacked = 10 * 1_024 * 1_024

/**
 * Opens a workbook as the archive that it is. Its parts may come to `maxUnpackedBytes` together, by what the archive says of
 * them, and each is held to that when it is read.
 * @throws FileRefused; UploadNotKept
 */
export async function openWorkbookParts(upload: SpooledUpload, maxUnpackedBytes: number): Promise<WorkbookParts> {
  const options = { lazyEntries: true, autoClose: false, decodeStrings: true, validateEntrySizes: true } as const
  let zip: ZipFile | undefined
  try {
    zip = await fromRandomAccessReaderPromise(new UploadReader(upload), upload.bytes, options)
    const entries = await readEntries(zip, maxUnpackedBytes)
    return partsOf(zip, entries)
  } catch (error) {
    zip?.close()
    if (error instanceof Error && /encrypt/.test(error.message)) throw protectedByPassword()
    throw asBroken(error, 'it is no whole zip archive, so it may have been cut off on its way')
  }
}

async function readEntries(zip: ZipFile, maxUnpackedBytes: number): Promise<ReadonlyMap<string, Entry>> {
  const directoryBytes = zip.fileSize - Number(zip.readEntryCursor)
  if (zip.entryCount > mostParts || directoryBytes > longestDirectory)
    throw workbookTooLarge(
      `The workbook has more than ${mostParts} parts, or names longer than those of ${mostParts} parts`,
    )
  const entries = new Map<string, Entry>()
  let unpackedBytes = 0
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName.toLowerCase()
    if (entry.isEncrypted()) throw protectedByPassword()
    if (entries.has(name)) throw brokenWorkbook('two of its parts have the same name')
    unpackedBytes += entry.uncompressedSize
    if (unpackedBytes > maxUnpackedBytes)
      throw workbookTooLarge(`The workbook comes to more than ${maxUnpackedBytes} bytes when it is unpacked`)
    if (isBomb(entry))
      throw workbookTooLarge(
        `A part of the workbook is packed more than ${mostPacking} times, as no table of people is`,
      )
    entries.set(name, entry)
  }
  return entries
}

function isBomb({ compressedSize, uncompressedSize }: Entry): boolean {
  return uncompressedSize > alwaysUnpacked && uncompressedSize > compressedSize * mostPacking
}

function partsOf(zip: ZipFile, entries: ReadonlyMap<string, Entry>): WorkbookParts {
  return {
    names: new Set(entries.keys()),
    read: async function* read(name) {
      const entry = entries.get(name.toLowerCase())
      if (entry === undefined) throw brokenWorkbook('a part that it names is not there')
      let checksum = 0
      try {
        const stream = await zip.openReadStreamPromise(entry)
        for await (const chunk of stream as AsyncIterable<Buffer>) {
          checksum = crc32(chunk, checksum)
          yield chunk
        }
      } catch (error) {
        throw asBroken(error, 'a part of it cannot be unpacked to the size that it is said to have')
      }
      if (checksum !== entry.crc32) throw brokenWorkbook('a part of it is not what its checksum says')
    },
    close: () => zip.close(),
  }
}

/** Lets the archive be read where the upload is kept. */
class UploadReader extends RandomAccessReader {
  readonly #upload: SpooledUpload

  constructor(upload: SpooledUpload) {
    super()
    this.#upload = upload
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#bytes(start, end), { objectMode: false })
  }

  async *#bytes(start: number, end: number): AsyncGenerator<Uint8Array> {
    // Where the archive points beyond its end the bytes end too soon, which yauzl sees.
    for (let at = start; at < Math.min(end, this.#upload.bytes); ) {
      const piece = (await this.#upload.readAt(at)).subarray(0, end - at)
      yield piece
      at += piece.length
    }
  }
}

import { FileRefused } from './file-refusal.ts'
import type { RecordScanner } from './scan-records.ts'

/**
 * The records of a piece of CSV that are whole: what stands behind the line break that ends the last of them is left out,
 * since it may be cut, also within quotes or a character. The piece is held in memory.
 * @param scanner a new one
 */
export async function* wholeRecords(
  piece: AsyncIterable<Uint8Array>,
  scanner: RecordScanner,
): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of piece) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  yield bytes.subarray(0, endOfRecords(bytes, scanner))
}

function endOfRecords(bytes: Uint8Array, scanner: RecordScanner): number {
  try {
    scanner.scan(bytes)
    return scanner.recordStart
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    // Whoever reads on comes upon the same, or upon something before it.
    return bytes.length
  }
}

import { identifyEncoding } from '../encodings/identify-encoding.ts'
import { FileRefused } from './file-refusal.ts'
import { type CsvFormat, refuseForeign, sniffedBytes } from './sniff-csv.ts'

export type Utf8File = {
  /** What was read ahead of the chunks. */
  readonly head: Uint8Array
  readonly chunks: AsyncIterator<Uint8Array>
  /** How the file is written, where it is not UTF-8. */
  readonly written: Partial<CsvFormat>
}

/** A file as UTF-8, which it may be or not; of one in UTF-8 the bytes are as they come. `isPiece`: it may go on behind them. */
export async function readAsUtf8(
  chunks: AsyncIterator<Uint8Array>,
  declared: string | undefined,
  isPiece: boolean,
): Promise<Utf8File> {
  const head = await readHead(chunks)
  const first = head.subarray(0, sniffedBytes)
  const foreign = refuseForeign(first)
  if (foreign !== undefined) throw new FileRefused(foreign)
  const identified = await identifyEncoding(first, declared)
  if ('code' in identified) throw new FileRefused(identified)
  const { encoding, hasMark } = identified
  if (encoding === 'utf-8') return { head, chunks, written: {} }
  const { transcode } = await import('../encodings/transcode.ts')
  const transcoded = transcode(rejoin(head, chunks), encoding, isPiece)
  return { head: await readHead(transcoded), chunks: transcoded, written: { encoding, bom: hasMark } }
}

/** The first bytes, as many as the sniffing wants or the source has. */
async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const head: Uint8Array[] = []
  for (let length = 0; length < sniffedBytes; ) {
    const next = await chunks.next()
    if (next.done === true) break
    head.push(next.value)
    length += next.value.length
  }
  return head.length === 1 ? (head[0] as Uint8Array) : Buffer.concat(head)
}

/** What was read ahead, and then the rest; the source ends with it. */
export async function* rejoin(head: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield head
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value
  } finally {
    await chunks.return?.()
  }
}

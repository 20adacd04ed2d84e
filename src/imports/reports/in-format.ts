import { Readable } from 'node:stream'
import type { CsvFormat } from '../file/sniff-csv.ts'

/**
 * A report in the encoding of the file that was uploaded; UTF-16 always begins with its mark. Where lines stood above the
 * header as many empty ones stand here, so that the report is read alike with the file's options and without them.
 */
export function inFormat(
  report: Readable,
  { bom, lineBreak, encoding = 'utf-8', linesAbove = 0 }: CsvFormat,
): Readable {
  const mark = bom || encoding.startsWith('utf-16') ? '\ufeff' : ''
  const start = mark + lineBreak.repeat(linesAbove)
  if (start === '' && encoding === 'utf-8') return report
  return Readable.from(encoded(report, start, encoding), { objectMode: false })
}

async function* encoded(report: Readable, start: string, encoding: string): AsyncGenerator<Uint8Array> {
  if (encoding === 'utf-8') {
    yield Buffer.from(start)
    return yield* report
  }
  const { encodeText } = await import('../encodings/text-encoding.ts')
  yield encodeText(start, encoding)
  // A record is never cut, so neither is a character.
  for await (const records of report) yield encodeText(String(records), encoding)
}

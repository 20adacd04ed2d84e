import { type Options, parse } from 'csv-parse'

type Records = readonly string[][]

/**
 * Parses CSV piece by piece: the records that end in a piece come together, before the next one is asked for. Handing them
 * on one by one, as a stream does, takes longer than parsing them.
 * @throws CsvError, and what the pieces throw
 */
export async function* parseRecords(
  pieces: AsyncIterable<Uint8Array>,
  options: Options,
): AsyncGenerator<Records, void, undefined> {
  const parser = parse(options)
  // The write's callback is told; without a listener the error would be thrown.
  parser.on('error', () => {})
  const taken = async (write: (done: (error?: Error | null) => void) => void): Promise<Records> => {
    const records: string[][] = []
    const takeAll = () => {
      for (let record = parser.read(); record !== null; record = parser.read()) records.push(record)
    }
    const written = new Promise<void>((resolve, reject) => {
      write((error) => (error ? reject(error) : resolve()))
    })
    // The parser is done with a piece only when its records are taken.
    takeAll()
    await written
    takeAll()
    return records
  }
  for await (const piece of pieces) {
    const records = await taken((done) => parser.write(piece, done))
    if (records.length > 0) yield records
  }
  const last = await taken((done) => parser.end(done))
  if (last.length > 0) yield last
}

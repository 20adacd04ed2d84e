import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

type Csv = {
  readRecords(
    body: ReadableStream<Uint8Array>,
    how: { encoding: string; delimiter: string; most: number },
  ): Promise<{ records: string[][]; isAll: boolean }>
  writeRecords(records: readonly (readonly string[])[]): string
}
const { readRecords, writeRecords } = (await import(
  new URL('../../src/console/import/csv.js', import.meta.url).href
)) as Csv

const read = (chunks: readonly Uint8Array[], delimiter = ',', most = 1000, encoding = 'utf-8') =>
  readRecords(ReadableStream.from(chunks) as ReadableStream<Uint8Array>, { encoding, delimiter, most })
const bytes = (text: string) => Buffer.from(text)

describe('the console reads reports', () => {
  it.each([
    [
      'Unix lines',
      'a;b\n1;2\n',
      ';',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'Windows lines',
      'a;b\r\n1;2\r\n',
      ';',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'old Macintosh lines, the last without an end',
      'a\tb\r1\t2',
      '\t',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'quotes, delimiters and lines in cells',
      '"a ""x"", b",c\n"1\r\n2",3\n',
      ',',
      [
        ['a "x", b', 'c'],
        ['1\r\n2', '3'],
      ],
    ],
    ['empty cells at the ends', ',b,\n', ',', [['', 'b', '']]],
    ['lines without anything above the header', '\n\n\na,b\n', ',', [['a', 'b']]],
    ['a quotation mark in the middle of a cell', '5" screen,b\n', ',', [['5" screen', 'b']]],
  ])('%s', async (_, text, delimiter, records) => {
    expect(await read([bytes(text)], delimiter)).toEqual({ records, isAll: true })
  })

  it('in the encoding of the file, wherever a character is cut', async () => {
    const text = Buffer.from('név,Zoé\n')
    expect((await read([...text].map((byte) => Uint8Array.of(byte)))).records).toEqual([['név', 'Zoé']])
    expect((await read([Buffer.from('Zo\xe9,x\n', 'latin1')], ',', 9, 'windows-1252')).records).toEqual([['Zoé', 'x']])
  })

  it('only as many records as are wanted, and says that there are more', async () => {
    let pulled = 0
    const endless = (async function* () {
      for (;;) {
        pulled++
        yield bytes('a,b\n')
      }
    })()
    const body = ReadableStream.from(endless) as ReadableStream<Uint8Array>
    const { records, isAll } = await readRecords(body, { encoding: 'utf-8', delimiter: ',', most: 3 })
    expect([records.length, isAll]).toEqual([3, false])
    expect(pulled).toBeLessThan(50)
  })

  it('what it writes it reads again, cell by cell, however it comes in', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é', ' ') }), {
            minLength: 2,
            maxLength: 4,
          }),
          {
            minLength: 1,
            maxLength: 5,
          },
        ),
        fc.integer({ min: 1, max: 9 }),
        async (records, size) => {
          const text = bytes(writeRecords(records))
          const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
            text.subarray(at * size, (at + 1) * size),
          )
          expect((await read(chunks)).records).toEqual(records)
        },
      ),
    ))
})

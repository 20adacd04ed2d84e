import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readCsv } from '../../src/imports/file/read-csv.ts'
import { chunksOf, readWhole, refusalOf, streamOf } from './whole-file.ts'

const megabyte = 1_024 * 1_024

/** `start`, then `filling` in pieces of 64 KB until there are `bytes`; tells how much of it was asked for. */
function endless(start: string, filling: string, bytes: number) {
  const piece = Buffer.from(filling.repeat(Math.ceil(65_536 / filling.length)))
  const asked = { bytes: 0 }
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(start)
    for (; asked.bytes < bytes; asked.bytes += piece.length) yield piece
  }
  return { chunks: chunks(), asked }
}

describe('a row without an end is stopped soon, with its line', () => {
  it.each([
    ['a line of 50 MB', 'email\na@example.com\n', 'x', 'payload-too-large', 3],
    ['a header of 50 MB', '', 'x', 'payload-too-large', 1],
    ['a million columns', 'email\n', ',', 'payload-too-large', 2],
    ['a quoted cell of 50 MB', 'email\n"', 'x', 'payload-too-large', 2],
    ['a quote that is never closed', 'email\na@example.com\nb@example.com,"', 'x\n', 'file-unreadable', 3],
    ['a quote that is never closed, with quotes behind it', 'email,name\n"', '""\r\n', 'file-unreadable', 2],
  ])('%s', async (_, start, filling, code, line) => {
    const { chunks, asked } = endless(start, filling, 50 * megabyte)
    expect(await refusalOf(chunks, { limits: { maxBytes: 100 * megabyte } })).toMatchObject({ code, line })
    expect(asked.bytes).toBeLessThan(megabyte)
  })
})

describe('limits hold to the byte and to the row', () => {
  const file = Buffer.from('email,name\r\na@example.com,"Ann\r\nLee"\r\nb@example.com,Bob\r\n')
  it.each([
    ['bytes', { maxBytes: file.length }, { maxBytes: file.length - 1 }, undefined],
    ['bytes of a row', { maxRowBytes: 24 }, { maxRowBytes: 23 }, 2],
    ['rows', { maxRows: 2 }, { maxRows: 1 }, 4],
    ['columns', { maxColumns: 2 }, { maxColumns: 1 }, 1],
  ])('%s', async (_, enough, tooFew, line) => {
    expect((await readWhole([file], { limits: enough })).rows).toHaveLength(2)
    expect(await refusalOf([file], { limits: tooFew })).toMatchObject({
      code: 'payload-too-large',
      detail: expect.stringMatching(new RegExp(`limit|${Object.values(tooFew)[0]}`)),
      ...(line && { line }),
    })
  })
})

describe('what is wrong far behind the start is found, with its line', () => {
  const rows = 'a@example.com,Ann\n'.repeat(20_000)
  it.each([
    ['a NUL byte', Buffer.from(`email,name\n${rows}b@example.com,B\0b\n`), /There is a NUL/],
    [
      'a byte that is not UTF-8',
      Buffer.from(`email,name\n${rows}b@example.com,B\xe9\n`, 'latin1'),
      /bytes that are not UTF-8. The file seems to be in windows-1252/,
    ],
    [
      'half a character at the end',
      chunksOf(Buffer.from(`email,name\n${rows}b,é`), [])[0]?.subarray(0, -1),
      /bytes that are not UTF-8. The file seems to be damaged or cut off/,
    ],
    ['an open quote', Buffer.from(`email,name\n${rows}"b\n${'x\n'.repeat(10)}`), /opens on line 20002/],
  ])('%s', async (_, bytes, detail) => {
    expect(await refusalOf([bytes as Uint8Array])).toMatchObject({
      detail: expect.stringMatching(detail),
      line: 20_002,
    })
  })
})

describe('batches', () => {
  it('hold the rows of a few kilobytes, however large the chunks of the source are', async () => {
    const rows = 50_000
    const { batches } = await readCsv(streamOf([Buffer.from(`email\n${'a@example.com\n'.repeat(rows)}`)]))
    const sizes = []
    for await (const batch of batches) sizes.push(batch.length)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(rows)
    expect(Math.max(...sizes)).toBeLessThan(1_500)
  })
})

describe('the source', () => {
  function source(chunks: Iterable<Uint8Array>): Readable {
    return Readable.from(chunks, { objectMode: false })
  }
  const many = Array.from({ length: 2_000 }, (_, index) =>
    Buffer.from(index === 0 ? 'email\n' : 'a@example.com\n'.repeat(500)),
  )

  it('is read no faster than its rows are taken', async () => {
    let taken = 0
    async function* counted() {
      for (const chunk of many) {
        taken++
        yield chunk
      }
    }
    const { batches } = await readCsv(counted())
    const rows = batches[Symbol.asyncIterator]()
    for (let batch = 1; batch <= 50; batch++) await rows.next()
    expect(taken).toBeLessThan(100)
    await rows.return?.()
  })

  it('is destroyed when batches are left early', async () => {
    const stream = source(many)
    for await (const _ of (await readCsv(stream)).batches) break
    await expect.poll(() => stream.destroyed).toBe(true)
  })

  it('is destroyed by close, and when it is refused', async () => {
    const left = source(many)
    const file = await readCsv(left)
    file.close()
    await expect.poll(() => left.destroyed).toBe(true)

    const refused = source([Buffer.from('PK\x03\x04'), ...many])
    await expect(readCsv(refused)).rejects.toMatchObject({ refusal: { code: 'unsupported-media-type' } })
    await expect.poll(() => refused.destroyed).toBe(true)
  })

  it.each([0, 1, 500])('that fails after %d chunks fails the reading with its own error', async (good) => {
    const lost = new Error('connection lost')
    async function* failing() {
      yield* many.slice(0, good)
      throw lost
    }
    await expect(readWhole(failing())).rejects.toBe(lost)
  })
})

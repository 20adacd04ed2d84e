import { expect, test } from 'vitest'
import { BlockEncoder, RowBlock } from '../../src/imports/rows/row-block.ts'
import { spread } from '../support/spread.ts'

const rows = 250

async function encoded(count = rows): Promise<Buffer> {
  const encoder = new BlockEncoder()
  for (let n = 0; n < count; n++) {
    const contact = {
      ref: undefined,
      name: `Row ${n}`,
      firstName: undefined,
      lastName: undefined,
      email: `row-${n}@example.com`,
      phone: undefined,
      whatsapp: undefined,
      tags: [],
      attributes: {},
    }
    const row = {
      contact,
      warnings: [],
      error: undefined,
      refusal: undefined,
      repeats: [],
      accounts: undefined,
    }
    encoder.add(row, { row: n + 1, line: n + 2, cells: [`Row ${n}`, `row-${n}@example.com`] })
  }
  return encoder.encode()
}

/** All of a block: what is sent, and what reports show. */
function readAll(payload: Buffer) {
  const block = new RowBlock(payload)
  const sent = block.rows(0, block.length)
  return { names: sent.map(({ contact }) => contact.name), cells: sent.map((_, at) => block.uploaded(at).cells[0]) }
}

test('a stored block gives back every row', async () => {
  const names = Array.from({ length: rows }, (_, n) => `Row ${n}`)
  expect(readAll(await encoded())).toEqual({ names, cells: names })
})

test('wherever a stored block was cut, reading it fails: it never has fewer rows', async () => {
  const payload = await encoded()
  for (const length of spread(payload.length, 60)) {
    expect(() => readAll(payload.subarray(0, length - 1)), `${length - 1} of ${payload.length} bytes`).toThrow()
  }
})

test.each([
  ['more rows than it has', 4, 1],
  ['fewer rows than it has', 4, -1],
  ['a whole piece of rows less', 4, -100],
  ['more bytes than it has', 8, 1],
  ['fewer bytes than it has', 8, -1],
  ['no bytes', 8, -(2 ** 31)],
  ['more bytes of cells than it has', 12, 1],
  ['fewer bytes of cells than it has', 12, -1],
])('a stored block that says that it has %s is an error', async (_what, place, difference) => {
  const payload = await encoded()
  payload.writeUInt32LE(Math.max(0, payload.readUInt32LE(place) + difference), place)
  expect(() => readAll(payload)).toThrow('damaged')
})

import { decodeReport, encodeReport } from '../reports/report-codec.ts'
import { BlockEncoder, RowBlock } from '../rows/row-block.ts'
import { type BlockRow, rowsPerPiece } from '../rows/row-piece.ts'
import type { YieldToCallers } from '../rows/yield-to-callers.ts'
import type { FindPerson } from './find-person.ts'

/** What is in the place of a row that was erased. `by`: the id of the erasure. */
function erasedRow({ accounts, isCompared }: BlockRow, by: string): BlockRow {
  return {
    contact: nobody,
    warnings: [],
    error: undefined,
    refusal: undefined,
    repeats: [],
    isCompared,
    accounts,
    erased: by,
  }
}

const nobody = Object.freeze({
  ref: undefined,
  name: undefined,
  firstName: undefined,
  lastName: undefined,
  email: undefined,
  phone: undefined,
  whatsapp: undefined,
  tags: [],
  attributes: {},
})

/** The places of rows that were erased before, and of the person's that are there yet. */
type FoundRows = { readonly before: ReadonlyMap<number, string>; readonly fresh: ReadonlySet<number> }

export async function findRows(payload: Buffer, isPerson: FindPerson, yielding: YieldToCallers): Promise<FoundRows> {
  const block = new RowBlock(payload)
  const before = new Map<number, string>()
  const fresh = new Set<number>()
  for (let from = 0; from < block.length; from += rowsPerPiece) {
    for (const [place, row] of block.rows(from, Math.min(block.length, from + rowsPerPiece)).entries()) {
      const at = from + place
      if (row.erased !== undefined) before.set(at, row.erased)
      else if (isPerson(row, () => block.uploaded(at).cells)) fresh.add(at)
    }
    await yielding.own()
  }
  return { before, fresh }
}

/** The block with nothing in the place of these rows. */
export async function eraseRows(
  payload: Buffer,
  places: ReadonlySet<number>,
  by: string,
  yielding: YieldToCallers,
): Promise<Buffer> {
  const block = new RowBlock(payload)
  const encoder = new BlockEncoder()
  for (let from = 0; from < block.length; from += rowsPerPiece) {
    for (const [place, row] of block.rows(from, Math.min(block.length, from + rowsPerPiece)).entries()) {
      const uploaded = block.uploaded(from + place)
      if (places.has(from + place)) encoder.add(erasedRow(row, by), { ...uploaded, cells: [] })
      else encoder.add(row, uploaded)
    }
    await yielding.own()
  }
  return encoder.encode()
}

/** A report without the rows at these places; `undefined`: it tells nothing of them. */
export function eraseEntries(report: Buffer, places: { has(place: number): boolean }): Buffer | undefined {
  const entries = decodeReport(report)
  const others = entries.filter(({ at }) => !places.has(at))
  return others.length === entries.length ? undefined : encodeReport(others)
}

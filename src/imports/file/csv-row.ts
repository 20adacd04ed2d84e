/** One data row. `cells` may be fewer or more than the header's; blank ones beyond the header are left out. */
export type CsvRow = {
  /** From 1, without the header; rows whose cells are all blank are not counted. */
  readonly row: number
  /** On which line of the file it begins, from 1. */
  readonly line: number
  readonly cells: readonly string[]
  /** Of a sheet: indexes of cells that are formulas whose value is not in the file. They are empty in `cells`. */
  readonly unvalued?: readonly number[] | undefined
}

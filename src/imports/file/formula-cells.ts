/**
 * Cells that a spreadsheet would run as a formula, or whose digits it would take for a number. In files that we write they
 * get an apostrophe in front; in files that we read one apostrophe in front of such a cell is taken away. The two undo each
 * other for every text: a cell that has apostrophes before its formula or its digits already gets one more.
 */

/** OWASP's list (CSV injection), with the full-width forms; apostrophes that stand before one count in. */
const formula = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/
const markedDigits = /^'+\d/
const marked = /^'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20\d]/
/** A `+` and then digits and their punctuation only: at the worst a sum of numbers, so it stays as people write it. */
const phone = /^\+\d[\d .()\-\u00a0]{3,}$/
/** How programs keep a spreadsheet from reading digits as a number. */
const textFormula = /^="((?:[^"]|"")*)"$/

/** A cell for a file that we write. Phone numbers like `+33 6 12…` stay as they are; `-5` does not. */
export function neutralizeCell(value: string): string {
  return (formula.test(value) && !phone.test(value)) || markedDigits.test(value) ? `'${value}` : value
}

/** A cell of a file that we read: what `neutralizeCell` was given, `+33…` for a spreadsheet's `'+33…` and for `="+33…"`. */
export function restoreCell(cell: string): string {
  const first = cell.charCodeAt(0)
  if (first === apostrophe) return marked.test(cell) ? cell.slice(1) : cell
  if (first !== equals) return cell
  const text = textFormula.exec(cell)?.[1]
  return text === undefined ? cell : text.replaceAll('""', '"')
}

/**
 * The cells of a row, restored in place. A row of which each value has an apostrophe was written by a program that puts one
 * before every text; elsewhere it belongs to the text (`'t Hooft`). A report of ours has no such row: it numbers its rows.
 */
export function restoreRow(cells: string[]): string[] {
  for (let index = 0; index < cells.length; index++) {
    const first = (cells[index] as string).charCodeAt(0)
    if (first === equals) cells[index] = restoreCell(cells[index] as string)
    else if (first === apostrophe && areAllMarked(cells)) return cells.map(unmarked)
    else if (first === apostrophe) cells[index] = restoreCell(cells[index] as string)
  }
  return cells
}

function areAllMarked(cells: readonly string[]): boolean {
  const values = cells.filter((cell) => cell.trim() !== '')
  return values.length > 1 && values.every((value) => value.charCodeAt(0) === apostrophe)
}

function unmarked(cell: string): string {
  return cell.charCodeAt(0) === apostrophe ? cell.slice(1) : cell
}

const apostrophe = 0x27
const equals = 0x3d

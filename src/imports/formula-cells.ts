/**
 * Cells that a spreadsheet would run as a formula. In files that we write they get an apostrophe in front; in files
 * that we read one apostrophe in front of such a cell is taken away. The two undo each other for every text: a cell
 * that has apostrophes before its formula already gets one more.
 */

/** OWASP's list (CSV injection), with the full-width forms; apostrophes that stand before one count in. */
const formula = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/
const marked = /^'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/
/** A `+` and then digits and their punctuation only: at the worst a sum of numbers, so it stays as people write it. */
const phone = /^\+\d[\d .()\-\u00a0]{3,}$/

/** A cell for a file that we write. Phone numbers like `+33 6 12…` stay as they are; `-5` does not. */
export function neutralizeCell(value: string): string {
  return formula.test(value) && !phone.test(value) ? `'${value}` : value
}

/** A cell of a file that we read: what `neutralizeCell` was given, and `+33…` for a spreadsheet's `'+33…`. */
export function restoreCell(cell: string): string {
  return cell.charCodeAt(0) === apostrophe && marked.test(cell) ? cell.slice(1) : cell
}

const apostrophe = 0x27

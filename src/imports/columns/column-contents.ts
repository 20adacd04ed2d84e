import type { CsvRow } from '../file/csv-row.ts'
import { fieldOfName, reachesPeople } from './header-names.ts'

/** What the cells of a column look like, whatever its name. */
export type Contents = 'email' | 'phone'

const email = /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;.]{2,}$/
const phoneSigns = /^(?:\+|00|\(|0)?[\d\s().\-/\u00a0]+$/
const date = /^\d{1,4}[.\-/]\d{1,2}[.\-/]\d{1,4}(?:\D|$)/
/** Digits alone may be a number of anything, unless they are as many as a number with a country code has. */
const shortest = 8
const shortestBare = 10
const longest = 15

/** The share of the cells that are not blank that has to be alike. */
const share = 0.8

/** What a column of the first rows of a file holds; `undefined` where that cannot be told. */
export function contentsOf(rows: readonly CsvRow[], index: number): Contents | undefined {
  const cells = rows.flatMap(({ cells }) => cells[index]?.trim() || [])
  if (cells.length === 0) return undefined
  const isMostly = (test: (cell: string) => boolean) => cells.filter(test).length >= cells.length * share
  if (isMostly((cell) => email.test(cell))) return 'email'
  return isMostly(looksLikePhone) ? 'phone' : undefined
}

/** True for a cell that is no name of a column. */
export function looksLikeData(cell: string): boolean {
  return email.test(cell.trim()) || looksLikePhone(cell.trim())
}

/** Of a wide record the first cells tell. */
const mostNames = 100

/** True for a record of names, most likely: one of them reaches people, and nothing in it is a value. */
export function looksLikeHeader(cells: readonly string[]): boolean {
  const names = cells.slice(0, mostNames).filter((cell) => cell.trim() !== '')
  const fields = names.flatMap((name) => fieldOfName(name)?.field ?? [])
  const isKnown = fields.length > 1 || fields.length === names.length
  return isKnown && fields.some(reachesPeople) && !names.some(looksLikeData)
}

function looksLikePhone(cell: string): boolean {
  if (cell.length > 30 || !phoneSigns.test(cell) || date.test(cell)) return false
  const digits = cell.replace(/\D/g, '').length
  const isBare = digits === cell.length && !cell.startsWith('0')
  return digits >= (isBare ? shortestBare : shortest) && digits <= longest
}

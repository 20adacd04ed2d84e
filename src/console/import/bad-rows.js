import { call, read } from '../session.js'
import { readRecords, writeRecords } from './csv.js'

/**
 * Why a row did not get in somewhere. `index`: of the cell that is to blame; -1: no single one is.
 * @typedef {{ index: number, code: string, detail: string, status: string, accounts: string[] }} Blame
 * @typedef {{ row: number, line: number, cells: string[], accounts: string, blames: Blame[] }} BadRow
 * @typedef {{ header: string[], rows: BadRow[], isAll: boolean, accounts: number }} BadRows `accounts`: how many the import has
 */

/** So many are shown; the rest stands in the file of errors. */
export const mostShown = 100
const errorsOnPage = 1000
const mostPages = 20
const reportColumns = ['_row', '_account', '_status', '_code', '_detail']

/**
 * The first rows that did not get in, whole, with what is wrong with each.
 * @param {import('./follow-import.js').Import} imported
 * @param {AbortSignal} signal
 * @returns {Promise<BadRows>}
 */
export async function loadBadRows({ id, options, progress }, signal) {
  const response = await call('GET', `/imports/${id}/errors.csv`, { signal })
  const encoding = /charset=([\w.:-]+)/i.exec(response.headers.get('content-type') ?? '')?.[1] ?? 'utf-8'
  const body = /** @type {ReadableStream<Uint8Array>} */ (response.body)
  const { records, isAll } = await readReport(body, encoding, options.delimiter)
  const [names = [], ...rows] = records
  const width = names.length - reportColumns.length
  const header = names.slice(0, width)
  const wanted = new Set(rows.map((record) => Number(record[width])))
  const blames = await loadBlames(id, wanted, header, Object.keys(progress), signal)
  return {
    header,
    isAll,
    accounts: Object.keys(progress).length,
    rows: rows.map((record) => {
      const row = Number(record[width])
      const { line, found } = blames.get(row) ?? { line: 0, found: [] }
      const cells = [...record.slice(0, width), ...record.slice(names.length)]
      return { row, line, cells, accounts: record[width + 1] ?? '', blames: found }
    }),
  }
}

/**
 * @param {ReadableStream<Uint8Array>} body
 * @param {string} encoding
 * @param {string | undefined} delimiter
 */
async function readReport(body, encoding, delimiter) {
  if (delimiter !== undefined) return readRecords(body, { encoding, delimiter, most: mostShown + 1 })
  // Which one the gateway found is known by the names that it adds itself.
  const [first, second] = body.tee()
  const delimiters = [',', ';', '\t', '|']
  const { records } = await readRecords(first, { encoding, delimiter: '\0', most: 1 })
  const line = records[0]?.join('') ?? ''
  const found = delimiters.find((one) => line.endsWith(reportColumns.join(one))) ?? ','
  return readRecords(second, { encoding, delimiter: found, most: mostShown + 1 })
}

/**
 * @param {string} id
 * @param {ReadonlySet<number>} wanted rows
 * @param {readonly string[]} header
 * @param {readonly string[]} allAccounts
 * @param {AbortSignal} signal
 */
async function loadBlames(id, wanted, header, allAccounts, signal) {
  /** @type {Map<number, { line: number, found: Blame[] }>} */
  const byRow = new Map()
  const last = Math.max(...wanted)
  let cursor
  for (let page = 0; page < mostPages && wanted.size > 0; page++) {
    const { items, nextCursor } = await read(`/imports/${id}/errors`, { limit: errorsOnPage, cursor }, signal)
    for (const { row, line, column, account, status, code, detail } of items) {
      if (!wanted.has(row) || (status === 'skipped' && code !== 'no_target')) continue
      const known = byRow.get(row) ?? { line, found: /** @type {Blame[]} */ ([]) }
      byRow.set(row, known)
      const index = column === '' ? -1 : header.indexOf(column)
      const accounts = account === undefined ? allAccounts : [account]
      const same = known.found.find((blame) => blame.index === index && blame.detail === detail)
      if (same === undefined) known.found.push({ index, code, detail, status, accounts: [...accounts] })
      else same.accounts.push(...accounts)
    }
    cursor = nextCursor
    if (cursor === undefined || (items.at(-1)?.row ?? 0) > last) break
  }
  return byRow
}

/** @param {ReadonlyMap<number, ReadonlyMap<number, string>>} mends */
export const isMended =
  (mends) =>
  (/** @type {BadRow} */ { row }) =>
    (mends.get(row)?.size ?? 0) > 0

/**
 * Of rows that are still bad: one that was mended for columns that are others by now may be good without.
 * @param {BadRows} bad
 * @param {ReadonlyMap<number, ReadonlyMap<number, string>>} mends
 */
export function countMended({ rows }, mends) {
  return rows.filter(isMended(mends)).length
}

/**
 * Rows that were mended, in the form of a report, so that they go to the accounts alone that lack them.
 * @param {BadRows} bad
 * @param {ReadonlyMap<number, ReadonlyMap<number, string>>} mends by row and cell
 */
export function mendedFile({ header, rows }, mends) {
  const records = rows
    .filter(isMended(mends))
    .map(({ row, cells, accounts, blames }) => [
      ...header.map((_, index) => mends.get(row)?.get(index) ?? cells[index] ?? ''),
      ...[String(row), accounts, blames[0]?.status ?? '', blames[0]?.code ?? '', ''],
      ...cells.slice(header.length),
    ])
  const text = writeRecords([[...header, ...reportColumns], ...records])
  return new File([text], 'mended.csv', { type: 'text/csv' })
}

/**
 * The options that its rows were uploaded with, for a file of ours: it is in UTF-8, with commas, and begins with its header.
 * @param {Record<string, any>} options
 */
export function optionsOfMended({ encoding: _, delimiter: __, headerRow: ___, ...others }) {
  return { ...others, delimiter: ',' }
}

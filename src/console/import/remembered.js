import { keepHere, recall } from '../kept-here.js'

/**
 * What was chosen for files with a header like this, in this browser. Names of columns are kept, and nothing of people.
 * @typedef {{ header: string[], fields: (string | null)[], order: number[], numbers: import('./draft.js').Numbers, onConflict: string }} Remembered
 */

const place = 'columns'
const most = 50

/**
 * @param {readonly string[]} header
 * @returns {Remembered | undefined}
 */
export function recallColumns(header) {
  return all().find((one) => isSame(one.header, header))
}

/** @param {Remembered} chosen */
export function rememberColumns(chosen) {
  keepHere(place, [chosen, ...all().filter((one) => !isSame(one.header, chosen.header))].slice(0, most))
}

/** @returns {Remembered[]} */
function all() {
  const kept = recall(place)
  return Array.isArray(kept) ? kept.filter((one) => Array.isArray(one?.header) && Array.isArray(one?.fields)) : []
}

/**
 * @param {readonly string[]} one
 * @param {readonly string[]} other
 */
function isSame(one, other) {
  return one.length === other.length && one.every((name, index) => name === other[index])
}

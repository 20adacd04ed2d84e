import { isMended, loadBadRows, mendedFile, optionsOfMended } from './bad-rows.js'
import { followImport } from './follow-import.js'
import { forgetTrial, leaveWithPage } from './left-trials.js'
import { sendFile } from './send-file.js'
import { hasBadRows } from './trial.js'

/**
 * What the gateway says of a row that was mended. `cells`: as which it was looked at; once they are others it says nothing.
 * @typedef {{ cells: ReadonlyMap<number, string> | undefined, blames: import('./bad-rows.js').Blame[] }} Verdict
 */

/**
 * Tries the rows that were mended, and sends none.
 * @param {import('./bad-rows.js').BadRows} bad
 * @param {import('./check-step.js').Mends} mends
 * @param {string} listId
 * @param {Record<string, any>} options that the file was uploaded with
 * @param {AbortSignal} signal
 * @returns {Promise<ReadonlyMap<number, Verdict>>} by row
 */
export async function checkMended(bad, mends, listId, options, signal) {
  const tried = bad.rows.filter(isMended(mends))
  const quiet = { onProgress: () => {}, onState: () => {}, onTrouble: () => {} }
  const how = { ...quiet, validateOnly: true, signal }
  let state = await sendFile(mendedFile(bad, mends), listId, optionsOfMended(options), how)
  const stay = leaveWithPage(() => state)
  try {
    const ended = await followImport(state.id, quiet, signal)
    state = ended
    const still = hasBadRows(ended) ? (await loadBadRows(ended, signal)).rows : []
    // Its rows are those that were mended, from 1.
    const byPlace = new Map(still.map(({ row, blames }) => [row, blames]))
    return new Map(
      tried.map(({ row }, place) => [row, { cells: mends.get(row), blames: byPlace.get(place + 1) ?? [] }]),
    )
  } finally {
    stay()
    forgetTrial(state)
  }
}

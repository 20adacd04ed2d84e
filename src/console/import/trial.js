import { batch, signal } from '@preact/signals'
import { failureIn } from '../api/call.js'
import { loadBadRows } from './bad-rows.js'
import { followImport } from './follow-import.js'
import { forgetTrial, leaveWithPage } from './left-trials.js'
import { sendFile } from './send-file.js'

/**
 * A try of a file: all of it is checked and nothing is sent. What it left at the gateway is taken away with `leave`.
 * @param {File} file
 * @param {string} listId
 * @param {Record<string, any>} options
 */
export function startTrial(file, listId, options) {
  const uploaded = signal(0)
  const state = signal(/** @type {import('./follow-import.js').Import | undefined} */ (undefined))
  const bad = signal(/** @type {import('./bad-rows.js').BadRows | undefined} */ (undefined))
  const failure = signal(/** @type {import('../api/call.js').Failure | undefined} */ (undefined))
  /** What keeps it from knowing more; it goes on by itself. */
  const trouble = signal(/** @type {import('../api/call.js').Failure | undefined} */ (undefined))
  const gone = new AbortController()
  const stay = leaveWithPage(() => state.peek())
  let isLeft = false

  const run = async () => {
    failure.value = undefined
    try {
      const onProgress = (/** @type {number} */ share) => {
        uploaded.value = share
      }
      const sent = { validateOnly: true, onProgress, signal: gone.signal }
      state.value ??= await sendFile(file, listId, options, sent)
      if (isLeft) return await forgetTrial(state.value)
      const told = {
        onState: (/** @type {import('./follow-import.js').Import} */ next) => {
          state.value = next
        },
        onTrouble: (/** @type {import('../api/call.js').Failure | undefined} */ next) => {
          trouble.value = next
        },
      }
      const ended = await followImport(state.value.id, told, gone.signal)
      const rows = hasBadRows(ended)
        ? await loadBadRows(ended, gone.signal)
        : { header: [], rows: [], isAll: true, accounts: 0 }
      batch(() => {
        state.value = ended
        bad.value = rows
      })
    } catch (error) {
      if (!gone.signal.aborted) failure.value = failureIn(error)
    }
  }
  const leave = () => {
    if (isLeft) return
    isLeft = true
    stay()
    const known = state.peek()
    // A file that is there may have begun one: its answer tells which.
    if (known === undefined && uploaded.peek() === 1) return
    gone.abort()
    if (known !== undefined) forgetTrial(known)
  }
  run()
  return {
    options,
    uploaded,
    state,
    bad,
    failure,
    trouble,
    again: run,
    leave,
  }
}

/** @typedef {ReturnType<typeof startTrial>} Trial */

/** @param {import('./follow-import.js').Import} state */
export function hasBadRows({ progress, skippedBecause, rows }) {
  const isLost = Object.values(progress).some(
    ({ rejected = 0, failed = 0, unknown = 0 }) => rejected + failed + unknown > 0,
  )
  const hasNoTarget = rows > 0 && Object.values(skippedBecause).some(({ notForThisTarget = 0 }) => notForThisTarget > 0)
  return isLost || hasNoTarget
}

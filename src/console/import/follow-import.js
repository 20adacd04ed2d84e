import { CallFailed, failureIn, offline } from '../api/call.js'
import { eventsOf } from '../api/events.js'
import { call, read } from '../session.js'

/**
 * An import as the API shows it.
 * @typedef {object} Import
 * @property {string} id
 * @property {string} listId
 * @property {string} status
 * @property {boolean} validateOnly
 * @property {Record<string, any>} options
 * @property {number} rows
 * @property {Record<string, Record<string, number>>} progress by account
 * @property {Record<string, Record<string, number>>} losses
 * @property {Record<string, Record<string, number>>} skippedBecause
 * @property {{ code: string, column: string, accounts?: string[], detail: string }[]} warnings
 * @property {number} [moreWarnings]
 * @property {string} createdAt
 * @property {string} [startedAt]
 * @property {string} [finishedAt]
 * @property {number} [etaSeconds]
 */

const pauses = [1000, 2000, 5000]
/** The gateway says something once a second: for whom it is silent so long, the connection is gone, and nobody tells. */
const silenceMs = 15_000

/**
 * Follows an import to its end. Where the connection breaks, or the gateway restarts, it comes again: the import goes on
 * without anybody who looks.
 *
 * @param {string} id
 * @param {object} told
 * @param {(state: Import) => void} told.onState
 * @param {(failure: import('../api/call.js').Failure | undefined) => void} told.onTrouble what keeps it from knowing more just
 *   now; `undefined`: it knows again
 * @param {AbortSignal} signal
 * @returns {Promise<Import>} at its end
 * @throws {CallFailed} where it will never know more
 */
export async function followImport(id, { onState, onTrouble }, signal) {
  let state = /** @type {Import} */ (await untilAnswered(() => read(`/imports/${id}`, {}, signal), onTrouble, signal))
  onState(state)
  for (let tries = 0; state.finishedAt === undefined; tries++) {
    try {
      for await (const { event, data } of hear(id, signal)) {
        if (event !== 'progress' && event !== 'done') continue
        onTrouble(undefined)
        tries = 0
        // Progress has the numbers alone; what it was started with stays.
        const { etaSeconds: _, ...before } = state
        state = { ...before, ...JSON.parse(data) }
        onState(state)
      }
      if (signal.aborted) break
    } catch (error) {
      const failure = failureIn(error)
      if (signal.aborted || isFinal(failure)) throw error
      // Who may watch no more at once asks now and then, and knows as much.
      if (failure.code !== 'rate-limited') onTrouble(failure)
    }
    if (state.finishedAt !== undefined) break
    await pause(pauses[Math.min(tries, pauses.length - 1)] ?? 0, signal)
    state = { ...state, ...(await untilAnswered(() => read(`/imports/${id}`, {}, signal), onTrouble, signal)) }
    onState(state)
  }
  return state
}

/**
 * @param {string} id
 * @param {AbortSignal} signal
 */
async function* hear(id, signal) {
  const silent = new AbortController()
  let timer = 0
  const heard = () => {
    clearTimeout(timer)
    timer = setTimeout(() => silent.abort(), silenceMs)
  }
  heard()
  try {
    const either = AbortSignal.any([signal, silent.signal])
    const { body } = await call('GET', `/imports/${id}/events`, { signal: either })
    for await (const event of eventsOf(/** @type {ReadableStream<Uint8Array>} */ (body))) {
      heard()
      yield event
    }
  } catch (error) {
    throw silent.signal.aborted && !signal.aborted ? new CallFailed(offline('')) : error
  } finally {
    clearTimeout(timer)
  }
}

/**
 * @template T
 * @param {() => Promise<T>} ask
 * @param {(failure: import('../api/call.js').Failure | undefined) => void} onTrouble
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
async function untilAnswered(ask, onTrouble, signal) {
  for (let tries = 0; ; tries++) {
    try {
      const answer = await ask()
      onTrouble(undefined)
      return answer
    } catch (error) {
      const failure = failureIn(error)
      if (signal.aborted || isFinal(failure)) throw error
      onTrouble(failure)
      await pause(pauses[Math.min(tries, pauses.length - 1)] ?? 0, signal)
    }
  }
}

/** It was deleted, or is none of this client's; a key that is not taken any more may be followed by one that is. */
function isFinal(/** @type {import('../api/call.js').Failure} */ { kind, code }) {
  return kind === 'given-up' || code === 'not-found' || code === 'scope-missing'
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal ends it early
 * @returns {Promise<void>}
 */
function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
    function end() {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
  })
}

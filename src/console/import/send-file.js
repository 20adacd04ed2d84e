import { failureIn } from '../api/call.js'
import { upload } from '../api/upload.js'
import { keepHere, recall } from '../kept-here.js'
import { newKey } from '../parts/new-key.js'
import { noticing } from '../session.js'

/** @typedef {import('./follow-import.js').Import} Import */

/**
 * Begins an import. A try that was not answered is repeated under the same key, so that nothing is sent twice: also by the
 * same file chosen once more, where the page was closed meanwhile.
 *
 * @param {File} file
 * @param {string} listId
 * @param {object} options
 * @param {{ validateOnly?: boolean, onProgress: (share: number) => void, signal: AbortSignal }} how
 * @returns {Promise<Import>}
 */
export async function sendFile(file, listId, options, { validateOnly = false, onProgress, signal }) {
  const what = nameOf([file.name, file.size, file.lastModified, listId, options, validateOnly])
  const idempotencyKey = openKey(what)
  try {
    const started = await noticing((key) =>
      upload(`/lists/${encodeURIComponent(listId)}/imports`, file, file.name, {
        key,
        options,
        query: { validateOnly },
        idempotencyKey,
        signal,
        onProgress,
      }),
    )
    closeKey(what)
    return started
  } catch (error) {
    if (isRefused(failureIn(error))) closeKey(what)
    throw error
  }
}

/** It was not begun, and the same would be refused again; whatever else went wrong may have begun it. */
function isRefused(/** @type {import('../api/call.js').Failure} */ { kind, status }) {
  return kind === 'problem' && status >= 400 && status < 500 && status !== 408 && status !== 409
}

const place = 'open-uploads'
const keptMs = 12 * 3_600_000

/** @param {string} what */
function openKey(what) {
  const open = openUploads()
  const known = open[what]?.key ?? newKey()
  keepHere(place, { ...open, [what]: { key: known, at: Date.now() } })
  return known
}

/** @param {string} what */
function closeKey(what) {
  const { [what]: _, ...others } = openUploads()
  keepHere(place, others)
}

/** @returns {Record<string, { key: string, at: number }>} */
function openUploads() {
  const kept = Object.entries(recall(place) ?? {})
  return Object.fromEntries(kept.filter(([, { at }]) => Date.now() - at < keptMs))
}

/**
 * A short name for one file and how it is read: nobody can tell from it what the file was called. Where two had the same,
 * the gateway would refuse the second.
 * @param {unknown} value
 */
function nameOf(value) {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (const sign of JSON.stringify(value)) {
    const code = sign.codePointAt(0) ?? 0
    high = Math.imul(high ^ code, 2654435761)
    low = Math.imul(low ^ code, 1597334677)
  }
  return `${(high >>> 0).toString(36)}${(low >>> 0).toString(36)}`
}

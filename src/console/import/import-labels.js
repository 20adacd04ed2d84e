import { html } from 'htm/preact'
import { me } from '../session.js'
import { words } from '../words/words.js'

/** @param {string} listId */
export function titleOf(listId) {
  return me.value?.lists.find(({ id }) => id === listId)?.title ?? listId
}

const tones = /** @type {Readonly<Record<string, string>>} */ ({
  completed: 'good',
  completed_with_errors: 'warn',
  failed: 'bad',
  canceled: 'quiet',
})

/** @param {{ status: string }} props */
export function StatusBadge({ status }) {
  const named = /** @type {Readonly<Record<string, string>>} */ (words.value.imports.statuses)
  return html`<span class=${`badge ${tones[status] ?? 'busy'}`}>${named[status] ?? status}</span>`
}

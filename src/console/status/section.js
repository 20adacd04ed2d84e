import { html } from 'htm/preact'
import { Notice } from '../parts/notice.js'
import { words } from '../words/words.js'

/**
 * A part of the page that asks for itself: one that cannot be asked keeps no other from being seen.
 * @param {{ title: string, state: { value: unknown, failure: import('../api/call.js').Failure | undefined }, absent?: string, children?: unknown }} props
 *   `absent`: what is said where this gateway has no such answer
 */
export function Section({ title, state: { value, failure }, absent, children }) {
  const isAbsent = absent !== undefined && failure?.status === 404
  return html`<section class="part"><h2>${title}</h2>
    ${isAbsent && html`<p class="hint">${absent}</p>`}
    ${!isAbsent && failure !== undefined && html`<${Notice} failure=${failure} />`}
    ${value === undefined && failure === undefined && html`<p class="hint" role="status">${words.value.loading}</p>`}
    ${value !== undefined && children}
  </section>`
}

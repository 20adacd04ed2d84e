import { html } from 'htm/preact'
import { number } from '../format.js'
import { words } from '../words/words.js'

/**
 * Leads from some to the next of many that are there already.
 * @param {{ label: string, from: number, to: number, all: number, onGo: (by: -1 | 1) => void }} props `from` counts from 1
 */
export function Pager({ label, from, to, all, onGo }) {
  const { pager: said } = words.value
  return html`<nav class="pager" aria-label=${label}>
    <button disabled=${from <= 1} onClick=${() => onGo(-1)}>${said.before}</button>
    <span role="status">${said.shown(number(from), number(to), number(all))}</span>
    <button disabled=${to >= all} onClick=${() => onGo(1)}>${said.next}</button>
  </nav>`
}

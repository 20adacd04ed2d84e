import { html } from 'htm/preact'
import { share as shareText } from '../format.js'

/**
 * Said aloud now and then, since a reader of the screen hears every change: by tenths.
 * @param {{ label: string, share: number }} props
 */
export function ProgressBar({ label, share }) {
  const value = Math.min(1, Math.max(0, share))
  return html`<div class="progress">
    <div class="progress-label"><span>${label}</span><span class="number">${shareText(Math.floor(value * 1000) / 1000)}</span></div>
    <progress max="1" value=${value} aria-label=${label}></progress>
    <span class="visually-hidden" role="status">${shareText(Math.floor(value * 10) / 10)}</span>
  </div>`
}

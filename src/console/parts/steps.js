import { html } from 'htm/preact'
import { words } from '../words/words.js'

/**
 * Where the reader is on the way, and what is left.
 * @param {{ steps: readonly string[], at: number }} props
 */
export function Steps({ steps, at }) {
  return html`<ol class="steps" aria-label=${words.value.imports.way}>
    ${steps.map(
      (name, index) => html`<li class=${index < at ? 'done' : ''} aria-current=${index === at ? 'step' : undefined}>
        <span class="step-number" aria-hidden="true">${index < at ? '✓' : index + 1}</span><span>${name}</span></li>`,
    )}
  </ol>`
}

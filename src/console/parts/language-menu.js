import { html } from 'htm/preact'
import { language, speak, words } from '../words/words.js'

/** Each language under its own name. */
const names = { en: 'English', fr: 'Français' }

export function languageMenu() {
  return html`<select class="quiet" aria-label=${words.value.frame.language} value=${language.value}
    onChange=${(/** @type {any} */ event) => speak(event.currentTarget.value)}>
    ${Object.entries(names).map(([tag, name]) => html`<option value=${tag} lang=${tag}>${name}</option>`)}
  </select>`
}

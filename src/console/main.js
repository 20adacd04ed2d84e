import { effect } from '@preact/signals'
import { html, render } from 'htm/preact'
import { App } from './app.js'
import { language } from './words/words.js'

effect(() => {
  document.documentElement.lang = language.value
})

const place = /** @type {HTMLElement} */ (document.getElementById('console'))
place.replaceChildren()
render(html`<${App} />`, place)

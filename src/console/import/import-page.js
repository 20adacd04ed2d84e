import { html } from 'htm/preact'
import { me } from '../session.js'
import { words } from '../words/words.js'
import { draft } from './draft.js'
import { DraftPage } from './draft-page.js'
import { StartPage } from './start-page.js'
import { WatchPage } from './watch-page.js'

/** @param {{ parts: readonly string[] }} props */
export function ImportPage({ parts: [place, , second] }) {
  if (me.value?.lists.length === 0)
    return html`<h1 tabindex="-1">${words.value.imports.title}</h1><p class="lead">${words.value.imports.noLists}</p>`
  if (place === 'new' && draft.value !== undefined) return html`<${DraftPage} draft=${draft.value} />`
  if (place === undefined || place === 'new') return html`<${StartPage} />`
  return html`<${WatchPage} key=${place} id=${place} mendedId=${second} />`
}

import { html } from 'htm/preact'
import { usePolling } from '../parts/use-polling.js'
import { read } from '../session.js'
import { words } from '../words/words.js'
import { Section } from './section.js'

/** @typedef {{ account: string, requiredFields: string[], droppedFields: string[], when?: unknown }} Target */

/** Where each list leads, what is needed there and what is dropped. */
export function ListsNow() {
  const { status } = words.value
  const state = usePolling((signal) => read('/lists', {}, signal))
  const items = /** @type {{ id: string, title: string, targets: Target[] }[]} */ (state.value?.items ?? [])
  return html`<${Section} title=${status.lists} state=${state}>
    ${items.length === 0 && html`<p class="hint">${status.noLists}</p>`}
    ${items.map(
      ({ id, title, targets }) => html`<h3>${title} <span class="hint">${id}</span></h3>
      <table class="cards lists"><thead><tr><th>${status.account}</th><th>${status.needs}</th><th>${status.drops}</th></tr></thead>
      <tbody>${targets.map(
        ({ account, requiredFields, droppedFields, when }) => html`<tr>
          <th scope="row">${account}${when !== undefined && html` <span class="badge quiet">${status.someOnly}</span>`}</th>
          <td data-label=${status.needs}>${namesOf(requiredFields)}</td>
          <td data-label=${status.drops}>${droppedFields.length === 0 ? status.nothing : namesOf(droppedFields)}</td>
        </tr>`,
      )}</tbody></table>`,
    )}
  <//>`
}

/** What has no word of its own stands as the gateway says it. @param {readonly string[]} fields */
function namesOf(fields) {
  const named = /** @type {Readonly<Record<string, string>>} */ (words.value.imports.columns.fields)
  const own = /** @type {Readonly<Record<string, string>>} */ (words.value.status.fields)
  const nameOf = (/** @type {string} */ field) => {
    const kept = /^attributes \(but (.+)\)$/.exec(field)?.[1]
    if (kept !== undefined) return words.value.status.allDetailsBut(kept)
    return named[field] ?? own[field] ?? field
  }
  return fields.map(nameOf).join(', ')
}

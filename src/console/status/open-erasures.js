import { html } from 'htm/preact'
import { day } from '../format.js'
import { usePolling } from '../parts/use-polling.js'
import { ErasureBadge } from '../person/receipt.js'
import { hrefOf } from '../router.js'
import { read } from '../session.js'
import { words } from '../words/words.js'
import { Section } from './section.js'

/** People who are still to be forgotten, those first who need somebody. */
export function OpenErasures() {
  const { status } = words.value
  const state = usePolling(async (signal) => {
    const pages = await Promise.all(
      ['needs_person', 'running'].map((one) => read('/erasures', { status: one, limit: 20 }, signal)),
    )
    return pages.flatMap(({ items }) => items)
  })
  const items = /** @type {import('../person/receipt.js').Erasure[]} */ (state.value ?? [])
  return html`<${Section} title=${status.erasures} state=${state}>
    ${items.length === 0 && html`<p class="hint">${status.noErasures}</p>`}
    ${
      items.length > 0 &&
      html`<table class="cards"><thead><tr><th>${status.erasure}</th><th>${status.due}</th><th>${status.state}</th></tr></thead>
      <tbody>${items.map(
        ({ id, reference, hints, dueAt, status: how }) => html`<tr>
          <td data-label=${status.erasure}><a href=${hrefOf('people', 'erasures', id)}>${reference ?? hints.join(', ')}</a></td>
          <td data-label=${status.due}>${day(dueAt)}</td>
          <td data-label=${status.state}><${ErasureBadge} status=${how} /></td>
        </tr>`,
      )}</tbody></table>`
    }
  <//>`
}

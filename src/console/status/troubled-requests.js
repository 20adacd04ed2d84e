import { html } from 'htm/preact'
import { milliseconds, timeOfDay } from '../format.js'
import { usePolling } from '../parts/use-polling.js'
import { hrefOf } from '../router.js'
import { read } from '../session.js'
import { words } from '../words/words.js'
import { Section } from './section.js'

/** @typedef {{ id: string, method: string, route: string, list?: string, status: number, receivedAt: string, durationMs: number }} KeptRequest */

/** The last requests that went wrong, each with what happened. */
export function TroubledRequests() {
  const { status } = words.value
  const state = usePolling((signal) => read('/requests', { limit: 20 }, signal))
  const items = /** @type {KeptRequest[]} */ (state.value?.items ?? [])
  return html`<${Section} title=${status.requests} state=${state} absent=${status.noRequestsRoute}>
    <p class="hint">${status.requestsHint}</p>
    ${items.length === 0 && html`<p class="hint">${status.noRequests}</p>`}
    ${
      items.length > 0 &&
      html`<table class="cards"><thead><tr><th>${status.at}</th><th>${status.what}</th><th>${status.list}</th><th class="number">${status.answer}</th><th class="number">${status.took}</th></tr></thead>
      <tbody>${items.map(
        (one) => html`<tr>
          <td data-label=${status.at}><a href=${hrefOf('status', 'requests', one.id)}>${timeOfDay(one.receivedAt)}</a></td>
          <td data-label=${status.what}><code>${one.method} ${one.route}</code></td>
          <td data-label=${status.list}>${one.list ?? ''}</td>
          <td data-label=${status.answer} class="number">${one.status}</td>
          <td data-label=${status.took} class="number">${milliseconds(one.durationMs)}</td>
        </tr>`,
      )}</tbody></table>`
    }
  <//>`
}

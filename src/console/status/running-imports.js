import { html } from 'htm/preact'
import { duration, moment, number, share } from '../format.js'
import { StatusBadge, titleOf } from '../import/import-labels.js'
import { usePolling } from '../parts/use-polling.js'
import { hrefOf } from '../router.js'
import { may, me, read } from '../session.js'
import { words } from '../words/words.js'
import { Section } from './section.js'

/** Imports that go on, those of others too where the key may see them. */
export function RunningImports() {
  const { status } = words.value
  const whose = may('admin') ? '*' : undefined
  const state = usePolling((signal) => read('/imports', { limit: 50, client: whose }, signal))
  const items = /** @type {(import('../import/follow-import.js').Import & { client: string })[]} */ (
    state.value?.items ?? []
  )
  const running = items.filter(({ finishedAt, validateOnly }) => finishedAt === undefined && !validateOnly)
  return html`<${Section} title=${status.imports} state=${state}>
    ${running.length === 0 && html`<p class="hint">${status.noImports}</p>`}
    ${
      running.length > 0 &&
      html`<table class="cards"><thead><tr><th>${status.started}</th><th>${status.list}</th><th>${status.client}</th><th>${status.progress}</th><th>${status.state}</th></tr></thead>
      <tbody>${running.map(
        (one) => html`<tr>
          <td data-label=${status.started}>${one.client === me.value?.client && may('imports') ? html`<a href=${hrefOf('imports', one.id)}>${moment(one.createdAt)}</a>` : moment(one.createdAt)}</td>
          <td data-label=${status.list}>${titleOf(one.listId)}</td>
          <td data-label=${status.client}>${one.client}</td>
          <td data-label=${status.progress}>${status.rowsDone(share(doneShare(one)), number(one.rows))}${one.etaSeconds === undefined ? '' : ` · ${duration(one.etaSeconds)}`}</td>
          <td data-label=${status.state}><${StatusBadge} status=${one.status} /></td>
        </tr>`,
      )}</tbody></table>`
    }
  <//>`
}

/** @param {import('../import/follow-import.js').Import} state */
function doneShare({ rows, progress }) {
  const left = Math.max(0, ...Object.values(progress).map(({ pending = 0 }) => pending))
  return rows === 0 ? 1 : Math.floor(((rows - left) / rows) * 1000) / 1000
}

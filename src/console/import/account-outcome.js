import { html } from 'htm/preact'
import { number } from '../format.js'
import { words } from '../words/words.js'
import { Losses } from './trial-summary.js'

/** In the order of the bar, from what is well to what is open. */
const outcomes = /** @type {const} */ ([
  { status: 'created', kind: 'good' },
  { status: 'updated', kind: 'good2' },
  { status: 'accepted', kind: 'good3' },
  { status: 'skipped', kind: 'skipped' },
  { status: 'unknown', kind: 'warn' },
  { status: 'failed', kind: 'bad2' },
  { status: 'rejected', kind: 'bad' },
])

/** @param {import('./follow-import.js').Import} state */
export function unfinishedRows({ progress }) {
  return Math.max(0, ...Object.values(progress).map(({ pending = 0 }) => pending))
}

/**
 * What became of the rows at one account, as a bar and in words.
 * @param {{ account: string, rows: number, counts: Record<string, number>, reasons: Record<string, number>,
 *   losses: Record<string, number>, columns: import('./trial-summary.js').ColumnsLost, isEnded: boolean }} props
 */
export function AccountOutcome({ account, rows, counts, reasons, losses, columns, isEnded }) {
  const { outcomes: said, outcomeHints: hints, check, watch } = words.value.imports
  const pending = counts.pending ?? 0
  const arrived = (counts.created ?? 0) + (counts.updated ?? 0) + (counts.accepted ?? 0)
  const shown = outcomes.filter(({ status }) => (counts[status] ?? 0) > 0)
  const label = shown
    .map(({ status }) => `${number(counts[status] ?? 0)} ${said[status](counts[status] ?? 0)}`)
    .join(', ')
  return html`<article class="card account">
    <h3>${account}</h3>
    <p class="big"><strong>${number(isEnded ? arrived : rows - pending)}</strong> ${isEnded ? check.gotIn(number(rows), arrived) : check.ofRows(number(rows), rows - pending)}</p>
    <div class="stack" role="img" aria-label=${label === '' ? watch.nothingYet : label}>
      ${shown.map(({ status, kind }) => html`<span class=${kind} style=${{ flexGrow: counts[status] }}></span>`)}
      ${pending > 0 && html`<span class="pending" style=${{ flexGrow: pending }}></span>`}
    </div>
    <ul class="legend">
      ${shown.map(
        ({
          status,
          kind,
        }) => html`<li class=${kind}><strong>${number(counts[status] ?? 0)}</strong> ${said[status](counts[status] ?? 0)}
          ${status === 'skipped' ? html`<${Reasons} reasons=${reasons} />` : hints[status] !== undefined && html`<span class="hint">${hints[status]}</span>`}</li>`,
      )}
      ${pending > 0 && html`<li class="pending"><strong>${number(pending)}</strong> ${isEnded ? said.notSent(pending) : said.pending(pending)}</li>`}
    </ul>
    ${isEnded && html`<${Losses} losses=${losses} columns=${columns} />`}
  </article>`
}

/** @param {{ reasons: Record<string, number> }} props */
function Reasons({ reasons }) {
  const said = /** @type {Readonly<Record<string, string>>} */ (words.value.imports.skipReasons)
  return html`${Object.entries(reasons).map(([reason, count]) => html`<span class="hint">${number(count)} ${said[reason] ?? reason}</span>`)}`
}

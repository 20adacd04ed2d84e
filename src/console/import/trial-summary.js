import { html } from 'htm/preact'
import { number } from '../format.js'
import { words } from '../words/words.js'

/**
 * How many rows would reach one account at least.
 * @param {import('./follow-import.js').Import} state
 */
export function willGetIn({ skippedBecause }) {
  return Math.max(0, ...Object.values(skippedBecause).map(({ validateOnly = 0 }) => validateOnly))
}

/** What each account would get, and what would be lost. @param {{ state: import('./follow-import.js').Import }} props */
export function TrialSummary({ state }) {
  const { check: said } = words.value.imports
  return html`<section aria-labelledby="trial-heading">
    <h2 id="trial-heading" class="visually-hidden">${said.title}</h2>
    <div class="accounts">
      ${Object.entries(state.progress).map(
        ([account, counts]) => html`<${AccountTrial} account=${account} rows=${state.rows} counts=${counts}
          reasons=${state.skippedBecause[account] ?? {}} losses=${state.losses[account] ?? {}} columns=${columnsLost(state, account)} />`,
      )}
    </div>
  </section>`
}

/**
 * @param {{ account: string, rows: number, counts: Record<string, number>, reasons: Record<string, number>,
 *   losses: Record<string, number>, columns: ColumnsLost }} props
 */
function AccountTrial({ account, rows, counts, reasons, losses, columns }) {
  const { check: said } = words.value.imports
  const { validateOnly = 0, ...others } = reasons
  const bad = (counts.rejected ?? 0) + (counts.failed ?? 0) + (counts.unknown ?? 0)
  const skipped = Object.values(others).reduce((sum, count) => sum + count, 0)
  const parts = [
    { kind: 'good', count: validateOnly },
    { kind: 'skipped', count: skipped },
    { kind: 'bad', count: bad },
  ]
  return html`<article class="card account">
    <h3>${account}</h3>
    <p class="big"><strong>${number(validateOnly)}</strong> ${said.wouldGetIn(number(rows), validateOnly)}</p>
    <div class="stack" aria-hidden="true">${parts.map(({ kind, count }) => count > 0 && html`<span class=${kind} style=${{ flexGrow: count }}></span>`)}</div>
    <ul class="legend">
      <li class="good">${said.getIn(number(validateOnly), validateOnly)}</li>
      ${Object.entries(others).map(([reason, count]) => html`<li class="skipped">${said.skipped(number(count), reason, count)}</li>`)}
      ${bad > 0 && html`<li class="bad">${said.bad(number(bad), bad)}</li>`}
    </ul>
    <${Losses} losses=${losses} columns=${columns} />
  </article>`
}

/**
 * Which columns are to blame for a loss at an account, by its code.
 * @typedef {ReadonlyMap<string, readonly string[]>} ColumnsLost
 * @param {Pick<import('./follow-import.js').Import, 'warnings'>} state
 * @param {string} account
 * @returns {ColumnsLost}
 */
export function columnsLost({ warnings }, account) {
  const here = warnings.filter(({ column, accounts }) => column !== '' && accounts?.includes(account) === true)
  const byCode = Map.groupBy(here, ({ code }) => code)
  return new Map([...byCode].map(([code, same]) => [code, same.map(({ column }) => column)]))
}

/** What does not arrive with the rows that do. @param {{ losses: Record<string, number>, columns: ColumnsLost }} props */
export function Losses({ losses, columns }) {
  const { losses: said, check } = words.value.imports
  const named = /** @type {Readonly<Record<string, string>>} */ (said)
  const entries = Object.entries(losses)
  if (entries.length === 0) return html`<p class="hint">${check.noLoss}</p>`
  return html`<h4>${check.lost}</h4>
    <ul class="plain">${entries.map(([code, count]) => html`<li>${number(count)} × ${named[code] ?? code}${columns.has(code) ? check.ofColumns(columns.get(code)?.join(', ') ?? '') : ''}</li>`)}</ul>`
}

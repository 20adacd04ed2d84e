import { html } from 'htm/preact'
import { useState } from 'preact/hooks'
import { failureIn } from '../api/call.js'
import { number } from '../format.js'
import { GatewayWords, Notice } from '../parts/notice.js'
import { call } from '../session.js'
import { language, words } from '../words/words.js'
import { countMended } from './bad-rows.js'

/** @typedef {import('./check-step.js').Mends} Mends */

/**
 * Rows that did not get in: the cell that is to blame is marked, and may be mended where it stands.
 * @param {{ bad: import('./bad-rows.js').BadRows, importId: string, mends: Mends, title: string, canMend?: boolean,
 *   onMend: (mends: Mends) => void, fields?: ReadonlyMap<number, string | null> }} props
 */
export function BadTable({ bad, importId, mends, title, canMend = false, onMend, fields }) {
  const { bad: said } = words.value.imports
  const shown = bad.header.map((_, index) => index).filter((index) => isWorthShowing(index, bad, fields))
  const mended = countMended(bad, mends)
  /** @param {number} row @param {number} index @param {string} value @param {string} before */
  const change = (row, index, value, before) => {
    const cells = new Map(mends.get(row))
    if (value === before) cells.delete(index)
    else cells.set(index, value)
    onMend(new Map(mends).set(row, cells))
  }
  return html`<section>
    <div class="heading-line"><h2 id="bad-heading">${title}</h2><${ErrorsFile} id=${importId} /></div>
    <p class="hint">${canMend ? said.mendHint : said.hint} ${bad.isAll ? '' : said.onlyFirst(number(bad.rows.length))}</p>
    ${canMend && html`<p class="hint" role="status">${mended > 0 ? said.mended(number(mended), mended) : ''}</p>`}
    <div class="scroll tall" role="region" aria-labelledby="bad-heading" tabindex="0">
      <table class="cards bad-rows">
        <thead><tr><th class="number">${said.row}</th>${shown.map((index) => html`<th>${bad.header[index]}</th>`)}<th>${said.why}</th></tr></thead>
        <tbody>${bad.rows.map(
          (row) => html`<${BadRowLine} key=${row.row} row=${row} header=${bad.header} shown=${shown} canMend=${canMend}
            mends=${mends.get(row.row)} onChange=${change} />`,
        )}</tbody>
      </table>
    </div>
  </section>`
}

/** Columns that are not imported tell nothing of why a row did not get in, unless the gateway says that they do. */
function isWorthShowing(
  /** @type {number} */ index,
  /** @type {import('./bad-rows.js').BadRows} */ bad,
  /** @type {ReadonlyMap<number, string | null> | undefined} */ fields,
) {
  return (
    fields === undefined ||
    fields.get(index) != null ||
    bad.rows.some(({ blames }) => blames.some((blame) => blame.index === index))
  )
}

/**
 * @param {{ row: import('./bad-rows.js').BadRow, header: string[], shown: number[], canMend: boolean,
 *   mends: ReadonlyMap<number, string> | undefined, onChange: (row: number, index: number, value: string, before: string) => void }} props
 */
function BadRowLine({ row, header, shown, canMend, mends, onChange }) {
  const { bad: said } = words.value.imports
  const why = `why-${row.row}`
  const isMended = (mends?.size ?? 0) > 0
  return html`<tr class=${isMended ? 'mended' : ''}>
    <th scope="row" class="number" data-label=${said.row}>${number(row.row)}</th>
    ${shown.map((index) => {
      const cell = row.cells[index] ?? ''
      const isToBlame = row.blames.some((blame) => blame.index === index)
      if (!isToBlame) return html`<td data-label=${header[index]}>${cell}</td>`
      if (!canMend)
        return html`<td data-label=${header[index]} class="wrong-cell"><mark>${cell === '' ? said.empty : cell}</mark></td>`
      const value = mends?.get(index) ?? cell
      return html`<td data-label=${header[index]} class="wrong-cell"><input value=${value} aria-label=${said.cell(header[index] ?? '', number(row.row))}
        aria-invalid=${value === cell ? 'true' : undefined} aria-describedby=${why} spellcheck=${false}
        onInput=${(/** @type {any} */ event) => onChange(row.row, index, event.currentTarget.value, cell)} /></td>`
    })}
    <td data-label=${said.why} id=${why} class="why">
      ${isMended && html`<p><span class="badge good">${said.isMended}</span></p>`}
      ${row.blames.map((blame) => html`<${Why} blame=${blame} />`)}
    </td>
  </tr>`
}

/** @param {{ blame: import('./bad-rows.js').Blame }} props */
function Why({ blame: { code, detail, accounts } }) {
  const known = words.value.imports.codes[code]
  return html`<div class="reason">
    ${known !== undefined && html`<p>${known}</p>`}
    ${(known === undefined || language.value !== 'en') && html`<div class=${known === undefined ? '' : 'hint'}><${GatewayWords} texts=${[detail]} /></div>`}
    <p class="hint">${accounts.join(', ')}</p>
  </div>`
}

/** The whole report, in the form of the file. @param {{ id: string }} props */
export function ErrorsFile({ id }) {
  const { bad: said } = words.value.imports
  const [isLoading, setLoading] = useState(false)
  const [failure, setFailure] = useState(/** @type {import('../api/call.js').Failure | undefined} */ (undefined))
  const load = async () => {
    setLoading(true)
    setFailure(undefined)
    try {
      const response = await call('GET', `/imports/${id}/errors.csv`)
      const link = document.createElement('a')
      link.href = URL.createObjectURL(await response.blob())
      link.download = `errors-${id}.csv`
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    } catch (error) {
      setFailure(failureIn(error))
    }
    setLoading(false)
  }
  return html`<button disabled=${isLoading} onClick=${load}>${said.download}</button>
    ${failure !== undefined && html`<${Notice} failure=${failure} />`}`
}

import { html } from 'htm/preact'
import { number } from '../format.js'
import { GatewayWords } from '../parts/notice.js'
import { words } from '../words/words.js'

/** @typedef {import('./bad-rows.js').Blame} Blame */

/**
 * A row that did not get in. What the gateway has said of it since it was mended counts, until it is changed again.
 * @param {{ row: import('./bad-rows.js').BadRow, header: string[], shown: number[], canMend: boolean, accounts: number,
 *   reasons: readonly import('./reasons.js').Reason[], mends: ReadonlyMap<number, string> | undefined,
 *   verdict: import('./check-mended.js').Verdict | undefined,
 *   onChange: (row: number, index: number, value: string, before: string) => void }} props
 *   `accounts`: how many the import has
 */
export function BadRowLine({ row, header, shown, canMend, accounts, reasons, mends, verdict, onChange }) {
  const { bad: said } = words.value.imports
  const why = `why-${row.row}`
  const isMended = (mends?.size ?? 0) > 0
  const told = isMended && verdict?.cells === mends ? verdict : undefined
  const blames = told?.blames ?? row.blames
  const isStillBad = told !== undefined && told.blames.length > 0
  // What was mended and not looked at yet is no longer said to be wrong, nor to be right.
  const open = told === undefined ? blames.filter(({ index }) => mends?.has(index) !== true) : blames
  const badge = told === undefined ? said.isMended : isStillBad ? said.stillBad : said.getsIn
  return html`<tr class=${isMended && !isStillBad ? 'mended' : ''}>
    <th scope="row" class="number" data-label=${said.row}>${number(row.row)}</th>
    ${shown.map((index) => {
      const cell = row.cells[index] ?? ''
      const isToBlame = blames.some((blame) => blame.index === index)
      const isOpen = isToBlame || row.blames.some((blame) => blame.index === index) || mends?.has(index) === true
      if (!isOpen) return html`<td data-label=${header[index]}>${cell}</td>`
      if (!canMend)
        return html`<td data-label=${header[index]} class="wrong-cell"><mark>${cell === '' ? said.empty : cell}</mark></td>`
      const value = mends?.get(index) ?? cell
      return html`<td data-label=${header[index]} class="wrong-cell"><input value=${value} aria-label=${said.cell(header[index] ?? '', number(row.row))}
        aria-invalid=${isToBlame && (isStillBad || value === cell) ? 'true' : undefined} aria-describedby=${why} spellcheck=${false}
        onInput=${(/** @type {any} */ event) => onChange(row.row, index, event.currentTarget.value, cell)} /></td>`
    })}
    <td data-label=${said.why} id=${why} class="why">
      ${isMended && html`<p><span class=${`badge ${isStillBad ? 'bad' : 'good'}`}>${badge}</span></p>`}
      ${open.map((blame) => html`<${Why} blame=${blame} accounts=${accounts} reasons=${reasons} />`)}
    </td>
  </tr>`
}

/** @param {{ blame: Blame, accounts: number, reasons: readonly import('./reasons.js').Reason[] }} props */
function Why({ blame: { code, detail, accounts: at }, accounts, reasons }) {
  const known = words.value.imports.codes[code]
  const details = reasons.find((reason) => reason.code === code)?.details ?? [detail]
  // What is said of all of them stands above.
  const isOwn = known === undefined || details.length > 1
  return html`<div class="reason">
    ${known !== undefined && html`<p>${known.what}</p>`}
    ${isOwn && html`<div class=${known === undefined ? '' : 'hint'}><${GatewayWords} texts=${[detail]} /></div>`}
    ${new Set(at).size < accounts && html`<p class="hint">${at.join(', ')}</p>`}
  </div>`
}

import { html } from 'htm/preact'
import { number } from '../format.js'
import { GatewayWords } from '../parts/notice.js'
import { words } from '../words/words.js'

/**
 * A row that did not get in. What the gateway has said of it since it was mended counts, until it is changed again.
 * @param {{ row: import('./bad-rows.js').BadRow, header: string[], shown: number[], canMend: boolean,
 *   mends: ReadonlyMap<number, string> | undefined, verdict: import('./check-mended.js').Verdict | undefined,
 *   onChange: (row: number, index: number, value: string, before: string) => void }} props
 */
export function BadRowLine({ row, header, shown, canMend, mends, verdict, onChange }) {
  const { bad: said } = words.value.imports
  const why = `why-${row.row}`
  const isMended = (mends?.size ?? 0) > 0
  const told = isMended && verdict?.cells === mends ? verdict : undefined
  const blames = told?.blames ?? row.blames
  const badge = told === undefined ? said.isMended : told.blames.length === 0 ? said.getsIn : said.stillBad
  const isStillBad = told !== undefined && told.blames.length > 0
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
      ${blames.map((blame) => html`<${Why} blame=${blame} />`)}
    </td>
  </tr>`
}

/** Where there are words of our own for these, the gateway's have nothing to add. */
const saidInFull = new Set([
  'phone_not_e164',
  'identifier_required',
  'name_required',
  'email_required',
  'phone_required',
  'email_invalid',
])

/** @param {{ blame: import('./bad-rows.js').Blame }} props */
function Why({ blame: { code, detail, accounts } }) {
  const known = words.value.imports.codes[code]
  const isSaid = known !== undefined && saidInFull.has(code)
  return html`<div class="reason">
    ${known !== undefined && html`<p>${known}</p>`}
    ${!isSaid && html`<div class=${known === undefined ? '' : 'hint'}><${GatewayWords} texts=${[detail]} /></div>`}
    <p class="hint">${accounts.join(', ')}</p>
  </div>`
}

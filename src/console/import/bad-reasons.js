import { html } from 'htm/preact'
import { number } from '../format.js'
import { GatewayWords } from '../parts/notice.js'
import { words } from '../words/words.js'

/**
 * What is wrong, and what to do: once for all rows of which it is so.
 * @param {{ reasons: readonly import('./reasons.js').Reason[], isAll: boolean }} props `isAll`: no row is bad but those that were looked at
 */
export function BadReasons({ reasons, isAll }) {
  const { bad: said, codes } = words.value.imports
  return html`<ul class="reasons">${reasons.map(({ code, rows, details }) => {
    const known = codes[code]
    const isAlike = details.length === 1
    if (known === undefined && !isAlike) return null
    return html`<li>
      ${known !== undefined && html`<p><strong>${known.what}</strong> <span class="hint">${isAll ? said.ofRows(number(rows), rows) : said.atLeast(number(rows), rows)}</span> <span class="mend">${known.mend}</span></p>`}
      ${isAlike && html`<${GatewayWords} texts=${details} />`}
    </li>`
  })}</ul>`
}

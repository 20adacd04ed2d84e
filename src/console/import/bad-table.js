import { html } from 'htm/preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { failureIn } from '../api/call.js'
import { number } from '../format.js'
import { Notice } from '../parts/notice.js'
import { Pager } from '../parts/pager.js'
import { useNarrow } from '../parts/use-narrow.js'
import { call } from '../session.js'
import { words } from '../words/words.js'
import { BadReasons } from './bad-reasons.js'
import { BadRowLine } from './bad-row-line.js'
import { countMended } from './bad-rows.js'
import { checkMended } from './check-mended.js'
import { reasonsOf } from './reasons.js'

/** @typedef {import('./check-step.js').Mends} Mends */
/** @typedef {ReadonlyMap<number, import('./check-mended.js').Verdict>} Verdicts */

/** On a phone a row is as high as many on a desk, so that fewer are shown at once. */
const mostOnPhone = 10

/**
 * Rows that did not get in: the cell that is to blame is marked, and may be mended where it stands.
 * @param {{ bad: import('./bad-rows.js').BadRows, source: { id: string, listId: string, options: Record<string, any> },
 *   mends: Mends, title: string, canMend?: boolean, onMend: (mends: Mends) => void, fields?: ReadonlyMap<number, string | null> }} props
 *   `source`: the import that they come from
 */
export function BadTable({ bad, source, mends, title, canMend = false, onMend, fields }) {
  const { bad: said } = words.value.imports
  const [verdicts, setVerdicts] = useState(/** @type {Verdicts} */ (new Map()))
  const [from, setFrom] = useState(0)
  const place = useRef(/** @type {HTMLElement | null} */ (null))
  const isNarrow = useNarrow()
  const rows = isNarrow ? bad.rows.slice(from, from + mostOnPhone) : bad.rows
  const reasons = useMemo(() => reasonsOf(bad.rows), [bad])
  const go = (/** @type {-1 | 1} */ by) => {
    setFrom(from + by * mostOnPhone)
    place.current?.focus()
    place.current?.scrollIntoView()
  }
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
    <div class="heading-line"><h2 id="bad-heading">${title}</h2><${ErrorsFile} id=${source.id} /></div>
    <p class="hint">${canMend ? said.mendHint : said.hint} ${bad.isAll ? '' : said.onlyFirst(number(bad.rows.length))}</p>
    ${
      canMend &&
      html`<div class="heading-line"><p class="hint" role="status">${mended > 0 ? said.mended(number(mended), mended) : ''}</p>
        ${mended > 0 && html`<${CheckMended} bad=${bad} source=${source} mends=${mends} onChecked=${setVerdicts} />`}</div>`
    }
    <${BadReasons} reasons=${reasons} isAll=${bad.isAll} />
    <div ref=${place} class="scroll tall" role="region" aria-labelledby="bad-heading" tabindex="0">
      <table class="cards bad-rows">
        <thead><tr><th class="number">${said.row}</th>${shown.map((index) => html`<th>${bad.header[index]}</th>`)}<th>${said.why}</th></tr></thead>
        <tbody>${rows.map(
          (row) => html`<${BadRowLine} key=${row.row} row=${row} header=${bad.header} shown=${shown} canMend=${canMend}
            accounts=${bad.accounts} reasons=${reasons} mends=${mends.get(row.row)} verdict=${verdicts.get(row.row)} onChange=${change} />`,
        )}</tbody>
      </table>
    </div>
    ${rows.length < bad.rows.length && html`<${Pager} label=${title} from=${from + 1} to=${from + rows.length} all=${bad.rows.length} onGo=${go} />`}
  </section>`
}

/**
 * @param {{ bad: import('./bad-rows.js').BadRows, source: { listId: string, options: Record<string, any> }, mends: Mends,
 *   onChecked: (verdicts: Verdicts) => void }} props
 */
function CheckMended({ bad, source: { listId, options }, mends, onChecked }) {
  const { bad: said } = words.value.imports
  const [isAsking, setAsking] = useState(false)
  const [failure, setFailure] = useState(/** @type {import('../api/call.js').Failure | undefined} */ (undefined))
  const gone = useRef(new AbortController())
  useEffect(() => () => gone.current.abort(), [])
  const check = async () => {
    setAsking(true)
    setFailure(undefined)
    try {
      onChecked(await checkMended(bad, mends, listId, options, gone.current.signal))
    } catch (error) {
      setFailure(failureIn(error))
    }
    setAsking(false)
  }
  return html`<button disabled=${isAsking} onClick=${check}>${isAsking ? said.checkingMended : said.checkMended}</button>
    ${failure !== undefined && html`<${Notice} failure=${failure} />`}`
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

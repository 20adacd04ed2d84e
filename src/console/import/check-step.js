import { html } from 'htm/preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { failureIn, mayGoWell } from '../api/call.js'
import { number } from '../format.js'
import { Notice } from '../parts/notice.js'
import { ProgressBar } from '../parts/progress-bar.js'
import { goTo } from '../router.js'
import { words } from '../words/words.js'
import { countMended, mendedFile, optionsOfMended } from './bad-rows.js'
import { BadTable } from './bad-table.js'
import { draft as current } from './draft.js'
import { sendFile } from './send-file.js'
import { startTrial } from './trial.js'
import { TrialSummary, willGetIn } from './trial-summary.js'

/** @typedef {Map<number, ReadonlyMap<number, string>>} Mends by row and cell */

/** The whole file is checked, and nothing is sent; then it may be. @param {{ draft: import('./draft.js').Draft }} props */
export function CheckStep({ draft }) {
  const { check: said } = words.value.imports
  const [trial, setTrial] = useState(/** @type {import('./trial.js').Trial | undefined} */ (undefined))
  const mends = draft.mends.value
  /** @param {Mends} next */
  const setMends = (next) => {
    draft.mends.value = next
  }
  useEffect(() => {
    const started = startTrial(draft.file, draft.listId, draft.options.peek())
    setTrial(started)
    return () => started.leave()
  }, [])
  const state = trial?.state.value
  const bad = trial?.bad.value
  const back = () => {
    draft.step.value = 'columns'
  }
  const isKnown = state !== undefined && bad !== undefined
  return html`
    <p class="visually-hidden" role="status">${isKnown ? `${number(willGetIn(state))} ${said.wouldGetIn(number(state.rows), willGetIn(state))}` : ''}</p>
    ${
      trial?.failure.value !== undefined &&
      html`<${Notice} failure=${trial.failure.value}>
      ${mayGoWell(trial.failure.value) && html`<p><button onClick=${trial.again}>${words.value.again}</button></p>`}
    <//>`
    }
    ${trial !== undefined && trial.failure.value === undefined && bad === undefined && html`<${Checking} trial=${trial} />`}
    ${
      trial !== undefined &&
      state !== undefined &&
      bad !== undefined &&
      html`
        <${TrialSummary} state=${state} />
        ${bad.rows.length > 0 && html`<${BadTable} bad=${bad} source=${{ id: state.id, listId: draft.listId, options: trial.options }} mends=${mends} fields=${draft.chosen.value} canMend onMend=${setMends} title=${said.badRows} />`}
        <${Send} draft=${draft} state=${state} bad=${bad} mends=${mends} onBack=${back} onSent=${trial.leave} />
      `
    }
    ${bad === undefined && html`<div class="actions"><button onClick=${back}>${said.back}</button></div>`}
  `
}

/** @param {{ trial: import('./trial.js').Trial }} props */
function Checking({ trial }) {
  const { check: said } = words.value.imports
  const state = trial.state.value
  const counts = state === undefined ? [] : Object.values(state.progress)
  const left = Math.max(0, ...counts.map(({ pending = 0 }) => pending))
  const checked = state === undefined ? 0 : state.rows - left
  return html`<section class="card" aria-busy="true">
    ${
      state === undefined
        ? html`<${ProgressBar} label=${said.uploading} share=${trial.uploaded.value} />`
        : html`<${ProgressBar} label=${said.checking(number(checked), number(state.rows))} share=${state.rows === 0 ? 1 : checked / state.rows} />`
    }
    <p class="hint">${said.nothingSent}</p>
    ${trial.trouble.value !== undefined && html`<${Notice} failure=${trial.trouble.value} />`}
  </section>`
}

/**
 * @param {{ draft: import('./draft.js').Draft, state: import('./follow-import.js').Import, bad: import('./bad-rows.js').BadRows,
 *   mends: Mends, onBack: () => void, onSent: () => void }} props
 */
function Send({ draft, state, bad, mends, onBack, onSent }) {
  const { check: said } = words.value.imports
  const [share, setShare] = useState(/** @type {number | undefined} */ (undefined))
  const [failure, setFailure] = useState(/** @type {import('../api/call.js').Failure | undefined} */ (undefined))
  const [sentId, setSentId] = useState('')
  const gone = useRef(new AbortController())
  useEffect(() => () => gone.current.abort(), [])
  const mended = countMended(bad, mends)
  const good = willGetIn(state)
  const send = async () => {
    setFailure(undefined)
    setShare(0)
    const how = { onProgress: setShare, signal: gone.current.signal }
    try {
      const id = sentId !== '' ? sentId : (await sendFile(draft.file, draft.listId, draft.options.peek(), how)).id
      setSentId(id)
      const options = optionsOfMended(draft.options.peek())
      const second = mended === 0 ? undefined : await sendFile(mendedFile(bad, mends), draft.listId, options, how)
      onSent()
      current.value = undefined
      goTo('imports', id, ...(second === undefined ? [] : ['with', second.id]))
    } catch (error) {
      setFailure(failureIn(error))
      setShare(undefined)
    }
  }
  const isSending = share !== undefined
  return html`<section class="send">
    ${failure !== undefined && html`<${Notice} failure=${failure}>${html`<p>${sentId === '' ? said.notSent : said.mendsNotSent}</p>`}<//>`}
    ${isSending && html`<${ProgressBar} label=${said.uploading} share=${share} />`}
    ${good + mended === 0 && html`<div class="notice bad" role="status"><p>${said.nothingGetsIn}</p></div>`}
    <div class="actions">
      <button class="main" disabled=${isSending || good + mended === 0} onClick=${send}>${failure === undefined ? said.send(number(good), number(mended), good, mended) : words.value.again}</button>
      <button disabled=${isSending} onClick=${onBack}>${said.back}</button>
    </div>
    ${bad.rows.length > 0 && html`<p class="hint">${said.badStay(mended > 0)}</p>`}
  </section>`
}

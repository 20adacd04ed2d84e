import { html } from 'htm/preact'
import { useEffect, useState } from 'preact/hooks'
import { failureIn } from '../api/call.js'
import { moment, number } from '../format.js'
import { Notice } from '../parts/notice.js'
import { Steps } from '../parts/steps.js'
import { hrefOf } from '../router.js'
import { call } from '../session.js'
import { words } from '../words/words.js'
import { AccountOutcome, unfinishedRows } from './account-outcome.js'
import { loadBadRows } from './bad-rows.js'
import { followImport } from './follow-import.js'
import { StatusBadge, titleOf } from './import-labels.js'
import { MendAgain } from './mend-again.js'
import { Pace } from './pace.js'
import { hasBadRows } from './trial.js'
import { columnsLost } from './trial-summary.js'

/** @typedef {import('./follow-import.js').Import} Import */
/** @typedef {import('../api/call.js').Failure} Failure */

/** An import on its way, and its end. Its address has its id, so that it may be closed and opened again. @param {{ id: string, mendedId?: string }} props */
export function WatchPage({ id, mendedId }) {
  const { imports } = words.value
  const { watch: said } = imports
  const [state, setState] = useState(/** @type {Import | undefined} */ (undefined))
  const [trouble, setTrouble] = useState(/** @type {Failure | undefined} */ (undefined))
  const [failure, setFailure] = useState(/** @type {Failure | undefined} */ (undefined))
  const [bad, setBad] = useState(/** @type {import('./bad-rows.js').BadRows | undefined} */ (undefined))
  useEffect(() => {
    const gone = new AbortController()
    const watch = async () => {
      const ended = await followImport(id, { onState: setState, onTrouble: setTrouble }, gone.signal)
      if (hasBadRows(ended)) setBad(await loadBadRows(ended, gone.signal))
    }
    watch().catch((error) => {
      if (!gone.signal.aborted) setFailure(failureIn(error))
    })
    return () => gone.abort()
  }, [id])
  const isEnded = state?.finishedAt !== undefined
  return html`
    <p class="visually-hidden" role="status">${isEnded ? said.ended : ''}</p>
    <${Steps} steps=${imports.steps} at=${isEnded ? 4 : 3} />
    <div class="heading-line"><h1 tabindex="-1">${isEnded ? said.ended : said.title}</h1>${state !== undefined && html`<${StatusBadge} status=${state.status} />`}</div>
    ${failure !== undefined && html`<${Notice} failure=${failure} /><p><a href=${hrefOf('imports')}>${said.toStart}</a></p>`}
    ${state === undefined && failure === undefined && trouble === undefined && html`<p role="status">${words.value.loading}</p>`}
    ${trouble !== undefined && html`<div class="notice" role="status"><p><strong>${said.lost}</strong> ${said.goesOn}</p></div>`}
    ${state !== undefined && html`<${Progress} state=${state} onState=${setState} />`}
    ${mendedId !== undefined && html`<div class="notice good"><p>${said.mended} <a href=${hrefOf('imports', mendedId)}>${said.lookAtMended}</a></p></div>`}
    ${state !== undefined && isEnded && html`<${End} state=${state} bad=${bad} hasMended=${mendedId !== undefined} />`}
  `
}

/** @param {{ state: Import, onState: (state: Import) => void }} props */
function Progress({ state, onState }) {
  const { watch: said } = words.value.imports
  const [failure, setFailure] = useState(/** @type {Failure | undefined} */ (undefined))
  const [isCanceling, setCanceling] = useState(false)
  const isEnded = state.finishedAt !== undefined
  const cancel = async () => {
    setCanceling(true)
    setFailure(undefined)
    try {
      onState(await (await call('POST', `/imports/${state.id}/cancel`)).json())
    } catch (error) {
      setFailure(failureIn(error))
      setCanceling(false)
    }
  }
  return html`
    <p class="lead">${said.what(number(state.rows), titleOf(state.listId), moment(state.createdAt), state.rows)}</p>
    ${!isEnded && html`<${Pace} state=${state} /><p class="hint">${said.mayClose}</p>`}
    <h2 class="visually-hidden">${said.outcome}</h2>
    <div class="accounts">
      ${Object.entries(state.progress).map(
        ([
          account,
          counts,
        ]) => html`<${AccountOutcome} key=${account} account=${account} rows=${state.rows} counts=${counts}
          reasons=${state.skippedBecause[account] ?? {}} losses=${state.losses[account] ?? {}} columns=${columnsLost(state, account)} isEnded=${isEnded} />`,
      )}
    </div>
    ${failure !== undefined && html`<${Notice} failure=${failure} />`}
    ${
      !isEnded &&
      unfinishedRows(state) > 0 &&
      html`<div class="actions"><button class="danger" disabled=${isCanceling} onClick=${cancel}>${isCanceling ? said.canceling : said.cancel}</button>
      <span class="hint">${said.cancelHint}</span></div>`
    }
  `
}

/** @param {{ state: Import, bad: import('./bad-rows.js').BadRows | undefined, hasMended: boolean }} props */
function End({ state, bad, hasMended }) {
  const { watch: said } = words.value.imports
  return html`
    ${!hasBadRows(state) && state.status === 'completed' && html`<div class="notice good" role="status"><p><strong>${said.allIn}</strong> ${said.allInHint}</p></div>`}
    ${state.status === 'canceled' && html`<div class="notice" role="status"><p>${said.canceled}</p></div>`}
    ${bad !== undefined && bad.rows.length > 0 && html`<${MendAgain} state=${state} bad=${bad} hasMended=${hasMended} />`}
    <div class="actions"><a class="button" href=${hrefOf('imports')}>${said.another}</a></div>
  `
}

import { html } from 'htm/preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { failureIn } from '../api/call.js'
import { number } from '../format.js'
import { Notice } from '../parts/notice.js'
import { ProgressBar } from '../parts/progress-bar.js'
import { goTo } from '../router.js'
import { words } from '../words/words.js'
import { countMended, mendedFile, optionsOfMended } from './bad-rows.js'
import { BadTable } from './bad-table.js'
import { sendFile } from './send-file.js'

/**
 * The rows that did not get in, which may be mended and sent again to the accounts that lack them.
 * @param {{ state: import('./follow-import.js').Import, bad: import('./bad-rows.js').BadRows, hasMended: boolean }} props
 */
export function MendAgain({ state, bad, hasMended }) {
  const { bad: said, check } = words.value.imports
  const [mends, setMends] = useState(/** @type {import('./check-step.js').Mends} */ (new Map()))
  const [share, setShare] = useState(/** @type {number | undefined} */ (undefined))
  const [failure, setFailure] = useState(/** @type {import('../api/call.js').Failure | undefined} */ (undefined))
  const gone = useRef(new AbortController())
  useEffect(() => () => gone.current.abort(), [])
  const mended = countMended(bad, mends)
  const canMend = bad.rows.some(({ blames }) => blames.some(({ index }) => index >= 0)) && !state.validateOnly
  const mapping = /** @type {Record<string, string | null> | undefined} */ (state.options.mapping)
  // Without a mapping it is not known here what the columns were taken for.
  const fields = mapping && new Map(bad.header.map((name, index) => [index, mapping[name] ?? null]))
  const send = async () => {
    setFailure(undefined)
    setShare(0)
    try {
      const how = { onProgress: setShare, signal: gone.current.signal }
      const { id } = await sendFile(mendedFile(bad, mends), state.listId, optionsOfMended(state.options), how)
      goTo('imports', id)
    } catch (error) {
      setFailure(failureIn(error))
      setShare(undefined)
    }
  }
  return html`
    ${hasMended && html`<p class="hint">${said.someMended}</p>`}
    <${BadTable} bad=${bad} source=${state} mends=${mends} fields=${fields} title=${said.title} canMend=${canMend} onMend=${setMends} />
    ${failure !== undefined && html`<${Notice} failure=${failure} />`}
    ${share !== undefined && html`<${ProgressBar} label=${check.uploading} share=${share} />`}
    ${canMend && html`<div class="actions"><button class="main" disabled=${mended === 0 || share !== undefined} onClick=${send}>${said.sendMended(number(mended), mended)}</button></div>`}
  `
}

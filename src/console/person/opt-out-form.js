import { html } from 'htm/preact'
import { useRef, useState } from 'preact/hooks'
import { failureIn } from '../api/call.js'
import { newKey } from '../parts/new-key.js'
import { Notice, ownWords, Said } from '../parts/notice.js'
import { call } from '../session.js'
import { words } from '../words/words.js'
import { textOf } from './address-text.js'

const reasons = /** @type {const} */ (['opt_out', 'complaint', 'manual'])
const channels = /** @type {const} */ ({ email: ['*', 'email'], phone: ['*', 'sms', 'whatsapp'] })

/** Somebody does not want to be contacted. @param {{ address: import('./person-page.js').Address, onDone: () => void }} props */
export function OptOutForm({ address, onDone }) {
  const { people } = words.value
  const [reason, setReason] = useState('opt_out')
  const [channel, setChannel] = useState('*')
  const [note, setNote] = useState('')
  const [failure, setFailure] = useState(/** @type {import('../api/call.js').Failure | undefined} */ (undefined))
  const [refusal, setRefusal] = useState(/** @type {{ code: string, detail: string } | undefined} */ (undefined))
  const [isDone, setDone] = useState(false)
  const [isAsking, setAsking] = useState(false)
  // A press that was not answered is repeated as the same.
  const key = useRef(newKey())
  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault()
    setAsking(true)
    setFailure(undefined)
    setRefusal(undefined)
    try {
      const entry = {
        ...address,
        channels: [channel],
        reason,
        source: 'console',
        ...(note.trim() !== '' && { note: note.trim() }),
      }
      const headers = { 'idempotency-key': key.current }
      const answer = await (await call('POST', '/suppressions', { json: { suppressions: [entry] }, headers })).json()
      const [result] = answer.results
      if (result.status === 'rejected') setRefusal(result.error)
      else {
        setDone(true)
        onDone()
      }
      key.current = newKey()
    } catch (error) {
      const told = failureIn(error)
      if (told.kind === 'problem' && told.status < 500) key.current = newKey()
      setFailure(told)
    }
    setAsking(false)
  }
  if (isDone)
    return html`<div class="notice good" role="status"><p><strong>${people.optOutDone(textOf(address))}</strong> ${people.optOutDoneHint}</p></div>`
  return html`<form class="card" onSubmit=${submit}>
    <h3>${people.optOutTitle(textOf(address))}</h3>
    <fieldset><legend>${people.channel}</legend>
      ${channels['email' in address ? 'email' : 'phone'].map(
        (one) =>
          html`<label class="choice"><input type="radio" name="channel" checked=${channel === one} onChange=${() => setChannel(one)} /><span>${people.channels[one]}</span></label>`,
      )}
    </fieldset>
    <div class="fields">
      <label>${people.reason}<select value=${reason} onChange=${(/** @type {any} */ event) => setReason(event.currentTarget.value)}>
        ${reasons.map((one) => html`<option value=${one}>${people.reasons[one]}</option>`)}</select></label>
      <label>${people.note}<input value=${note} maxlength="256" onInput=${(/** @type {any} */ event) => setNote(event.currentTarget.value)} /></label>
    </div>
    <p class="hint">${people.optOutHint}</p>
    ${failure !== undefined && html`<${Notice} failure=${failure} />`}
    ${refusal !== undefined && html`<div class="notice bad" role="alert"><${Said} own=${ownWords(refusal.code)} texts=${[refusal.detail]} /></div>`}
    <div class="actions"><button class="main" disabled=${isAsking}>${people.optOutGo}</button></div>
  </form>`
}

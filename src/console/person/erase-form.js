import { html } from 'htm/preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { failureIn } from '../api/call.js'
import { newKey } from '../parts/new-key.js'
import { Notice } from '../parts/notice.js'
import { goTo } from '../router.js'
import { call } from '../session.js'
import { words } from '../words/words.js'
import { isSameAddress, textOf } from './address-text.js'
import { AccountErasures } from './receipt.js'

/** Somebody is to be forgotten everywhere: shown first, typed again, and only then done. @param {{ address: import('./person-page.js').Address }} props */
export function EraseForm({ address }) {
  const { people } = words.value
  const text = textOf(address)
  const [preview, setPreview] = useState(/** @type {import('./receipt.js').AccountErasure[] | undefined} */ (undefined))
  const [failure, setFailure] = useState(/** @type {import('../api/call.js').Failure | undefined} */ (undefined))
  const [again, setAgain] = useState('')
  const [reference, setReference] = useState('')
  const [isAsking, setAsking] = useState(false)
  const key = useRef(newKey())
  useEffect(() => {
    call('POST', '/erasures', { query: { validateOnly: true }, json: address })
      .then((response) => response.json())
      .then(({ accounts }) => setPreview(accounts))
      .catch((error) => setFailure(failureIn(error)))
  }, [])
  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault()
    if (!isSameAddress(again, text)) return
    setAsking(true)
    setFailure(undefined)
    try {
      const json = { ...address, ...(reference.trim() !== '' && { reference: reference.trim() }) }
      const { id } = await (
        await call('POST', '/erasures', { json, headers: { 'idempotency-key': key.current } })
      ).json()
      goTo('people', 'erasures', id)
    } catch (error) {
      const told = failureIn(error)
      if (told.kind === 'problem' && told.status < 500) key.current = newKey()
      setFailure(told)
      setAsking(false)
    }
  }
  return html`<form class="card danger-card" onSubmit=${submit}>
    <h3>${people.eraseTitle(text)}</h3>
    <p>${people.eraseLead}</p>
    ${preview !== undefined && html`<${AccountErasures} accounts=${preview} isPreview />`}
    ${failure !== undefined && html`<${Notice} failure=${failure} />`}
    <div class="fields">
      <label>${people.reference}<input value=${reference} maxlength="128" onInput=${(/** @type {any} */ event) => setReference(event.currentTarget.value)} /></label>
      <label>${people.typeAgain}<input value=${again} autocomplete="off" autocapitalize="off" spellcheck=${false}
        onInput=${(/** @type {any} */ event) => setAgain(event.currentTarget.value)} /></label>
    </div>
    <div class="actions"><button class="danger" disabled=${isAsking || !isSameAddress(again, text)}>${people.eraseGo}</button>
      <span class="hint">${people.cannotUndo}</span></div>
  </form>`
}

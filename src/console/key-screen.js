import { html } from 'htm/preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { failureIn } from './api/call.js'
import { languageMenu } from './parts/language-menu.js'
import { Notice } from './parts/notice.js'
import { signIn, signOut } from './session.js'
import { words } from './words/words.js'

/** @typedef {import('./api/call.js').Failure} Failure */

/** What is seen first: a key, and nothing else. @param {{ why?: Failure }} props */
export function KeyScreen({ why }) {
  const { key } = words.value
  return html`<main class="alone">
    <div class="card">
      <p class="brand">contact-gateway</p>
      <h1 tabindex="-1">${key.title}</h1>
      <p class="lead">${key.lead}</p>
      <${KeyForm} why=${why} />
      <p class="hint">${key.kept}</p>
    </div>
    <p class="aside">${languageMenu()}</p>
  </main>`
}

/** The key was taken a moment ago and no longer is. What is behind this stays as it is. @param {{ why: Failure }} props */
export function KeyDialog({ why }) {
  const { key } = words.value
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null))
  useEffect(() => dialog.current?.showModal(), [])
  return html`<dialog ref=${dialog} aria-labelledby="key-again" onCancel=${(/** @type {Event} */ event) => event.preventDefault()}>
    <h2 id="key-again">${key.again}</h2>
    <p>${key.stays}</p>
    <${KeyForm} why=${why} />
    <p class="hint"><button class="link" onClick=${signOut}>${key.leave}</button></p>
  </dialog>`
}

/** @param {{ why?: Failure }} props */
function KeyForm({ why }) {
  const { key } = words.value
  const [failure, setFailure] = useState(why)
  const [isAsking, setAsking] = useState(false)
  const input = useRef(/** @type {HTMLInputElement | null} */ (null))
  useEffect(() => input.current?.focus(), [])
  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault()
    const typed = input.current?.value ?? ''
    if (typed.trim() === '') return input.current?.focus()
    setAsking(true)
    setFailure(undefined)
    try {
      await signIn(typed)
    } catch (error) {
      setFailure(failureIn(error))
      setAsking(false)
      input.current?.select()
    }
  }
  return html`<form onSubmit=${submit}>
    ${failure !== undefined && html`<${Notice} failure=${failure} />`}
    <label for="key">${key.label}</label>
    <input id="key" ref=${input} type="password" autocomplete="off" autocapitalize="off" spellcheck=${false} required
      placeholder="cgw_…" aria-invalid=${failure?.code === 'unauthorized' ? 'true' : undefined} />
    <div class="actions"><button class="main" disabled=${isAsking}>${isAsking ? key.asking : key.go}</button></div>
  </form>`
}

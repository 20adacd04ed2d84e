import { html } from 'htm/preact'
import { useState } from 'preact/hooks'
import { failureIn } from '../api/call.js'
import { Notice } from '../parts/notice.js'
import { call, may } from '../session.js'
import { words } from '../words/words.js'
import { EraseForm } from './erase-form.js'
import { FoundPerson } from './found-person.js'
import { OptOutForm } from './opt-out-form.js'
import { Receipt } from './receipt.js'

/**
 * An address as it was typed: `phone` or `email`.
 * @typedef {{ phone: string } | { email: string }} Address
 * @typedef {{ account: string, provider: string, status: string, contacts?: Record<string, any>[], detail?: string }} PersonAt
 * @typedef {{ id: string, hint: string, channels: string[], reason: string, source: string, note?: string, saidAt: string }} Suppression
 * @typedef {{ suppressions: Suppression[], accounts: PersonAt[], complete: boolean }} Person
 */

/** @param {{ parts: readonly string[] }} props */
export function PersonPage({ parts: [kind, id] }) {
  if (kind === 'erasures' && id !== undefined && may('erasures')) return html`<${Receipt} key=${id} id=${id} />`
  return html`<${FindPage} />`
}

function FindPage() {
  const { people } = words.value
  const [typed, setTyped] = useState('')
  const [address, setAddress] = useState(/** @type {Address | undefined} */ (undefined))
  const [person, setPerson] = useState(/** @type {Person | undefined} */ (undefined))
  const [failure, setFailure] = useState(/** @type {import('../api/call.js').Failure | undefined} */ (undefined))
  const [isAsking, setAsking] = useState(false)
  const maySearch = may('people:read')

  /** @param {Address} wanted */
  const search = async (wanted) => {
    setAsking(true)
    setFailure(undefined)
    try {
      setPerson(await (await call('POST', '/people/search', { json: wanted })).json())
    } catch (error) {
      setFailure(failureIn(error))
      setPerson(undefined)
    }
    setAsking(false)
  }
  const find = (/** @type {Event} */ event) => {
    event.preventDefault()
    const wanted = addressIn(typed)
    if (wanted === undefined) return
    setAddress(wanted)
    setPerson(undefined)
    if (maySearch) search(wanted)
  }
  const again = () => {
    if (address !== undefined && maySearch) search(address)
  }
  return html`
    <h1 tabindex="-1">${people.title}</h1>
    <p class="lead">${maySearch ? people.lead : people.leadWithoutSearch}</p>
    <form class="card search" role="search" onSubmit=${find}>
      <label for="address">${people.label}</label>
      <div class="line">
        <input id="address" type="text" value=${typed} autocomplete="off" autocapitalize="off" spellcheck=${false} required aria-describedby="address-hint"
          aria-invalid=${failure?.code === 'validation-failed' ? 'true' : undefined}
          onInput=${(/** @type {any} */ event) => setTyped(event.currentTarget.value)} />
        <button class="main" disabled=${isAsking}>${isAsking ? people.asking : maySearch ? people.find : people.goOn}</button>
      </div>
      <p class="hint" id="address-hint">${people.hint}</p>
    </form>
    <div aria-live="polite">
      ${failure !== undefined && html`<${Notice} failure=${failure} />`}
      ${person !== undefined && html`<${FoundPerson} person=${person} onAgain=${again} />`}
    </div>
    ${address !== undefined && failure?.code !== 'validation-failed' && html`<${Actions} key=${JSON.stringify(address)} address=${address} person=${person} onDone=${again} />`}
  `
}

/** What may be done with the address, by the scopes of the key. @param {{ address: Address, person: Person | undefined, onDone: () => void }} props */
function Actions({ address, person, onDone }) {
  const { people } = words.value
  const [open, setOpen] = useState('')
  const isOut = person?.suppressions.some(({ channels }) => channels.includes('*')) === true
  if (!may('suppressions:write') && !may('erasures')) return null
  return html`<section aria-labelledby="actions-heading">
    <h2 id="actions-heading">${people.actions}</h2>
    <div class="actions">
      ${may('suppressions:write') && html`<button aria-expanded=${open === 'out'} onClick=${() => setOpen(open === 'out' ? '' : 'out')}>${isOut ? people.optOutMore : people.optOut}</button>`}
      ${may('erasures') && html`<button class="danger" aria-expanded=${open === 'erase'} onClick=${() => setOpen(open === 'erase' ? '' : 'erase')}>${people.erase}</button>`}
    </div>
    ${open === 'out' && html`<${OptOutForm} address=${address} onDone=${onDone} />`}
    ${open === 'erase' && html`<${EraseForm} address=${address} />`}
  </section>`
}

/** @param {string} typed @returns {Address | undefined} */
function addressIn(typed) {
  const text = typed.trim()
  if (text === '') return undefined
  return text.includes('@') ? { email: text } : { phone: text }
}

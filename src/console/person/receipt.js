import { html } from 'htm/preact'
import { useState } from 'preact/hooks'
import { failureIn } from '../api/call.js'
import { day, moment, number } from '../format.js'
import { Notice, Said } from '../parts/notice.js'
import { usePolling } from '../parts/use-polling.js'
import { hrefOf } from '../router.js'
import { call, read } from '../session.js'
import { words } from '../words/words.js'

/**
 * @typedef {{ account: string, provider: string, status: string, at?: string, detail: string, attempts: number, by?: string, note?: string }} AccountErasure
 * @typedef {object} Erasure
 * @property {string} id
 * @property {string} [reference]
 * @property {string[]} hints
 * @property {Record<string, string>} [addresses]
 * @property {string} status
 * @property {string} createdAt
 * @property {string} [finishedAt]
 * @property {string} dueAt
 * @property {string[]} suppressionIds
 * @property {AccountErasure[]} accounts
 * @property {{ status: string, importRowsErased: number, heldUntil: string }} gateway
 */

const tones = /** @type {Readonly<Record<string, string>>} */ ({
  deleted: 'good',
  not_found: 'good',
  done_by_hand: 'good',
  by_hand: 'warn',
  pending: 'busy',
  failed: 'bad',
  completed: 'good',
  needs_person: 'warn',
  running: 'busy',
})

/** @param {{ status: string }} props */
export function ErasureBadge({ status }) {
  const named = /** @type {Readonly<Record<string, string>>} */ (words.value.people.erasureStatuses)
  return html`<span class=${`badge ${tones[status] ?? ''}`}>${named[status] ?? status}</span>`
}

/** How far an erasure is, what is left to do by hand, and in the end the receipt. @param {{ id: string }} props */
export function Receipt({ id }) {
  const { people } = words.value
  const { value, failure, again } = usePolling(
    (signal) => read(`/erasures/${encodeURIComponent(id)}`, {}, signal),
    [id],
  )
  const erasure = /** @type {Erasure | undefined} */ (value)
  if (erasure === undefined)
    return html`<h1 tabindex="-1">${people.receipt}</h1>${failure === undefined ? html`<p role="status">${words.value.loading}</p>` : html`<${Notice} failure=${failure} />`}`
  const { status, reference, hints, addresses, createdAt, finishedAt, dueAt, suppressionIds, accounts, gateway } =
    erasure
  const facts = [
    [people.who, addresses === undefined ? hints.join(', ') : Object.values(addresses).join(', ')],
    ...(reference === undefined ? [] : [[people.reference, reference]]),
    [people.receivedHere, moment(createdAt)],
    finishedAt === undefined ? [people.due, day(dueAt)] : [people.finished, moment(finishedAt)],
    [people.suppressedFor, people.entries(number(suppressionIds.length), suppressionIds.length)],
    [
      people.inImports,
      gateway.status === 'done'
        ? people.rowsErased(number(gateway.importRowsErased), gateway.importRowsErased)
        : people.rowsPending,
    ],
    [people.heldUntil, moment(gateway.heldUntil)],
    [people.receiptNumber, id],
  ]
  return html`
    <div class="heading-line"><h1 tabindex="-1">${people.receipt}</h1><${ErasureBadge} status=${status} /></div>
    <p class="lead" role="status">${/** @type {Record<string, string>} */ (people.erasureLeads)[status] ?? ''}</p>
    ${failure !== undefined && html`<${Notice} failure=${failure} />`}
    <section class="card"><dl class="facts-list">${facts.map(([name, said]) => html`<div><dt>${name}</dt><dd>${said}</dd></div>`)}</dl></section>
    <h2>${people.atAccounts}</h2>
    <${AccountErasures} accounts=${accounts} erasureId=${id} onDone=${again} />
    <p class="hint">${addresses === undefined ? people.addressesGone : people.addressesKept}</p>
    <div class="actions no-print"><button onClick=${() => print()}>${people.print}</button><a class="button" href=${hrefOf('people')}>${people.another}</a></div>
  `
}

/** @param {{ accounts: AccountErasure[], isPreview?: boolean, erasureId?: string, onDone?: () => void }} props */
export function AccountErasures({ accounts, isPreview = false, erasureId, onDone }) {
  const { people } = words.value
  const previews = /** @type {Readonly<Record<string, string>>} */ (people.previewStatuses)
  const hints = /** @type {Readonly<Record<string, string>>} */ (people.accountHints)
  return html`<ul class="erasures">${accounts.map(
    (one) => html`<li>
      <p><strong>${one.account}</strong> ${isPreview ? html`<span class=${`badge ${tones[one.status] ?? ''}`}>${previews[one.status] ?? one.status}</span>` : html`<${ErasureBadge} status=${one.status} />`}</p>
      ${!(isPreview && one.status === 'pending') && html`<${Said} own=${hints[one.status]} texts=${isSaidByState(one) ? [] : [one.detail]} />`}
      ${!isPreview && one.status === 'pending' && one.attempts > 0 && html`<p class="hint">${people.askedAgain}</p>`}
      ${!isPreview && one.at !== undefined && html`<p class="hint">${moment(one.at)}${one.attempts > 0 ? ` · ${people.attempts(number(one.attempts), one.attempts)}` : ''}</p>`}
      ${one.by !== undefined && html`<p class="hint">${people.doneBy(one.by)}${one.note === undefined ? '' : `: ${one.note}`}</p>`}
      ${erasureId !== undefined && (one.status === 'by_hand' || one.status === 'failed') && html`<${DoneByHand} erasureId=${erasureId} at=${one} onDone=${onDone} />`}
    </li>`,
  )}</ul>`
}

/** What the gateway says of these is what their names say. */
function isSaidByState(/** @type {AccountErasure} */ { status, attempts }) {
  return status === 'done_by_hand' || (status === 'pending' && attempts === 0)
}

/** @param {{ erasureId: string, at: AccountErasure, onDone: (() => void) | undefined }} props */
function DoneByHand({ erasureId, at, onDone }) {
  const { people } = words.value
  const [by, setBy] = useState('')
  const [note, setNote] = useState('')
  const [failure, setFailure] = useState(/** @type {import('../api/call.js').Failure | undefined} */ (undefined))
  /** @param {string} path @param {unknown} [json] */
  const tell = async (path, json) => {
    setFailure(undefined)
    try {
      await call('POST', `/erasures/${encodeURIComponent(erasureId)}${path}`, json === undefined ? {} : { json })
      onDone?.()
    } catch (error) {
      setFailure(failureIn(error))
    }
  }
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault()
    if (by.trim() === '') return
    tell(`/accounts/${encodeURIComponent(at.account)}/done`, {
      by: by.trim(),
      ...(note.trim() !== '' && { note: note.trim() }),
    })
  }
  return html`<form class="fields no-print" onSubmit=${submit} aria-label=${people.byHandTitle(at.account)}>
    <label>${people.by}<input value=${by} required maxlength="128" autocomplete="name" onInput=${(/** @type {any} */ event) => setBy(event.currentTarget.value)} /></label>
    <label>${people.note}<input value=${note} maxlength="256" onInput=${(/** @type {any} */ event) => setNote(event.currentTarget.value)} /></label>
    <div class="actions"><button>${people.isDone}</button>
      ${at.status === 'failed' && html`<button type="button" onClick=${() => tell('/retry')}>${people.retry}</button>`}</div>
    ${failure !== undefined && html`<${Notice} failure=${failure} />`}
  </form>`
}

import { html } from 'htm/preact'
import { moment } from '../format.js'
import { Said } from '../parts/notice.js'
import { may } from '../session.js'
import { words } from '../words/words.js'

/** Where somebody is, and where nobody can know. @param {{ person: import('./person-page.js').Person, onAgain: () => void }} props */
export function FoundPerson({ person, onAgain }) {
  const { people } = words.value
  const { suppressions, accounts, complete } = person
  const found = accounts.filter(({ status }) => status === 'found').length
  return html`<section>
    <h2>${people.result(found, accounts.length)}</h2>
    ${suppressions.map((entry) => html`<${OptedOut} entry=${entry} />`)}
    ${suppressions.length === 0 && html`<p class="notice"><span>${people.notOptedOut}</span></p>`}
    <div class="accounts">${accounts.map((at) => html`<${AtAccount} at=${at} onAgain=${onAgain} />`)}</div>
    ${!complete && html`<div class="notice warn"><p>${people.incomplete}</p></div>`}
  </section>`
}

/** @param {{ entry: import('./person-page.js').Suppression }} props */
function OptedOut({ entry: { hint, channels, reason, source, note, saidAt } }) {
  const { people } = words.value
  const out = /** @type {Readonly<Record<string, string>>} */ (people.outOf)
  const reasons = /** @type {Readonly<Record<string, string>>} */ (people.reasons)
  const where = channels.map((channel) => out[channel] ?? channel).join(', ')
  return html`<div class="notice bad">
    <p><strong>${people.optedOut(hint, where)}</strong></p>
    <p>${reasons[reason] ?? reason} · ${people.said(moment(saidAt), source)}</p>
    ${note !== undefined && html`<p>${note}</p>`}
  </div>`
}

const tones = /** @type {Readonly<Record<string, string>>} */ ({
  found: 'good',
  not_found: 'quiet',
  not_readable: 'warn',
  failed: 'bad',
})
const shownFields = /** @type {const} */ (['name', 'firstName', 'lastName', 'email', 'phone', 'whatsapp'])

/** @param {{ at: import('./person-page.js').PersonAt, onAgain: () => void }} props */
function AtAccount({ at: { account, status, contacts = [], detail }, onAgain }) {
  const { people } = words.value
  const named = /** @type {Readonly<Record<string, string>>} */ (people.statuses)
  const hints = /** @type {Readonly<Record<string, string>>} */ (people.statusHints)
  return html`<article class="card account">
    <h3>${account} <span class=${`badge ${tones[status] ?? ''}`}>${named[status] ?? status}</span></h3>
    ${detail !== undefined && html`<${Said} own=${hints[status]} texts=${[detail]} />`}
    ${status === 'failed' && may('people:read') && html`<p><button onClick=${onAgain}>${words.value.again}</button></p>`}
    ${contacts.map((contact) => html`<${ContactFacts} contact=${contact} />`)}
  </article>`
}

/** @param {{ contact: Record<string, any> }} props */
function ContactFacts({ contact }) {
  const { people, imports } = words.value
  const { tags, attributes = {}, createdAt, updatedAt, lastActivityAt } = contact
  const facts = [
    ...shownFields.flatMap((field) =>
      contact[field] === undefined ? [] : [[imports.columns.fields[field], contact[field]]],
    ),
    ...(Array.isArray(tags) && tags.length > 0 ? [[imports.columns.fields.tags, tags.join(', ')]] : []),
    ...Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
    ...(createdAt === undefined ? [] : [[people.created, moment(createdAt)]]),
    ...(updatedAt === undefined ? [] : [[people.changed, moment(updatedAt)]]),
    ...(lastActivityAt === undefined ? [] : [[people.active, moment(lastActivityAt)]]),
  ]
  return html`<dl class="facts-list">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

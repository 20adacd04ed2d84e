import { html } from 'htm/preact'
import { milliseconds, moment, number } from '../format.js'
import { GatewayWords, Notice } from '../parts/notice.js'
import { usePolling } from '../parts/use-polling.js'
import { hrefOf } from '../router.js'
import { read } from '../session.js'
import { words } from '../words/words.js'

/**
 * @typedef {{ atMs: number, waitedMs?: { place?: number, pace?: number }, breaker?: string, tookMs?: number, result: string,
 *   providerStatus?: number, next: string, nextInMs?: number }} Attempt
 * @typedef {{ operation: string, contacts: number, attempts: Attempt[] }} Call
 * @typedef {{ account: string, contacts: number, outcomes: Record<string, number>, calls: Call[], callsLeftOut: number }} AtAccount
 * @typedef {{ id: string, method: string, route: string, list?: string, status: number, receivedAt: string, durationMs: number,
 *   deadlineMs?: number, idempotency?: { result: string, firstRequest?: string }, accounts: AtAccount[], explanation: string[] }} Explained
 */

/** What became of one request, step by step. @param {{ id: string }} props */
export function RequestTimeline({ id }) {
  const { status } = words.value
  const { value, failure } = usePolling((signal) => read(`/requests/${encodeURIComponent(id)}`, {}, signal), [id])
  const request = /** @type {Explained | undefined} */ (value)
  return html`
    <p><a href=${hrefOf('status')}>${status.backToStatus}</a></p>
    <h1 tabindex="-1">${status.request}</h1>
    ${failure !== undefined && request === undefined && html`<${Notice} failure=${failure} />`}
    ${request === undefined && failure === undefined && html`<p role="status">${words.value.loading}</p>`}
    ${request !== undefined && html`<${Explanation} request=${request} />`}
  `
}

/** @param {{ request: Explained }} props */
function Explanation({ request }) {
  const { status } = words.value
  const { id, method, route, list, receivedAt, durationMs, idempotency, accounts, explanation } = request
  const ways = /** @type {Readonly<Record<string, string>>} */ (status.idempotency)
  const facts = [
    [status.what, `${method} ${route}`],
    ...(list === undefined ? [] : [[status.list, list]]),
    [status.answer, String(request.status)],
    [status.at, moment(receivedAt)],
    [status.took, milliseconds(durationMs)],
    ...(idempotency === undefined ? [] : [[status.repeat, ways[idempotency.result] ?? idempotency.result]]),
    [status.number, id],
  ]
  return html`
    ${explanation.length > 0 && html`<div class="notice"><${GatewayWords} texts=${explanation} /></div>`}
    <section class="card"><dl class="facts-list">${facts.map(([name, said]) => html`<div><dt>${name}</dt><dd>${said}</dd></div>`)}</dl></section>
    ${accounts.map((at) => html`<${AccountCalls} at=${at} wholeMs=${Math.max(durationMs, 1)} />`)}
  `
}

/** @param {{ at: AtAccount, wholeMs: number }} props */
function AccountCalls({ at: { account, contacts, outcomes, calls, callsLeftOut }, wholeMs }) {
  const { status, imports } = words.value
  const named = /** @type {Readonly<Record<string, (count: number) => string>>} */ (imports.outcomes)
  const said = Object.entries(outcomes).map(
    ([outcome, count]) => `${number(count)} ${named[outcome]?.(count) ?? outcome}`,
  )
  return html`<section class="card">
    <h2>${account}</h2>
    <p>${status.contacts(number(contacts), contacts)}${said.length === 0 ? '' : `: ${said.join(', ')}`}</p>
    ${calls.map(
      ({ operation, attempts }) => html`<h3><code>${operation}</code></h3>
      <ol class="timeline">${attempts.map((attempt) => html`<${Try} attempt=${attempt} wholeMs=${wholeMs} />`)}</ol>`,
    )}
    ${callsLeftOut > 0 && html`<p class="hint">${status.callsLeftOut(number(callsLeftOut))}</p>`}
  </section>`
}

/** @param {{ attempt: Attempt, wholeMs: number }} props */
function Try({ attempt: { atMs, tookMs, result, waitedMs = {}, providerStatus, next, nextInMs }, wholeMs }) {
  const { status } = words.value
  const results = /** @type {Readonly<Record<string, string>>} */ (status.results)
  const nexts = /** @type {Readonly<Record<string, string>>} */ (status.nexts)
  const waited = (waitedMs.place ?? 0) + (waitedMs.pace ?? 0)
  const texts = [
    `${results[result] ?? result}${providerStatus === undefined ? '' : ` (${providerStatus})`}`,
    ...(tookMs === undefined ? [] : [milliseconds(tookMs)]),
    ...(waited > 0 ? [status.waited(milliseconds(waited))] : []),
    ...(next === 'done'
      ? []
      : [`${nexts[next] ?? next}${nextInMs === undefined ? '' : ` ${status.after(milliseconds(nextInMs))}`}`]),
  ]
  return html`<li><span class="when">+${milliseconds(atMs)}</span>
    <span class="track" aria-hidden="true"><span class=${result === 'ok' ? 'good' : 'bad'}
      style=${{ marginLeft: `${Math.min(99, (atMs / wholeMs) * 100)}%`, width: `${Math.max(1, Math.min(100, ((tookMs ?? 0) / wholeMs) * 100))}%` }}></span></span>
    <span>${texts.join(' · ')}</span></li>`
}

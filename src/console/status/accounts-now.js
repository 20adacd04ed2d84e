import { html } from 'htm/preact'
import { milliseconds, number, share } from '../format.js'
import { usePolling } from '../parts/use-polling.js'
import { read } from '../session.js'
import { words } from '../words/words.js'
import { readActivity, recent } from './activity.js'
import { ActivityLine } from './activity-line.js'
import { Section } from './section.js'

const tones = /** @type {Readonly<Record<string, string>>} */ ({ closed: 'good', open: 'bad', 'half-open': 'warn' })

/** Each account: whether it works, how much goes there, and how the last hour was. */
export function AccountsNow() {
  const { status } = words.value
  const providers = usePolling((signal) => read('/providers', {}, signal))
  const activity = usePolling((signal) => read('/accounts/activity', { minutes: 60 }, signal))
  const accounts = /** @type {{ account: string, breaker: string }[]} */ (providers.value?.items ?? [])
  const known = new Map(readActivity(activity.value).map((one) => [one.account, one]))
  return html`<${Section} title=${status.accounts} state=${providers}>
    ${accounts.length === 0 && html`<p class="hint">${status.noAccounts}</p>`}
    ${activity.failure !== undefined && html`<p class="hint" role="status">${activity.failure.status === 404 ? status.noActivity : status.activityAway}</p>`}
    ${activity.value !== undefined && html`<p class="hint">${status.lastFive}</p>`}
    <div class="accounts">${accounts.map(
      ({ account, breaker }) => html`<article class="card account" key=${account}>
        <h3>${account} <span class=${`badge ${tones[breaker] ?? ''}`}>${/** @type {Record<string, string>} */ (status.breakers)[breaker] ?? breaker}</span></h3>
        ${breaker !== 'closed' && html`<p class="hint">${/** @type {Record<string, string>} */ (status.breakerHints)[breaker]}</p>`}
        ${known.has(account) && html`<${Numbers} activity=${known.get(account)} />`}
      </article>`,
    )}</div>
  <//>`
}

/** @param {{ activity: import('./activity.js').Activity }} props */
function Numbers({ activity }) {
  const { status } = words.value
  const { perMinute, failedShare, p95Ms } = recent(activity)
  const facts = [
    [status.perMinute, number(Math.round(perMinute * 10) / 10)],
    [status.failed, failedShare === undefined ? status.noCalls : share(failedShare)],
    [status.p95, p95Ms === undefined ? status.noCalls : milliseconds(p95Ms)],
    [status.waiting, activity.waiting === undefined ? status.notKnown : number(activity.waiting)],
  ]
  return html`<dl class="numbers">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    <${ActivityLine} activity=${activity} />`
}

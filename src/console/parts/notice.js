import { html } from 'htm/preact'
import { duration } from '../format.js'
import { language, words } from '../words/words.js'

/**
 * What went wrong, in plain words, and what to do; then the gateway's own words, where it has more to say.
 * @param {{ failure: import('../api/call.js').Failure, children?: unknown }} props
 */
export function Notice({ failure, children }) {
  const { failures } = words.value
  const { kind, code, detail, requestId, retryAfterSeconds, errors, status } = failure
  if (kind === 'given-up') return null
  const known = /** @type {Readonly<Record<string, { title: string, what: string }>>} */ (failures.byCode)[code]
  const unknown = kind === 'unreadable' ? failures.unreadable(status) : failures.other
  const said = kind === 'offline' ? failures.offline : (known ?? unknown)
  const own = [...new Set([detail, ...errors.map((place) => place.detail)])].filter((text) => text !== '')
  return html`<div class="notice bad" role="alert">
    <p><strong>${said.title}</strong> ${said.what}</p>
    ${retryAfterSeconds !== undefined && html`<p>${failures.wait(duration(retryAfterSeconds))}</p>`}
    ${kind === 'problem' && !failures.speakForThemselves.has(code) && html`<${GatewayWords} texts=${own} />`}
    ${requestId !== '' && status >= 500 && html`<p class="hint">${failures.named} <code>${requestId}</code></p>`}
    ${children}
  </div>`
}

/**
 * The gateway speaks English; a reader of another language is told so.
 * @param {{ texts: readonly string[] }} props
 */
export function GatewayWords({ texts }) {
  if (texts.length === 0) return null
  const foreign = language.value === 'en' ? undefined : 'en'
  return html`<p class="said" lang=${foreign}>${texts.join(' ')}</p>`
}

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
  const places = errors.map((place) => ({ ...place, own: ownWords(place.code) }))
  const own = [...new Set(places.flatMap((place) => place.own ?? []))]
  const theirs = [...new Set([detail, ...places.map((place) => place.detail)])].filter((text) => text !== '')
  return html`<div class="notice bad" role="alert">
    <p><strong>${said.title}</strong> ${said.what}</p>
    ${retryAfterSeconds !== undefined && html`<p>${failures.wait(duration(retryAfterSeconds))}</p>`}
    ${own.map((text) => html`<p>${text}</p>`)}
    ${kind === 'problem' && !failures.speakForThemselves.has(code) && html`<${GatewayWords} texts=${theirs} />`}
    ${requestId !== '' && status >= 500 && html`<p class="hint">${failures.named} <code>${requestId}</code></p>`}
    ${children}
  </div>`
}

/**
 * What is wrong with one value, by its code. In English the gateway's words say it already.
 * @param {string} code
 */
export function ownWords(code) {
  if (isEnglish()) return undefined
  const { failures, imports } = words.value
  const row = imports.codes[code]
  return failures.places[code] ?? (row && `${row.what}. ${row.mend}`)
}

const isEnglish = () => language.value === 'en'

/**
 * The gateway speaks English, and is quoted as it does.
 * @param {{ texts: readonly string[] }} props
 */
export function GatewayWords({ texts }) {
  if (texts.length === 0) return null
  if (isEnglish()) return html`<p class="said">${texts.join(' ')}</p>`
  return html`<blockquote class="said" lang="en">${texts.join(' ')}</blockquote>`
}

/**
 * What a state means: in English in the gateway's words, which are more exact; else in our own, and the gateway is quoted.
 * @param {{ own: string | undefined, texts: readonly string[] }} props
 */
export function Said({ own, texts }) {
  const isOwn = own !== undefined && (texts.length === 0 || !isEnglish())
  return html`${isOwn && html`<p>${own}</p>`}<${GatewayWords} texts=${texts} />`
}

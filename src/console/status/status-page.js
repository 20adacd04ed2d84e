import { html } from 'htm/preact'
import { may } from '../session.js'
import { words } from '../words/words.js'
import { AccountsNow } from './accounts-now.js'
import { ListsNow } from './lists-now.js'
import { OpenErasures } from './open-erasures.js'
import { RequestTimeline } from './request-timeline.js'
import { RunningImports } from './running-imports.js'
import { TroubledRequests } from './troubled-requests.js'

/** How it is: what a key may see of it. @param {{ parts: readonly string[] }} props */
export function StatusPage({ parts: [kind, id] }) {
  const { status } = words.value
  if (kind === 'requests' && id !== undefined) return html`<${RequestTimeline} key=${id} id=${id} />`
  return html`
    <h1 tabindex="-1">${status.title}</h1>
    ${may('contacts:read') && html`<${AccountsNow} />`}
    ${(may('imports') || may('admin')) && html`<${RunningImports} />`}
    ${may('erasures') && html`<${OpenErasures} />`}
    <${TroubledRequests} />
    ${may('contacts:read') && html`<${ListsNow} />`}
  `
}

import { html } from 'htm/preact'
import { useEffect, useState } from 'preact/hooks'
import { failureIn } from './api/call.js'
import { KeyDialog, KeyScreen } from './key-screen.js'
import { languageMenu } from './parts/language-menu.js'
import { later } from './parts/later.js'
import { Notice } from './parts/notice.js'
import { goTo, hrefOf, route } from './router.js'
import { hasKey, may, me, signIn, signOut, turnedAway } from './session.js'
import { words } from './words/words.js'

/** What there is, and which scope it needs. What a key may not do is not shown. */
const areas = /** @type {const} */ ([
  {
    name: 'imports',
    allowed: () => may('imports'),
    page: later(async () => (await import('./import/import-page.js')).ImportPage),
  },
  {
    name: 'people',
    allowed: () => may('people:read') || may('erasures') || may('suppressions:write'),
    page: later(async () => (await import('./person/person-page.js')).PersonPage),
  },
  {
    name: 'status',
    allowed: () => true,
    page: later(async () => (await import('./status/status-page.js')).StatusPage),
  },
])

export function App() {
  if (!hasKey.value) return html`<${KeyScreen} />`
  return me.value === undefined ? html`<${Opening} />` : html`<${Areas} />`
}

function Areas() {
  const open = areas.filter(({ allowed }) => allowed())
  const area = open.find(({ name }) => name === route.value[0]) ?? open[0]
  const title = area === undefined ? '' : words.value.frame[area.name]
  useEffect(() => {
    document.title = `${title} · contact-gateway`
  }, [title])
  return html`
    <a class="skip" href="#content" onClick=${toContent}>${words.value.frame.skip}</a>
    <${Bar} areas=${open} current=${area} />
    <main id="content" tabindex="-1" inert=${turnedAway.value !== undefined}>
      <${area?.page} parts=${route.value.slice(1)} key=${area?.name} />
    </main>
    ${turnedAway.value !== undefined && html`<${KeyDialog} why=${turnedAway.value} />`}
  `
}

/** The address after the `#` is where the reader is, and stays. @param {Event} event */
function toContent(event) {
  event.preventDefault()
  document.getElementById('content')?.focus()
}

/** The key is there; whose it is is being asked. */
function Opening() {
  const [failure, setFailure] = useState(/** @type {import('./api/call.js').Failure | undefined} */ (undefined))
  const open = () => {
    setFailure(undefined)
    signIn().catch((error) => setFailure(failureIn(error)))
  }
  useEffect(open, [])
  if (failure === undefined) return html`<main class="alone"><p role="status">${words.value.frame.opening}</p></main>`
  if (failure.kind === 'problem' && failure.status < 500) return html`<${KeyScreen} why=${failure} />`
  return html`<main class="alone"><div class="card">
    <${Notice} failure=${failure} />
    <div class="actions"><button class="main" onClick=${open}>${words.value.again}</button></div>
  </div></main>`
}

/** @param {{ areas: readonly { name: 'imports' | 'people' | 'status' }[], current: { name: string } | undefined }} props */
function Bar({ areas: open, current }) {
  const { frame } = words.value
  return html`<header class="bar" inert=${turnedAway.value !== undefined}>
    <a class="brand" href=${hrefOf(open[0]?.name ?? '')}><${Mark} /><span>contact-gateway</span></a>
    <nav aria-label=${frame.areas}>
      ${open.map(
        ({ name }) => html`<a href=${hrefOf(name)} aria-current=${current?.name === name ? 'page' : undefined}
          onClick=${() => goTo(name)}>${frame[name]}</a>`,
      )}
    </nav>
    <div class="who">
      ${languageMenu()}
      <span class="client" title=${frame.whose}>${me.value?.client}</span>
      <button class="quiet" onClick=${signOut}>${frame.signOut}</button>
    </div>
  </header>`
}

/** One message that goes out to three. */
export function Mark() {
  return html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" /><path
    d="M8 16h6m0 0 8-8m-8 8h9m-9 0 8 8" /><circle cx="8" cy="16" r="3" /><circle cx="23" cy="8" r="3" /><circle
    cx="24" cy="16" r="3" /><circle cx="23" cy="24" r="3" /></svg>`
}

import { html } from 'htm/preact'
import { useRef } from 'preact/hooks'
import { duration, number } from '../format.js'
import { ProgressBar } from '../parts/progress-bar.js'
import { words } from '../words/words.js'
import { unfinishedRows } from './account-outcome.js'

/** The pace is that of the last seconds. */
const windowMs = 10_000

/** How far the whole is, how fast, and how long it takes still. @param {{ state: import('./follow-import.js').Import }} props */
export function Pace({ state }) {
  const { watch: said } = words.value.imports
  const seen = useRef(/** @type {{ at: number, done: number }[]} */ ([]))
  const done = state.rows - unfinishedRows(state)
  const now = performance.now()
  const last = seen.current.at(-1)
  if (last === undefined || last.done !== done || now - last.at > 900)
    seen.current = [...seen.current.filter(({ at }) => now - at < windowMs), { at: now, done }]
  const first = seen.current[0]
  const rate =
    first === undefined || now - first.at < 1000 ? undefined : ((done - first.done) * 1000) / (now - first.at)
  const texts = [
    ...(rate === undefined || rate <= 0 ? [] : [said.rate(number(Math.round(rate)))]),
    ...(state.etaSeconds === undefined ? [] : [said.left(duration(state.etaSeconds))]),
  ]
  return html`<section class="card">
    <${ProgressBar} label=${state.status === 'queued' ? said.queued : said.done(number(done), number(state.rows))} share=${state.rows === 0 ? 1 : done / state.rows} />
    <p class="hint">${texts.length === 0 ? said.begins : texts.join(' · ')}</p>
  </section>`
}

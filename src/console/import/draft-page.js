import { html } from 'htm/preact'
import { useEffect } from 'preact/hooks'
import { mayGoWell } from '../api/call.js'
import { number, size } from '../format.js'
import { GatewayWords, Notice, Said } from '../parts/notice.js'
import { Steps } from '../parts/steps.js'
import { goTo } from '../router.js'
import { words } from '../words/words.js'
import { CheckStep } from './check-step.js'
import { isWrongAttribute, reachesPeople } from './columns.js'
import { ColumnsTable } from './columns-table.js'
import { draft as current } from './draft.js'
import { FileReading } from './file-reading.js'
import { titleOf } from './import-labels.js'
import { NumberOptions } from './number-options.js'
import { Suggestion } from './suggestion.js'

/** A file before it is sent. @param {{ draft: import('./draft.js').Draft }} props */
export function DraftPage({ draft }) {
  const { imports } = words.value
  const isChecking = draft.step.value === 'check'
  useEffect(() => {
    const warn = (/** @type {BeforeUnloadEvent} */ event) => event.preventDefault()
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [])
  useEffect(() => {
    document.querySelector('h1')?.focus()
  }, [isChecking])
  return html`
    <${Steps} steps=${imports.steps} at=${isChecking ? 2 : 1} />
    <h1 tabindex="-1">${isChecking ? imports.check.title : imports.columns.title}</h1>
    <p class="lead"><span class="file-name">${draft.file.name}</span> · ${size(draft.file.size)} · ${imports.into(titleOf(draft.listId))}</p>
    ${isChecking ? html`<${CheckStep} draft=${draft} />` : html`<${ColumnsStep} draft=${draft} />`}
  `
}

/** @param {{ draft: import('./draft.js').Draft }} props */
function ColumnsStep({ draft }) {
  const { imports } = words.value
  const { columns: said } = imports
  const found = draft.inspection.value
  const leave = () => {
    current.value = undefined
    goTo('imports')
  }
  // A press is not lost because the gateway looks once more at what was chosen just now: what is chosen is what counts.
  const isStuck = found === undefined || draft.failure.value !== undefined
  const wrongAttribute = [...draft.chosen.value.values()].some((field) => field !== null && isWrongAttribute(field))
  const noWay = !isStuck && !reachesPeople(draft.chosen.value)
  const forget = () => {
    draft.takeGuess()
    draft.inspect(true)
  }
  const goOn = () => {
    draft.remember()
    draft.step.value = 'check'
  }
  return html`
    ${draft.isAsking.value && found === undefined && html`<p role="status" class="waiting">${said.looking}</p>`}
    ${draft.failure.value !== undefined && html`<${Refused} draft=${draft} failure=${draft.failure.value} />`}
    ${(found !== undefined || draft.failure.value !== undefined) && html`<${FileReading} draft=${draft} />`}
    ${
      !isStuck &&
      html`
        ${
          draft.isRemembered.value &&
          html`<div class="notice" role="status"><p>${said.remembered}
          <button class="link" onClick=${forget}>${said.forget}</button></p></div>`
        }
        <${ColumnsTable} draft=${draft} />
        <${Warnings} found=${found} />
        <${NumberOptions} draft=${draft} />
        ${
          noWay &&
          html`<div class="notice bad" role="alert"><p>${said.noWay}</p>
          <${Suggestion} draft=${draft} suggests=${found.refusal?.suggests} /></div>`
        }
        ${!noWay && found.refusal !== undefined && html`<div class="notice bad" role="alert"><${Said} own=${refusalWords(found.refusal.code)} texts=${[found.refusal.detail]} /></div>`}
      `
    }
    <div class="actions">
      <button class="main" disabled=${isStuck || noWay || wrongAttribute || draft.isReading.value} onClick=${goOn}>${said.go}</button>
      <button onClick=${leave}>${said.otherFile}</button>
      ${draft.isAsking.value && found !== undefined && html`<span role="status" class="hint">${said.looking}</span>`}
    </div>
    <p class="hint">${said.nothingSent(found === undefined ? '' : number(found.rowsSeen), found?.complete === true)}</p>
  `
}

/** The file is refused as it is; what seems to be right is a press away. @param {{ draft: import('./draft.js').Draft, failure: import('../api/call.js').Failure }} props */
function Refused({ draft, failure }) {
  const canHelp = failure.suggests !== undefined
  return html`<${Notice} failure=${failure}>
    ${canHelp && html`<${Suggestion} draft=${draft} suggests=${failure.suggests} />`}
    ${!canHelp && mayGoWell(failure) && html`<p><button onClick=${() => draft.inspect()}>${words.value.again}</button></p>`}
  <//>`
}

/** @param {string} code */
function refusalWords(code) {
  const known = /** @type {Readonly<Record<string, { title: string, what: string }>>} */ (words.value.failures.byCode)[
    code
  ]
  return known && `${known.title} ${known.what}`
}

/** The table of columns shows these by itself. */
const shownAbove = new Set(['column_ignored', 'columns_merged'])

/**
 * What is true of a column at several accounts is said once.
 * @param {import('./draft.js').Inspection['warnings']} warnings
 */
function alike(warnings) {
  const same = Map.groupBy(warnings, ({ code, column, accounts, detail }) =>
    JSON.stringify([code, column, accounts === undefined ? detail : '']),
  )
  return [...same.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    return [
      {
        ...first,
        accounts: group.flatMap(({ accounts = [] }) => accounts),
        detail: group.map(({ detail }) => detail).join(' '),
      },
    ]
  })
}

/** @param {{ found: import('./draft.js').Inspection }} props */
function Warnings({ found: { warnings, moreWarnings } }) {
  const { columns: said, notes } = words.value.imports
  const others = alike(warnings.filter(({ code }) => !shownAbove.has(code)))
  if (others.length === 0 && moreWarnings === undefined) return null
  return html`<details class="notes" open=${others.length <= 4}>
    <summary>${said.notes(number(others.length + (moreWarnings ?? 0)))}</summary>
    <ul>${others.map(({ code, column, accounts = [], detail }) => html`<li>${notes[code]?.(column, accounts.join(', '))}${(!Object.hasOwn(notes, code) || code === 'field_dropped') && html`<div class="hint"><${GatewayWords} texts=${[detail]} /></div>`}</li>`)}</ul>
    ${moreWarnings !== undefined && html`<p class="hint">${said.moreNotes(number(moreWarnings))}</p>`}
  </details>`
}

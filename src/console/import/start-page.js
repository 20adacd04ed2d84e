import { html } from 'htm/preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { moment, number, size } from '../format.js'
import { Notice } from '../parts/notice.js'
import { usePolling } from '../parts/use-polling.js'
import { goTo, hrefOf } from '../router.js'
import { me, read } from '../session.js'
import { words } from '../words/words.js'
import { createDraft, draft } from './draft.js'
import { StatusBadge, titleOf } from './import-labels.js'
import { forgetLeftTrials } from './left-trials.js'

/** A list and a file, and what was imported before. */
export function StartPage() {
  const { imports } = words.value
  const lists = me.value?.lists ?? []
  const [listId, setListId] = useState(draft.peek()?.listId ?? lists[0]?.id ?? '')
  useEffect(() => {
    forgetLeftTrials()
  }, [])
  return html`
    <h1 tabindex="-1">${imports.title}</h1>
    <p class="lead">${imports.lead}</p>
    <section class="card">
      ${
        lists.length > 1
          ? html`<label for="list">${imports.list}</label>
            <select id="list" value=${listId} onChange=${(/** @type {any} */ event) => setListId(event.currentTarget.value)}>
              ${lists.map(({ id, title }) => html`<option value=${id}>${title}</option>`)}
            </select>`
          : html`<p>${imports.theList(lists[0]?.title ?? '')}</p>`
      }
      <${DropZone} listId=${listId} />
    </section>
    <${Earlier} />
  `
}

/** @param {{ listId: string }} props */
function DropZone({ listId }) {
  const { imports } = words.value
  const [problem, setProblem] = useState('')
  const [isOver, setOver] = useState(false)
  const depth = useRef(0)
  /** @param {FileList | null | undefined} files */
  const take = (files) => {
    const file = files?.[0]
    if (file === undefined) return
    const most = me.peek()?.importBytes ?? Number.POSITIVE_INFINITY
    if (files !== null && files !== undefined && files.length > 1) return setProblem(imports.oneFile)
    if (file.size === 0) return setProblem(imports.emptyFile(file.name))
    if (file.size > most) return setProblem(imports.tooLarge(file.name, size(file.size), size(most)))
    draft.value = createDraft(file, listId)
    draft.value.inspect()
    goTo('imports', 'new')
  }
  const onDrag = (/** @type {DragEvent} */ event, /** @type {number} */ by) => {
    event.preventDefault()
    depth.current += by
    setOver(depth.current > 0)
  }
  return html`
    <label class=${isOver ? 'drop over' : 'drop'} onDragEnter=${(/** @type {DragEvent} */ event) => onDrag(event, 1)}
      onDragLeave=${(/** @type {DragEvent} */ event) => onDrag(event, -1)}
      onDragOver=${(/** @type {DragEvent} */ event) => event.preventDefault()}
      onDrop=${(/** @type {DragEvent} */ event) => {
        onDrag(event, -depth.current)
        take(event.dataTransfer?.files)
      }}>
      <input type="file" accept=".csv,.tsv,.txt,.xlsx,text/csv" aria-describedby="drop-hint"
        onChange=${(/** @type {any} */ event) => {
          take(event.currentTarget.files)
          event.currentTarget.value = ''
        }} />
      <svg class="picture" viewBox="0 0 32 32" aria-hidden="true"><path d="M16 21V7m0 0-5 5m5-5 5 5M6 20v5h20v-5" /></svg>
      <span class="drop-text">${imports.drop} <span class="fake-link">${imports.choose}</span></span>
      <span class="hint" id="drop-hint">${imports.kinds(size(me.value?.importBytes ?? 0))}</span>
    </label>
    ${problem !== '' && html`<div class="notice bad" role="alert"><p>${problem}</p></div>`}
    <p class="hint">${imports.nothingYet}</p>
  `
}

/** What was imported before; it is looked at again while something goes on. */
function Earlier() {
  const { imports } = words.value
  const { value, failure } = usePolling((signal) => read('/imports', { limit: 20 }, signal))
  if (failure !== undefined && value === undefined) return html`<${Notice} failure=${failure} />`
  const items = /** @type {import('./follow-import.js').Import[]} */ (value?.items ?? []).filter(
    (one) => !one.validateOnly,
  )
  if (items.length === 0) return null
  return html`<section>
    <h2>${imports.earlier}</h2>
    <div class="scroll" role="region" aria-label=${imports.earlier} tabindex="0">
      <table class="cards">
        <thead><tr><th>${imports.when}</th><th>${imports.list}</th><th class="number">${imports.rows}</th><th>${imports.state}</th></tr></thead>
        <tbody>${items.map(
          ({ id, createdAt, listId, rows, status }) => html`<tr>
            <td data-label=${imports.when}><a href=${hrefOf('imports', id)}>${moment(createdAt)}</a></td>
            <td data-label=${imports.list}>${titleOf(listId)}</td>
            <td class="number" data-label=${imports.rows}>${number(rows)}</td>
            <td data-label=${imports.state}><${StatusBadge} status=${status} /></td>
          </tr>`,
        )}</tbody>
      </table>
    </div>
  </section>`
}

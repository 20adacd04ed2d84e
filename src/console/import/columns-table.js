import { html } from 'htm/preact'
import { useEffect, useRef } from 'preact/hooks'
import { number } from '../format.js'
import { words } from '../words/words.js'
import { attributeFor, fields, isAttribute, isWrongAttribute, placeOf } from './columns.js'

const settleMs = 700
/** A workbook has to go up whole to be looked at again. */
const mostBytesOfWorkbook = 5_000_000

/** Each column with what it holds and a menu of what it becomes. @param {{ draft: import('./draft.js').Draft }} props */
export function ColumnsTable({ draft }) {
  const { columns: said } = words.value.imports
  const columns = draft.columns.value
  const timer = useRef(0)
  useEffect(() => () => clearTimeout(timer.current), [])
  /** Names that come twice stand for the same. @param {number} index @param {string | null} field */
  const choose = (index, field) => {
    const header = columns.find((column) => column.index === index)?.header
    const same = columns.filter((column) => column.header === header)
    draft.chosen.value = new Map([
      ...draft.chosen.peek(),
      ...same.map((column) => /** @type {const} */ ([column.index, field])),
    ])
    lookAgain()
  }
  const lookAgain = () => {
    clearTimeout(timer.current)
    const isWorkbook = draft.inspection.peek()?.encoding === null
    if (!isWorkbook || draft.file.size < mostBytesOfWorkbook)
      timer.current = setTimeout(() => draft.inspect(true), settleMs)
  }
  /** @param {number} index */
  const countFirst = (index) => {
    draft.order.value = [index, ...draft.order.peek().filter((other) => other !== index)]
    lookAgain()
  }
  const taken = [...draft.chosen.value.values()].filter((field) => field !== null).length
  return html`<section aria-labelledby="columns-heading">
    <h2 id="columns-heading">${said.heading(number(taken), number(columns.length))}</h2>
    <table class="cards columns" inert=${draft.isReading.value} aria-busy=${draft.isReading.value}>
      <thead><tr><th>${said.inFile}</th><th>${said.samples}</th><th>${said.becomes}</th></tr></thead>
      <tbody>
        ${columns.map(
          (
            column,
          ) => html`<${ColumnRow} key=${column.index} column=${column} field=${draft.chosen.value.get(column.index) ?? null}
            place=${placeOf(draft.chosen.value, draft.order.value, column.index)}
            isOwnChoice=${draft.isRemembered.value || (draft.chosen.value.get(column.index) ?? null) !== column.field}
            onChoose=${(/** @type {string | null} */ field) => choose(column.index, field)} onFirst=${() => countFirst(column.index)} />`,
        )}
      </tbody>
    </table>
  </section>`
}

/**
 * @param {{ column: import('./columns.js').InspectedColumn, field: string | null, place: { place: number, of: number } | undefined,
 *   isOwnChoice: boolean, onChoose: (field: string | null) => void, onFirst: () => void }} props
 */
function ColumnRow({ column, field, place, isOwnChoice, onChoose, onFirst }) {
  const { columns: said } = words.value.imports
  const { index, header, samples, confidence, proposal } = column
  const name = header.trim() === '' ? said.nameless(number(index + 1)) : header
  const id = `column-${index}`
  const isOpen = field === null && proposal !== undefined
  const menu = isAttribute(field) ? 'attributes.' : (field ?? '')
  /** @param {any} event */
  const pick = ({ currentTarget }) => {
    const value = currentTarget.value
    onChoose(value === '' ? null : value === 'attributes.' ? attributeFor(header) : value)
  }
  return html`<tr class=${field === null ? 'ignored' : ''}>
    <th scope="row"><label for=${id}>${name}</label></th>
    <td data-label=${said.samples}>${samples.length === 0 ? html`<span class="hint">${said.empty}</span>` : html`<ul class="samples">${samples.map((sample) => html`<li>${sample}</li>`)}</ul>`}</td>
    <td data-label=${said.becomes}>
      <select id=${id} value=${menu} onChange=${pick}>
        <option value="">${said.ignore}</option>
        ${fields.map((one) => html`<option value=${one}>${said.fields[one]}</option>`)}
        <option value="attributes.">${said.attribute}</option>
      </select>
      ${
        isAttribute(field) &&
        html`<label class="attribute">${said.attributeName}<input value=${field?.slice('attributes.'.length)}
          aria-invalid=${field !== null && isWrongAttribute(field) ? 'true' : undefined} maxlength="64" spellcheck=${false}
          onInput=${(/** @type {any} */ event) => onChoose(`attributes.${event.currentTarget.value}`)} /></label>
        ${field !== null && isWrongAttribute(field) && html`<p class="wrong">${said.wrongAttribute}</p>`}`
      }
      ${
        place !== undefined &&
        html`<p class="hint">${said.place(number(place.place), number(place.of))}
          ${place.place > 1 && html` <button class="link" onClick=${onFirst} aria-label=${said.countFirstNamed(name)}>${said.countFirst}</button>`}</p>`
      }
      ${
        isOpen &&
        html`<p class="hint">${said.proposal(said.fields[proposal === 'email' ? 'email' : 'phone'])}
          <button class="link" onClick=${() => onChoose(proposal ?? null)}>${said.takeIt}</button></p>`
      }
      ${!isOwnChoice && field !== null && confidence <= 0.6 && html`<p class="hint check">${said.pleaseCheck}</p>`}
    </td>
  </tr>`
}

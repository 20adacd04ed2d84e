import { html } from 'htm/preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { countryNames } from '../format.js'
import { language, words } from '../words/words.js'
import { countryCodes } from './country-codes.js'

/** How numbers are written, and what becomes of people who are there already. @param {{ draft: import('./draft.js').Draft }} props */
export function NumberOptions({ draft }) {
  const { options: said } = words.value.imports
  const { kind, country } = draft.numbers.value
  const hasNumbers = [...draft.chosen.value.values()].some((field) => field === 'phone' || field === 'whatsapp')
  const isFirst = useRef(true)
  useEffect(() => {
    if (isFirst.current) isFirst.current = false
    else if (draft.numbers.peek().kind !== 'country' || draft.numbers.peek().country !== '') draft.inspect(true)
  }, [kind, country])
  /** @param {import('./draft.js').Numbers['kind']} wanted */
  const choose = (wanted) => {
    draft.numbers.value = { kind: wanted, country }
  }
  const names = useMemo(
    () => (kind === 'country' ? countryNames(countryCodes, language.value) : []),
    [kind, language.value],
  )
  return html`<section class="card">
    ${
      hasNumbers &&
      html`<fieldset>
        <legend>${said.numbers}</legend>
        <label class="choice"><input type="radio" name="numbers" checked=${kind === 'plus'} onChange=${() => choose('plus')} />
          <span>${said.plus}<span class="hint">${said.plusHint}</span></span></label>
        <label class="choice"><input type="radio" name="numbers" checked=${kind === 'country'} onChange=${() => choose('country')} />
          <span>${said.national}<span class="hint">${said.nationalHint}</span></span></label>
        ${
          kind === 'country' &&
          html`<label class="inner">${said.country}<select value=${country} aria-invalid=${country === '' ? 'true' : undefined}
            onChange=${(/** @type {any} */ event) => {
              draft.numbers.value = { kind, country: event.currentTarget.value }
            }}>
            <option value="">${said.chooseCountry}</option>
            ${names.map(({ code, name }) => html`<option value=${code}>${name}</option>`)}
          </select></label>`
        }
        <label class="choice"><input type="radio" name="numbers" checked=${kind === 'international'} onChange=${() => choose('international')} />
          <span>${said.international}<span class="hint">${said.internationalHint}</span></span></label>
      </fieldset>`
    }
    <fieldset>
      <legend>${said.conflict}</legend>
      ${(/** @type {const} */ (['update', 'skip'])).map(
        (
          policy,
        ) => html`<label class="choice"><input type="radio" name="conflict" checked=${draft.onConflict.value === policy}
          onChange=${() => {
            draft.onConflict.value = policy
          }} /><span>${said[policy]}</span></label>`,
      )}
    </fieldset>
  </section>`
}

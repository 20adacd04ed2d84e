import { html } from 'htm/preact'
import { number } from '../format.js'
import { words } from '../words/words.js'
import { Suggestion } from './suggestion.js'

/** What files of these countries are mostly in; the gateway takes any other name of the Encoding Standard too. */
const encodings = [
  'windows-1252',
  'iso-8859-15',
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1254',
  'macintosh',
  'gb18030',
  'big5',
  'shift_jis',
  'euc-kr',
  'koi8-r',
]
const delimiters = /** @type {const} */ ([',', ';', '\t', '|'])

/** How the file is read, and another way to read it. @param {{ draft: import('./draft.js').Draft }} props */
export function FileReading({ draft }) {
  const { reading: said } = words.value.imports
  const found = draft.inspection.value
  const isWorkbook = found !== undefined && found.encoding === null
  const { encoding, delimiter, headerRow } = draft.reading.value
  /** @param {object} change */
  const readAs = (change) => {
    draft.reading.value = Object.fromEntries(
      Object.entries({ ...draft.reading.peek(), ...change }).filter(([, value]) => value !== undefined),
    )
    draft.inspect()
  }
  const doubt = found?.warnings.find(({ suggests }) => suggests !== undefined)
  const value = (/** @type {any} */ event) => event.currentTarget.value
  return html`<section class="card reading">
    ${
      found !== undefined && draft.failure.value === undefined
        ? html`<p class="facts">${isWorkbook ? said.workbook : said.text(found.encoding ?? '', said.delimiters[found.delimiter ?? ','] ?? '')}
            <span>${said.header(number(found.headerRow))}</span>
            <span>${said.rows(number(found.rowsSeen), found.complete)}</span></p>`
        : html`<p class="facts">${said.notRead}</p>`
    }
    ${doubt !== undefined && html`<${Suggestion} draft=${draft} suggests=${doubt.suggests} />`}
    <details open=${draft.failure.value !== undefined}>
      <summary>${said.change}</summary>
      <div class="fields">
        ${
          !isWorkbook &&
          html`<label>${said.encoding}<select value=${encoding ?? ''} onChange=${(/** @type {Event} */ event) => readAs({ encoding: value(event) || undefined })}>
              <option value="">${said.byItself}</option>
              ${encodings.map((name) => html`<option value=${name}>${said.encodings[name] ?? name} (${name})</option>`)}
              ${encoding !== undefined && !encodings.includes(encoding) && html`<option value=${encoding}>${encoding}</option>`}
            </select></label>
            <label>${said.delimiter}<select value=${delimiter ?? ''} onChange=${(/** @type {Event} */ event) => readAs({ delimiter: value(event) || undefined })}>
              <option value="">${said.byItself}</option>
              ${delimiters.map((one) => html`<option value=${one}>${said.delimiters[one]}</option>`)}
            </select></label>`
        }
        <label>${said.headerRow}<input type="number" min="1" max="1000" inputmode="numeric" placeholder=${found === undefined ? '' : String(found.headerRow)}
          value=${headerRow ?? ''} onChange=${(/** @type {Event} */ event) => readAs({ headerRow: Number(value(event)) || undefined })} /></label>
      </div>
    </details>
  </section>`
}

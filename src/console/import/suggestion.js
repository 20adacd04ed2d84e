import { html } from 'htm/preact'
import { number } from '../format.js'
import { words } from '../words/words.js'

/** Reads the file in the way that seems to be right. @param {{ draft: import('./draft.js').Draft, suggests: { encoding?: string | null, headerRow?: number } | undefined }} props */
export function Suggestion({ draft, suggests }) {
  const { columns: said } = words.value.imports
  if (suggests === undefined) return null
  const take = () => {
    const { encoding, headerRow } = suggests
    const { encoding: before, ...others } = draft.reading.peek()
    const kept = encoding === undefined ? before : (encoding ?? undefined)
    draft.reading.value = {
      ...others,
      ...(kept !== undefined && { encoding: kept }),
      ...(headerRow !== undefined && { headerRow }),
    }
    draft.inspect()
  }
  const what =
    suggests.headerRow !== undefined
      ? said.useHeaderRow(number(suggests.headerRow))
      : said.useEncoding(suggests.encoding ?? 'utf-8')
  return html`<p><button onClick=${take}>${what}</button></p>`
}

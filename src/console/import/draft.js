import { computed, signal } from '@preact/signals'
import { failureIn } from '../api/call.js'
import { upload } from '../api/upload.js'
import { noticing } from '../session.js'
import { isOwn, isReport, mappingOf } from './columns.js'
import { recallColumns, rememberColumns } from './remembered.js'

/** @typedef {import('./columns.js').InspectedColumn} InspectedColumn */
/** @typedef {{ kind: 'plus' | 'country' | 'international', country: string }} Numbers how numbers without + are written */
/**
 * What the gateway takes the file for.
 * @typedef {object} Inspection
 * @property {string | null} encoding
 * @property {string | null} delimiter
 * @property {number} headerRow
 * @property {InspectedColumn[]} columns
 * @property {number} rowsSeen
 * @property {boolean} complete
 * @property {{ code: string, column: string, accounts?: string[], detail: string, suggests?: { encoding?: string | null, headerRow?: number } }[]} warnings
 * @property {number} [moreWarnings]
 * @property {{ code: string, detail: string, suggests?: { encoding?: string | null, headerRow?: number } }} [refusal]
 */

/**
 * A file that is about to be imported: how it is read, and what its columns are. It lives as long as the page.
 * @param {File} file
 * @param {string} listId
 */
export function createDraft(file, listId) {
  const reading = signal(/** @type {{ encoding?: string, delimiter?: string, headerRow?: number }} */ ({}))
  const inspection = signal(/** @type {Inspection | undefined} */ (undefined))
  /** What the gateway takes the columns for by itself. */
  const guess = signal(/** @type {InspectedColumn[]} */ ([]))
  const step = signal(/** @type {'columns' | 'check'} */ ('columns'))
  const failure = signal(/** @type {import('../api/call.js').Failure | undefined} */ (undefined))
  const isAsking = signal(false)
  /** The file is being read in another way: what its columns are is not known yet. */
  const isReading = signal(false)
  const chosen = signal(/** @type {ReadonlyMap<number, string | null>} */ (new Map()))
  const order = signal(/** @type {readonly number[]} */ ([]))
  const numbers = signal(/** @type {Numbers} */ ({ kind: 'plus', country: '' }))
  const onConflict = signal('update')
  /** What was mended in bad rows, by row and cell. */
  const mends = signal(/** @type {import('./check-step.js').Mends} */ (new Map()))
  /** Whether the columns are as they were chosen the last time, and not as the gateway takes them. */
  const isRemembered = signal(false)
  const columns = computed(() => {
    const all = guess.value
    const inReport = isReport(all)
    return all.filter((column) => !isOwn(column, inReport))
  })
  const options = computed(() =>
    optionsOf(reading.value, numbers.value, onConflict.value, inspection.value, chosen.value, order.value),
  )

  const takeGuess = () => {
    chosen.value = new Map(guess.value.map(({ index, field }) => [index, field]))
    order.value = [...guess.value].sort((one, other) => (one.place ?? 0) - (other.place ?? 0)).map(({ index }) => index)
    isRemembered.value = false
  }

  let asked = 0
  /**
   * Looks at the file; `keeps`: what is chosen stays, and is what the gateway is asked about. Who asks anew meanwhile does
   * not hear the answer to what was asked before. While the file is read in another way, what was chosen before tells nothing.
   */
  const inspect = async (keeps = false) => {
    if (keeps && isReading.peek()) return
    const question = ++asked
    const isOvertaken = () => question !== asked
    isAsking.value = true
    isReading.value = !keeps
    failure.value = undefined
    try {
      const said = keeps ? options.peek() : { ...reading.peek(), ...writtenNumbers(numbers.peek()) }
      const found = await inspectFile(file, listId, said)
      if (isOvertaken()) return
      inspection.value = found
      if (keeps) return
      guess.value = found.columns
      mends.value = new Map()
      takeGuess()
      isReading.value = false
      const before = recallColumns(found.columns.map(({ header }) => header))
      if (before === undefined) return
      chosen.value = new Map(before.fields.map((field, index) => [index, field]))
      order.value = before.order
      numbers.value = before.numbers
      onConflict.value = before.onConflict
      isRemembered.value = true
      const again = await inspectFile(file, listId, options.peek())
      if (!isOvertaken()) inspection.value = again
    } catch (error) {
      if (!isOvertaken()) failure.value = failureIn(error)
    } finally {
      if (!isOvertaken()) {
        isAsking.value = false
        isReading.value = false
      }
    }
  }

  const remember = () => {
    const header = inspection.peek()?.columns.map((column) => column.header) ?? []
    const fields = header.map((_, index) => chosen.peek().get(index) ?? null)
    rememberColumns({
      header,
      fields,
      order: [...order.peek()],
      numbers: numbers.peek(),
      onConflict: onConflict.peek(),
    })
  }

  return {
    file,
    listId,
    step,
    reading,
    inspection,
    failure,
    isAsking,
    isReading,
    chosen,
    order,
    numbers,
    onConflict,
    mends,
    isRemembered,
    columns,
    options,
    takeGuess,
    inspect,
    remember,
  }
}

/** @typedef {ReturnType<typeof createDraft>} Draft */

/** @type {import('@preact/signals').Signal<Draft | undefined>} */
export const draft = signal(undefined)

/**
 * @param {{ encoding?: string, delimiter?: string, headerRow?: number }} reading
 * @param {Numbers} numbers
 * @param {string} onConflict
 * @param {Inspection | undefined} inspection
 * @param {ReadonlyMap<number, string | null>} chosen
 * @param {readonly number[]} order
 */
function optionsOf(reading, numbers, onConflict, inspection, chosen, order) {
  return {
    ...reading,
    ...writtenNumbers(numbers),
    ...(onConflict !== 'update' && { onConflict }),
    ...(inspection !== undefined && mappingOf(inspection.columns, chosen, order)),
  }
}

/** @param {Numbers} numbers */
function writtenNumbers({ kind, country }) {
  if (kind === 'international') return { numbers: kind }
  return kind === 'country' && country !== '' ? { defaultCountry: country } : {}
}

/** As much of a CSV file is looked at. */
const inspectedBytes = 256 * 1024

/**
 * @param {File} file
 * @param {string} listId
 * @param {object} options
 * @returns {Promise<Inspection>}
 */
async function inspectFile(file, listId, options) {
  const isPacked = (await file.slice(0, 2).text()) === 'PK'
  const part = isPacked ? file : file.slice(0, inspectedBytes)
  const query = isPacked ? undefined : { complete: part.size === file.size }
  return noticing((key) =>
    upload(`/lists/${encodeURIComponent(listId)}/imports/inspect`, part, file.name, { key, options, query }),
  )
}

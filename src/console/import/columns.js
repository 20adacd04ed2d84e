/** @typedef {{ index: number, header: string, field: string | null, confidence: number, proposal?: string, place?: number, samples: string[] }} InspectedColumn */

/** What a column can become, in the order of the menu; attributes have names of their own. */
export const fields = /** @type {const} */ ([
  'email',
  'phone',
  'whatsapp',
  'name',
  'firstName',
  'lastName',
  'tags',
  'ref',
  'phone.countryCode',
  'whatsapp.countryCode',
])

const attribute = /^attributes\./

/** @param {string | null} field */
export function isAttribute(field) {
  return field !== null && attribute.test(field)
}

/** A letter, then letters, digits and `_`. */
const attributeName = /^[A-Za-z][A-Za-z0-9_]{0,63}$/

/** @param {string} field */
export function isWrongAttribute(field) {
  return isAttribute(field) && !attributeName.test(field.replace(attribute, ''))
}

/** @param {string} header */
export function attributeFor(header) {
  const name = header
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .toLowerCase()
    .slice(0, 40)
  return `attributes.${name === '' ? 'value' : name}`
}

/** A report's own columns are known without a word. */
const reportColumns = new Set(['_row', '_account', '_status', '_code', '_detail', '_line'])

/**
 * Columns that a choice can be made for. A report of this gateway has some that are not for people.
 * @param {readonly { header: string }[]} columns
 */
export function isReport(columns) {
  const names = new Set(columns.map(({ header }) => header.trim().toLowerCase()))
  return [...reportColumns].slice(0, 5).every((name) => names.has(name))
}

/**
 * @param {{ header: string }} column
 * @param {boolean} inReport
 */
export function isOwn({ header }, inReport) {
  return inReport && reportColumns.has(header.trim().toLowerCase())
}

/** Names longer than this cannot be said in a mapping. */
const longestName = 200

/**
 * What is chosen, as options of an import. A column that has the name of another is what that one is; one without a name
 * cannot be named.
 *
 * @param {readonly { index: number, header: string }[]} columns
 * @param {ReadonlyMap<number, string | null>} chosen by column
 * @param {readonly number[]} order the columns, those in front first
 */
export function mappingOf(columns, chosen, order) {
  const inReport = isReport(columns)
  const said = columns.filter((column) => column.header.length <= longestName && !isOwn(column, inReport))
  const mapping = Object.fromEntries(said.map(({ index, header }) => [header, chosen.get(index) ?? null]))
  const sharing = Map.groupBy(
    order.flatMap((index) => said.find((column) => column.index === index) ?? []),
    ({ index }) => chosen.get(index) ?? null,
  )
  const orders = [...sharing].flatMap(([field, same]) =>
    field !== null && same.length > 1 ? [[field, [...new Set(same.map(({ header }) => header))]]] : [],
  )
  return { mapping, ...(orders.length > 0 && { order: Object.fromEntries(orders) }) }
}

/**
 * The columns of one field, in the order in which they count.
 * @param {ReadonlyMap<number, string | null>} chosen
 * @param {readonly number[]} order
 * @param {number} index
 */
export function placeOf(chosen, order, index) {
  const field = chosen.get(index) ?? null
  const same = field === null ? [] : order.filter((other) => chosen.get(other) === field)
  return same.length > 1 ? { place: same.indexOf(index) + 1, of: same.length } : undefined
}

/** @param {ReadonlyMap<number, string | null>} chosen */
export function reachesPeople(chosen) {
  return [...chosen.values()].some((field) => field === 'email' || field === 'phone' || field === 'whatsapp')
}

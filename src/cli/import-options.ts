/** What flags say of a file, beside the JSON of `--options`. */
export type OptionFlags = {
  readonly options?: string
  /** Each `<column>=<field>`; without a field the column is not wanted. */
  readonly map?: readonly string[]
  /** Each `<field>=<column>,<column>`. */
  readonly order?: readonly string[]
  readonly encoding?: string
  /** A number. */
  readonly headerRow?: string
  readonly numbers?: string
  readonly tagSeparator?: string
  /** With commas between them; `''`: none. */
  readonly emptyCells?: string
}

/**
 * The part `options` of an upload; a flag counts more than what the JSON says. `undefined` when nothing is said.
 * @throws Error when flags have to go into a JSON that is no object, or one is not of its form
 */
export function importOptions({ options, ...flags }: OptionFlags): string | undefined {
  if (Object.values(optionsOf(flags)).every((value) => value === undefined)) return options
  const given: unknown = options === undefined ? {} : readJson(options)
  if (!isObject(given)) throw new Error('--options is no JSON object. Write it as {"defaultCountry": "FR"}.')
  const { mapping, order, ...rest } = optionsOf(flags)
  return JSON.stringify({
    ...given,
    ...rest,
    ...(mapping && { mapping: { ...(isObject(given.mapping) && given.mapping), ...mapping } }),
    ...(order && { order: { ...(isObject(given.order) && given.order), ...order } }),
  })
}

function optionsOf({
  map,
  order,
  encoding,
  headerRow,
  numbers,
  tagSeparator,
  emptyCells,
}: Omit<OptionFlags, 'options'>) {
  return {
    mapping: map && Object.fromEntries(map.map(mapped)),
    order: order && Object.fromEntries(order.map(ordered)),
    encoding,
    headerRow: headerRow === undefined ? undefined : lineNumber(headerRow),
    numbers,
    tagSeparator,
    emptyCells: emptyCells === '' ? [] : emptyCells?.split(','),
  }
}

/** A name of a column may hold a `=`, a field does not. */
function mapped(flag: string): [column: string, field: string | null] {
  const at = flag.lastIndexOf('=')
  if (at < 1) throw new Error('--map has the form <column>=<field>, for example "Mobile=phone".')
  return [flag.slice(0, at), flag.slice(at + 1).trim() || null]
}

function ordered(flag: string): [field: string, columns: readonly string[]] {
  const [, field = '', columns = ''] = /^([^=]*)=(.*)$/s.exec(flag) ?? []
  if (field.trim() === '' || columns === '')
    throw new Error('--order has the form <field>=<column>,<column>, for example "phone=Mobile,Phone".')
  return [field.trim(), columns.split(',').map((column) => column.trim())]
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function lineNumber(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new Error('--header-row is no line of a file. Write the number of the line on which the header stands, from 1.')
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

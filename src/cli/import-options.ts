/** What flags say of a file, beside the JSON of `--options`. */
export type OptionFlags = {
  readonly options?: string
  readonly encoding?: string
  /** A number. */
  readonly headerRow?: string
  readonly tagSeparator?: string
  /** With commas between them; `''`: none. */
  readonly emptyCells?: string
}

/**
 * The part `options` of an upload; a flag counts more than what the JSON says. `undefined` when nothing is said.
 * @throws Error when flags have to go into a JSON that is no object
 */
export function importOptions({ options, ...flags }: OptionFlags): string | undefined {
  const { encoding, headerRow, tagSeparator, emptyCells } = flags
  if ([encoding, headerRow, tagSeparator, emptyCells].every((flag) => flag === undefined)) return options
  const given: unknown = options === undefined ? {} : readJson(options)
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new Error('--options is no JSON object. Write it as {"defaultCountry": "FR"}.')
  return JSON.stringify({
    ...given,
    ...(encoding !== undefined && { encoding }),
    ...(headerRow !== undefined && { headerRow: lineNumber(headerRow) }),
    ...(tagSeparator !== undefined && { tagSeparator }),
    ...(emptyCells !== undefined && { emptyCells: emptyCells === '' ? [] : emptyCells.split(',') }),
  })
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

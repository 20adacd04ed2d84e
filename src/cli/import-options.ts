/** What flags say of a file, beside the JSON of `--options`. */
export type OptionFlags = {
  readonly options?: string
  readonly tagSeparator?: string
  /** With commas between them; `''`: none. */
  readonly emptyCells?: string
}

/**
 * The part `options` of an upload; a flag counts more than what the JSON says. `undefined` when nothing is said.
 * @throws Error when flags have to go into a JSON that is no object
 */
export function importOptions({ options, tagSeparator, emptyCells }: OptionFlags): string | undefined {
  if (tagSeparator === undefined && emptyCells === undefined) return options
  const given: unknown = options === undefined ? {} : readJson(options)
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new Error('--options is no JSON object. Write it as {"defaultCountry": "FR"}.')
  return JSON.stringify({
    ...given,
    ...(tagSeparator !== undefined && { tagSeparator }),
    ...(emptyCells !== undefined && { emptyCells: emptyCells === '' ? [] : emptyCells.split(',') }),
  })
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

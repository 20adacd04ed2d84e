/** Where there are words of our own for these, the gateway's have nothing to add. */
const saidInFull = new Set([
  'phone_not_e164',
  'phone_ambiguous',
  'identifier_required',
  'name_required',
  'email_required',
  'phone_required',
  'email_invalid',
  'country_code_invalid',
  'formula_without_value',
  'suppressed',
  'no_target',
])

/**
 * Why rows did not get in, the most frequent first. `details`: what the gateway says of them, where that is more than `code`
 * tells; what it says of all alike is said once, above them.
 *
 * @typedef {{ code: string, rows: number, details: readonly string[] }} Reason
 * @param {readonly import('./bad-rows.js').BadRow[]} rows
 * @returns {Reason[]}
 */
export function reasonsOf(rows) {
  const blames = rows.flatMap(({ row, blames: all }) => all.map((blame) => ({ row, ...blame })))
  return [...Map.groupBy(blames, ({ code }) => code)]
    .map(([code, same]) => ({
      code,
      rows: new Set(same.map(({ row }) => row)).size,
      details: saidInFull.has(code) ? [] : [...new Set(same.map(({ detail }) => detail))],
    }))
    .sort((one, other) => other.rows - one.rows)
}

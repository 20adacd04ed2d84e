/** Longer names are not compared, and of very many only the first: whoever asks must not keep others waiting. */
const longest = 64
const most = 1_000

/** The name out of `known` that was probably meant: the same but for case and signs, else with a slip or two. */
export function nearName(name: string, known: readonly string[]): string | undefined {
  if (name.length > longest) return undefined
  const plain = lettersOf(name)
  if (plain === '') return undefined
  const same = known.find((one) => lettersOf(one) === plain)
  if (same !== undefined) return same
  const slips = plain.length < 5 ? 1 : 2
  const near = known
    .slice(0, most)
    .filter((one) => one.length <= longest)
    .map((one) => ({ one, letters: lettersOf(one) }))
    .filter(({ letters }) => Math.abs(letters.length - plain.length) <= slips)
    .map(({ one, letters }) => ({ one, letters, distance: distanceOf(plain, letters) }))
    .filter(({ letters, distance }) => distance <= slips && distance < letters.length - 1)
    .toSorted((a, b) => a.distance - b.distance)
  return near[0]?.one
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
}

/** How many letters are wrong, missing, too many, or have changed places with the one beside them. */
function distanceOf(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)]
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY
  for (let row = 1; row <= a.length; row++) {
    rows.push([row])
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1]
      const isSwapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      rows[row]?.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
  }
  return at(a.length, b.length)
}

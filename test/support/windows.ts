/** How many of these moments lie in the fullest span of `spanMs`. */
export function fullestWindow(moments: readonly number[], spanMs: number): number {
  const sorted = moments.toSorted((a, b) => a - b)
  let fullest = 0
  let first = 0
  sorted.forEach((moment, index) => {
    while (moment - (sorted[first] as number) >= spanMs) first++
    fullest = Math.max(fullest, index - first + 1)
  })
  return fullest
}

/**
 * How many of `count` moments, each anywhere within `intervalMs` with the same chance, may be together in a span of
 * `spanMs` before it is no accident: the mean and five standard deviations (binomial). Even the fullest of all spans is
 * over that in less than one run of ten thousand.
 */
export function mostTogether(count: number, spanMs: number, intervalMs: number): number {
  const share = Math.min(1, spanMs / intervalMs)
  return Math.min(count, count * share + 5 * Math.sqrt(count * share * (1 - share)))
}

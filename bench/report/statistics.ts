/** One figure over several rounds. */
export type Figure = {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly all: readonly number[]
}

export function figureOf(values: readonly number[]): Figure {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const median =
    sorted.length % 2 === 1
      ? (sorted[middle] as number)
      : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
  return { median, min: sorted[0] as number, max: sorted.at(-1) as number, all: values }
}

/** The ratio of two figures round by round, so that what disturbed a round disturbs both. */
export function ratioOf(figure: Figure, other: Figure): Figure {
  return figureOf(figure.all.map((value, round) => value / (other.all[round] as number)))
}

/** The value that a part of them does not exceed, from 0 to 1; `ascending`: at least one. */
export function quantileOf(ascending: readonly number[], part: number): number {
  return ascending[Math.max(0, Math.ceil(ascending.length * part) - 1)] as number
}

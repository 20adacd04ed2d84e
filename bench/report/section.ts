import type { Figure } from './statistics.ts'

/** A goal, and whether this run reached it. */
export type Reach = { readonly line: string; readonly goal: string; readonly got: string; readonly reached: boolean }

/** What a workload found: a table for people, and all figures for machines. */
export type Section = {
  readonly id: string
  readonly title: string
  /** How it was measured. */
  readonly how: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly reach: readonly Reach[]
  readonly figures: unknown
}

/** `12,345`, `123`, `12.3`, `1.23`: as many digits as tell something. */
export function show(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** The median, with the spread over the rounds. */
export function showFigure({ median, min, max, all }: Figure): string {
  return all.length <= 1 ? show(median) : `${show(median)} (${show(min)}–${show(max)})`
}

/** Whether the median reaches a goal. */
export function atLeast(line: string, goal: number, unit: string, { median, min, max, all }: Figure): Reach {
  const got = `${showFigure({ median, min, max, all })}${unit}`
  return { line, goal: `at least ${show(goal)}${unit}`, got, reached: median >= goal }
}

export function atMost(line: string, goal: number, unit: string, figure: Figure): Reach {
  return {
    line,
    goal: `at most ${show(goal)}${unit}`,
    got: `${showFigure(figure)}${unit}`,
    reached: figure.median <= goal,
  }
}

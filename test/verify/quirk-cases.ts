import { type Quirk, type QuirkTable, valuesOf } from '../../src/simulators/quirk-table.ts'

/**
 * For each quirk: the probe that sees it, with the amount to try where it is one, or with values that another probe is
 * there for; or a sentence that says why none can.
 */
export type Expected<T extends QuirkTable> = {
  readonly [Name in keyof T]: string | readonly [probe: string, apart?: number | Readonly<Record<string, string>>]
}

type Case = readonly [name: string, value: unknown, probe: string]

/** One case for each value of a quirk that a probe sees, but for the one that is usual. */
export function quirkCases<T extends QuirkTable>(table: T, expected: Expected<T>): Case[] {
  return entriesOf(table, expected).flatMap(([name, quirk, row]): Case[] => {
    if (typeof row === 'string') return []
    const [probe, apart] = row
    if (typeof apart === 'number') return [[name, apart, probe]]
    const values = valuesOf(quirk)?.slice(1)
    if (values === undefined) throw new Error(`${name} needs an amount`)
    return values
      .filter((value) => !isUnseen(apart?.[String(value)]))
      .map((value) => [name, value, apart?.[String(value)] ?? probe])
  })
}

/** One case for each value that no probe can see; of an amount some. */
export function withoutProbe<T extends QuirkTable>(table: T, expected: Expected<T>): Case[] {
  return entriesOf(table, expected).flatMap(([name, quirk, row]): Case[] => {
    const values = valuesOf(quirk)?.slice(1) ?? [2, 20]
    if (typeof row === 'string') return values.map((value) => [name, value, row])
    const [, apart] = row
    if (apart === undefined || typeof apart === 'number') return []
    return values.flatMap((value): Case[] => {
      const why = apart[String(value)]
      return why !== undefined && isUnseen(why) ? [[name, value, why]] : []
    })
  })
}

/** A sentence, and no id of a probe. */
function isUnseen(text: string | undefined): boolean {
  return text?.endsWith('.') === true
}

function entriesOf<T extends QuirkTable>(table: T, expected: Expected<T>) {
  return Object.entries(table).map(
    ([name, quirk]) => [name, quirk as Quirk, expected[name] as Expected<T>[keyof T]] as const,
  )
}

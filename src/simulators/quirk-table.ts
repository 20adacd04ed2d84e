import { type Check, oneOf, whole } from './checks.ts'

/**
 * One way in which a provider may really behave, though no document says so: assumed, each of them.
 * The first of its values is what the simulator does unless it is told.
 */
export interface Habit {
  values: readonly (string | number | boolean)[]
  /** The provider's operations that it shows in. */
  operations: readonly string[]
  /** What the provider then does, in words, value by value where they need it. */
  does: string
  /** The kind of harm that a caller who trusts the documents comes to. */
  plays: string
}

/** The same with a number, 0 by default: "not at all". */
export interface Amount extends Omit<Habit, 'values'> {
  amount: 'milliseconds' | 'calls' | 'contacts' | 'bytes' | 'items'
}

/**
 * The provider-specific switches. A plain list of values is about something that the documents leave open or say in two
 * ways, the default first; the others are assumed.
 */
export type Quirk = readonly (string | number | boolean)[] | Habit | Amount
export type QuirkTable = Readonly<Record<string, Quirk>>
export type Quirks<T extends QuirkTable> = {
  -readonly [K in keyof T]: T[K] extends readonly (infer V)[]
    ? V
    : T[K] extends { readonly values: readonly (infer V)[] }
      ? V
      : number
}

/** The default of each quirk. */
export function defaultQuirks<T extends QuirkTable>(table: T): Quirks<T> {
  const entries = Object.entries(table).map(([name, quirk]) => [name, valuesOf(quirk)?.[0] ?? 0])
  return Object.fromEntries(entries) as Quirks<T>
}

/** The values that a quirk can have; undefined for an amount. */
export function valuesOf(quirk: Quirk): readonly (string | number | boolean)[] | undefined {
  if (isPlain(quirk)) return quirk
  return 'amount' in quirk ? undefined : quirk.values
}

/** Whether the documents leave it open, or say it in two ways; the others are assumed. */
export const isPlain = (quirk: Quirk): quirk is Extract<Quirk, readonly unknown[]> => Array.isArray(quirk)

/** What may be given for a quirk. */
export function checkOf(quirk: Quirk): Check {
  const values = valuesOf(quirk)
  return values === undefined ? whole : oneOf(...values)
}

/** How far the provider's clock is from ours; `undefined`: it does not tell the time. */
export type ClockReading = { readonly seconds: number } | undefined

/** More than this is not told apart from the way and from whole seconds. */
export const noticedSeconds = 5

/** Reads the `Date` of the first answer, which is in whole seconds. */
export function readClock(said: { readonly date: string; readonly at: number } | undefined): ClockReading {
  const theirs = said === undefined ? Number.NaN : Date.parse(said.date)
  return said === undefined || Number.isNaN(theirs) ? undefined : { seconds: Math.round((theirs - said.at) / 1_000) }
}

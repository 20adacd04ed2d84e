import type { StoredSuppression, SuppressionPage, SuppressionQuery } from '../../services/suppression-store-port.ts'
import { numberIn, reasonByte } from '../suppression-codec.ts'

/** Of one part of the list. `reached`: number of the last entry that was looked at, or empty when there are no more. */
export type PartOfPage = {
  readonly part: number
  readonly reached: string
  readonly items: readonly StoredSuppression[]
}

/** How many entries of a part are looked through for a page: of all parts, 64 times as many. */
const mostLooked = 500
const latest = 2 ** 53
const lastPart = 63

/** The arguments of `lua/suppression-page.lua` behind the first. */
export function partArguments({ from, limit, reason, channels = 0, since, until }: SuppressionQuery, part: number) {
  const start = from === undefined ? undefined : readPlace(from)
  // Those of one microsecond are in the order of their parts.
  const begin = start === undefined ? latest : start.number + (part > start.part ? 1 : 0)
  const below = Math.min(begin, until === undefined ? latest : until * 1000)
  return [below, (since ?? 0) * 1000, limit, mostLooked, channels, reason === undefined ? -1 : reasonByte(reason)]
}

/** What is certain to come first, of pages of all parts: what lies before the place that every part has reached. */
export function mergeParts(pages: readonly PartOfPage[], limit: number): SuppressionPage {
  const floor = Math.max(0, ...pages.map(({ reached }) => Number(reached)))
  const items = pages
    .flatMap(({ part, items }) => items.map((entry) => ({ part, entry, number: numberIn(entry.version) })))
    .filter(({ number }) => number >= floor)
    .sort((one, other) => other.number - one.number || one.part - other.part)
  const last = items[limit - 1]
  const shown = items.slice(0, limit).map(({ entry }) => entry)
  if (last !== undefined && (items.length > limit || floor > 0 || hasMore(pages, last.number)))
    return { items: shown, next: writePlace(last.number, last.part) }
  return { items: shown, next: floor > 0 ? writePlace(floor, lastPart) : undefined }
}

function hasMore(pages: readonly PartOfPage[], number: number): boolean {
  return pages.some(({ items }) => items.some((entry) => numberIn(entry.version) < number))
}

function writePlace(number: number, part: number): string {
  return `${number}.${part}`
}

function readPlace(from: string): { readonly number: number; readonly part: number } {
  const [number, part] = from.split('.').map(Number)
  return { number: number ?? 0, part: part ?? lastPart }
}

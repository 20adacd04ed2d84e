import type { ExplanationQuery, FoundExplanation } from '../services/explanation-store-port.ts'

export type FoundHead = Omit<FoundExplanation, 'accounts'>

/** What is looked for in a head, read out of its JSON. */
export function readHead(found: Omit<FoundHead, 'status' | 'list'>): FoundHead {
  const { status, list } = JSON.parse(found.head) as { readonly status: number; readonly list?: string }
  return { ...found, status, list }
}

export function isSought(
  { at, status, list }: Pick<FoundHead, 'at' | 'status' | 'list'>,
  sought: Pick<ExplanationQuery, 'since' | 'status' | 'list'>,
): boolean {
  return (
    at >= (sought.since ?? 0) &&
    (sought.status === undefined || sought.status === status) &&
    (sought.list === undefined || sought.list === list)
  )
}

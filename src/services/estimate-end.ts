import type { ImportState } from './import-store-port.ts'

/** Seconds until an import ends, by the pace so far of its slowest account; `undefined` while that says nothing. */
export function secondsToEnd({ status, rows, progress, startedAt }: ImportState, nowMs: number): number | undefined {
  if (status !== 'running' || startedAt === undefined) return undefined
  const elapsed = (nowMs - Date.parse(startedAt)) / 1000
  const waits = Object.values(progress).map(({ pending }) =>
    pending === rows ? Number.NaN : (elapsed * pending) / (rows - pending),
  )
  const longest = Math.max(...waits)
  return Number.isFinite(longest) ? longest : undefined
}

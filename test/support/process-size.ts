import { readdirSync, readFileSync } from 'node:fs'

/** What a process holds at a moment. Linux alone can tell. */
export type ProcessSize = { readonly residentMb: number; readonly handles: number }

/** Memory and open files (sockets among them) of a process. */
export function sizeOf(pid: number): ProcessSize {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return {
    residentMb: Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024,
    handles: readdirSync(`/proc/${pid}/fd`).length,
  }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The value below which this share of the values is. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] as number
}

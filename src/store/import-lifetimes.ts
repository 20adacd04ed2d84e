import { type ImportRecord, keptAfterEnd } from '../services/import-store-port.ts'

const hourMs = 3_600_000

/** How long imports are kept, in ms. */
export const importLifetimes = {
  /** A draft, after its last block. */
  draft: hourMs,
  /** An import that has not ended, after its last change. */
  unfinished: 30 * 24 * hourMs,
  /** An import that has ended, with its reports. */
  ended: keptAfterEnd({ validateOnly: false }),
  /** The same of one that checked its rows alone. */
  checked: keptAfterEnd({ validateOnly: true }),
} as const

export function endedLifetime(record: Pick<ImportRecord, 'validateOnly'>): number {
  return keptAfterEnd(record)
}

/** The pause before a job that threw is tried again: 1 s, 2 s, 4 s … 30 s, less up to a half by chance. */
export function jobRetryDelayMs(attempt: number): number {
  const delay = Math.min(30_000, 1000 * 2 ** Math.min(attempt - 1, 5))
  return Math.round(delay * (1 - Math.random() / 2))
}

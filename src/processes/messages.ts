import type { ProcessMetrics } from './merge-metrics.ts'

/** Where a process listens, as variables of the environment for the others. */
export type Ports = { readonly PORT: string; readonly METRICS_PORT?: string }

/** What a process that serves tells the one that began it. `id`: of the question. */
export type FromServing =
  | { readonly listening: Ports }
  /** It is asked for the metrics of all. */
  | { readonly ask: 'metrics'; readonly id: number }
  /** Its own metrics, which it was asked for. `text` is absent where they could not be read. */
  | { readonly told: 'metrics'; readonly id: number; readonly text?: string }

/** What it is told. */
export type ToServing =
  | { readonly ask: 'metrics'; readonly id: number }
  | { readonly told: 'metrics'; readonly id: number; readonly texts: readonly ProcessMetrics[] }

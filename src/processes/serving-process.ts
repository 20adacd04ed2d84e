import { mergeMetrics } from './merge-metrics.ts'
import type { FromServing, ToServing } from './messages.ts'

/** Metrics as `GET /metrics` answers them. */
type Metrics = { readonly contentType: string; read(): Promise<string> }

/** True in one of several processes that serve at the same address (`WORKERS`). */
export const isOneOfSeveral: boolean = process.env.GATEWAY_PROCESS !== undefined

/** Tells the first process where this one listens, and ends it, as if it were told to, when that one has gone. */
export function serveBeside(url: string, metricsUrl: string | undefined): void {
  const ports = { PORT: portOf(url), ...(metricsUrl !== undefined && { METRICS_PORT: portOf(metricsUrl) }) }
  tell({ listening: ports })
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
}

function portOf(url: string): string {
  const { port, protocol } = new URL(url)
  return port || (protocol === 'https:' ? '443' : '80')
}

function tell(message: FromServing): void {
  process.send?.(message)
}

/** Longer than the first process waits for the others. */
const longestWaitMs = 3_000

/**
 * The metrics of all processes that serve at this address, whichever of them is asked: `own` are those of this one. Where
 * the first process does not answer, they are refused; a text that lacks some would be taken for less traffic.
 */
export function metricsOfAll(own: Metrics): Metrics {
  let asked = 0
  const waiting = new Map<number, (text: string) => void>()
  process.on('message', (message: ToServing) => {
    if ('told' in message) {
      waiting.get(message.id)?.(mergeMetrics(message.texts))
      return
    }
    own.read().then(
      (text) => tell({ told: 'metrics', id: message.id, text }),
      () => tell({ told: 'metrics', id: message.id }),
    )
  })
  return {
    contentType: own.contentType,
    read: () =>
      new Promise((resolve, reject) => {
        const id = ++asked
        const timer = setTimeout(() => {
          waiting.delete(id)
          reject(new Error('The metrics of the other processes did not come.'))
        }, longestWaitMs)
        waiting.set(id, (text) => {
          waiting.delete(id)
          clearTimeout(timer)
          resolve(text)
        })
        tell({ ask: 'metrics', id })
      }),
  }
}

import type { Routes } from '../app-type.ts'
import type { MetricsText } from '../services.ts'

/** Whoever asks more often is told the same again: it is some milliseconds of work, and anybody may ask. */
const keptMs = 1_000

/** `GET /metrics`, open to everybody; not part of the documented API. */
export function metricsRoute(app: Routes, metrics: MetricsText): void {
  let text: Promise<string> | undefined
  let madeAt = 0
  const read = () => {
    const now = performance.now()
    if (text === undefined || now - madeAt > keptMs) {
      madeAt = now
      text = metrics.read()
    }
    return text
  }
  app.get('/metrics', { config: { scope: 'open' }, schema: { hide: true } }, async (_request, reply) =>
    reply
      .header('content-type', metrics.contentType)
      .header('cache-control', 'no-store')
      .send(await read()),
  )
}

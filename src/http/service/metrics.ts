import type { Routes } from '../app-type.ts'
import type { MetricsText } from '../services.ts'

/** `GET /metrics`, open to everybody; not part of the documented API. */
export function metricsRoute(app: Routes, metrics: MetricsText): void {
  app.get('/metrics', { config: { scope: 'open' }, schema: { hide: true } }, async (_request, reply) =>
    reply
      .header('content-type', metrics.contentType)
      .header('cache-control', 'no-store')
      .send(await metrics.read()),
  )
}

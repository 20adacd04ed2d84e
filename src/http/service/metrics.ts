import type { App } from '../app-type.ts'

/** The metrics as text, and the media type of their format. */
export type MetricsText = { readonly contentType: string; read(): Promise<string> }

/** `GET /metrics`, open to everybody; not part of the documented API. */
export function metricsRoute(app: App, metrics: MetricsText): void {
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .header('content-type', metrics.contentType)
      .header('cache-control', 'no-store')
      .send(await metrics.read()),
  )
}

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A span as it was exported, with its attributes as plain values. */
export type ExportedSpan = {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  /** 2: server, 3: client. */
  readonly kind: number
  readonly attributes: Readonly<Record<string, string | number>>
}

/** A tiny OpenTelemetry collector: OTLP over HTTP, in JSON. */
export type Collector = {
  readonly url: string
  /** Everything that was sent to it, bodies and headers alike. */
  received(): string
  spans(): readonly ExportedSpan[]
  close(): Promise<void>
}

export async function startCollector(): Promise<Collector> {
  const bodies: string[] = []
  const heads: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    heads.push(`${request.method} ${request.url} ${request.rawHeaders.join(' ')}`)
    bodies.push(Buffer.concat(chunks).toString('utf8'))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => [...heads, ...bodies].join('\n'),
    spans: () => bodies.flatMap((body) => spansOf(JSON.parse(body))),
    close: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

type Value = { readonly stringValue?: string; readonly intValue?: number }
type Span = Omit<ExportedSpan, 'attributes'> & {
  readonly attributes: readonly { readonly key: string; readonly value: Value }[]
}
type Payload = {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[]
}

function spansOf({ resourceSpans }: Payload): readonly ExportedSpan[] {
  const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans).flatMap((scope) => scope.spans)
  return spans.map((span) => ({
    ...span,
    attributes: Object.fromEntries(
      span.attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? '']),
    ),
  }))
}

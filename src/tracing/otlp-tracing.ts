import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'
import { getNumberFromEnv, getStringFromEnv, parseTraceParent, setGlobalErrorHandler } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { AttemptTrace } from '../domain/call-context.ts'
import type { RequestTrace, RequestTracer, TracedRequest } from '../http/hooks/trace-requests.ts'

export type TracingOptions = {
  /** `OTEL_EXPORTER_OTLP_ENDPOINT`: the collector's address, to which `/v1/traces` is added. */
  readonly endpoint: string
  readonly version: string
  /** Told when traces could not be delivered. */
  readonly onError: () => void
}

export type Tracing = RequestTracer & {
  /** Delivers what is left, and waits for that at most two seconds. */
  close(): Promise<void>
}

const longestFlushMs = 2_000

/**
 * Traces by OpenTelemetry: a span per request, and one below it per attempt at a provider, sent as OTLP over HTTP (JSON).
 * This module, and the libraries with it, is loaded only where an endpoint is configured. Beyond that endpoint the
 * exporter reads the standard variables itself (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_SERVICE_NAME`, …).
 */
export function openTracing({ endpoint, version, onError }: TracingOptions): Tracing {
  setGlobalErrorHandler(onError)
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'contact-gateway', 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: samplerOf(getStringFromEnv('OTEL_TRACES_SAMPLER'), getNumberFromEnv('OTEL_TRACES_SAMPLER_ARG')),
    spanProcessors: [
      new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` }) }),
    ],
  })
  const tracer = provider.getTracer('contact-gateway', version)
  return {
    begin: (traceparent) => beginRequest(tracer, traceparent),
    close: async () => {
      let timer: NodeJS.Timeout | undefined
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, longestFlushMs)
      })
      await Promise.race([provider.shutdown().catch(onError), patience])
      clearTimeout(timer)
    },
  }
}

/** The samplers of the OpenTelemetry specification; unknown names are the default. */
function samplerOf(name: string | undefined, ratio = 1): Sampler {
  const roots: Readonly<Record<string, () => Sampler>> = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(ratio),
  }
  const root = roots[name?.replace('parentbased_', '') ?? 'always_on'] ?? (() => new AlwaysOnSampler())
  return name === undefined || name.startsWith('parentbased_') ? new ParentBasedSampler({ root: root() }) : root()
}

function beginRequest(tracer: Tracer, traceparent: string | undefined): RequestTrace {
  const span = tracer.startSpan('request', { kind: SpanKind.SERVER }, callersContext(traceparent))
  const context = trace.setSpan(ROOT_CONTEXT, span)
  return {
    traceId: span.spanContext().traceId,
    attempt: (account, operation, attempt) => beginAttempt(tracer, context, account, operation, attempt),
    end({ method, route, status, client }: TracedRequest) {
      span.updateName(route === undefined ? method : `${method} ${route}`)
      span.setAttributes({ 'http.request.method': method, 'http.response.status_code': status })
      if (route !== undefined) span.setAttribute('http.route', route)
      if (client !== undefined) span.setAttribute('contact_gateway.client', client)
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    },
  }
}

/** The caller's `tracestate` stays behind: it may hold anything, and would be sent on to the collector. */
function callersContext(traceparent: string | undefined): Context {
  const parent = traceparent === undefined ? null : parseTraceParent(traceparent)
  return parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true })
}

function beginAttempt(
  tracer: Tracer,
  context: Context,
  account: string,
  operation: string,
  attempt: number,
): AttemptTrace {
  const attributes = {
    'contact_gateway.account': account,
    'contact_gateway.operation': operation,
    'contact_gateway.attempt': attempt,
  }
  const span = tracer.startSpan(operation, { kind: SpanKind.CLIENT, attributes }, context)
  const { traceId, spanId, traceFlags } = span.spanContext()
  return {
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    end(outcome, status) {
      span.setAttribute('contact_gateway.outcome', outcome)
      if (status !== undefined) span.setAttribute('http.response.status_code', status)
      if (outcome !== 'ok') span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    },
  }
}

import type { Registry } from 'prom-client'
import type { RequestObserver, RouteObserver } from '../http/hooks/observe-requests.ts'
import { byPair, CountFamily, DistributionFamily } from './families.ts'

/** In seconds; around the 15 s of the deadline they are narrower. */
const durationBounds = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30]

/** Requests by route template, and what was refused. */
export function requestMetrics(registry: Registry, problemCodes: readonly string[]): RequestObserver {
  const durations = new DistributionFamily(registry, {
    name: 'contact_gateway_request_duration_seconds',
    help: 'Time from the headers of a request to the end of its answer. Unknown paths are one route.',
    labels: ['method', 'route', 'status'],
    bounds: durationBounds,
  })
  const problems = new CountFamily(registry, {
    name: 'contact_gateway_problems_total',
    help: 'Problem answers by their code.',
    labels: ['code'],
  })
  const failures = new CountFamily(registry, {
    name: 'contact_gateway_authentication_failures_total',
    help: 'Requests of unknown or unwelcome callers: wrong key, too many wrong keys, foreign network, missing scope; of callbacks wrong token, foreign network.',
    labels: ['reason'],
  })
  for (const code of problemCodes) problems.with({ code })
  const reasons = {
    key: failures.with({ reason: 'key' }),
    guessing: failures.with({ reason: 'guessing' }),
    network: failures.with({ reason: 'network' }),
    scope: failures.with({ reason: 'scope' }),
    callback: failures.with({ reason: 'callback' }),
    'callback-network': failures.with({ reason: 'callback-network' }),
  }
  return {
    route: (template) => routeObserver(template, durations),
    problem: (code) => problems.with({ code }).add(),
    unwelcome: (reason) => reasons[reason].add(),
  }
}

function routeObserver(route: string, durations: DistributionFamily<'method' | 'route' | 'status'>): RouteObserver {
  const series = byPair((method: string, status: number) => durations.with({ method, route, status: String(status) }))
  const foreseen = foreseenAnswers[route]
  if (foreseen !== undefined) series(foreseen.method, foreseen.status)
  return (method, status, ms) => series(method, status).observe(ms / 1000)
}

/** Neither reading the metrics nor asking for what is not there changes how many series there are. */
const foreseenAnswers: Readonly<Record<string, { readonly method: string; readonly status: number }>> = {
  unknown: { method: 'any', status: 404 },
  '/metrics': { method: 'GET', status: 200 },
}

import type { Registry } from 'prom-client'
import type { RequestObserver, RouteObserver } from '../http/hooks/observe-requests.ts'
import { CountFamily, type Distribution, DistributionFamily } from './families.ts'

/** In seconds; around the 15 s of the deadline they are narrower. */
const durationBounds = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30]

/** Requests by route template, and what was refused. */
export function requestMetrics(registry: Registry): RequestObserver {
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
    help: 'Requests of unknown or unwelcome callers: wrong key, too many wrong keys, foreign network, missing scope.',
    labels: ['reason'],
  })
  const reasons = {
    key: failures.with({ reason: 'key' }),
    guessing: failures.with({ reason: 'guessing' }),
    network: failures.with({ reason: 'network' }),
    scope: failures.with({ reason: 'scope' }),
  }
  return {
    route: (template) => routeObserver(template, durations),
    problem: (code) => problems.with({ code }).add(),
    unwelcome: (reason) => reasons[reason].add(),
  }
}

/** Looks a series up by two small maps: no labels are put together while a request is answered. */
function routeObserver(route: string, durations: DistributionFamily<'method' | 'route' | 'status'>): RouteObserver {
  const byMethod = new Map<string, Map<number, Distribution>>()
  return (method, status, ms) => {
    let byStatus = byMethod.get(method)
    if (byStatus === undefined) {
      byStatus = new Map()
      byMethod.set(method, byStatus)
    }
    let series = byStatus.get(status)
    if (series === undefined) {
      series = durations.with({ method, route, status: String(status) })
      byStatus.set(status, series)
    }
    series.observe(ms / 1000)
  }
}

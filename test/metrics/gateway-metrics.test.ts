import { expect, test, vi } from 'vitest'
import { createMetrics } from '../../src/metrics/gateway-metrics.ts'
import { readExposition } from '../support/read-exposition.ts'

const sources = {
  build: { version: '1.2.3', revision: 'c0ffee' },
  problemCodes: ['not-found'],
  loopDelay: { read: () => ({ meanMs: 2, p99Ms: 30 }) },
  pingStore: async () => {},
}

test('how late the event loop is, is shown under the names that dashboards know', async () => {
  const text = await createMetrics(sources).read()
  expect(lineValue(text, 'nodejs_eventloop_lag_mean_seconds')).toBe(0.002)
  expect(lineValue(text, 'nodejs_eventloop_lag_p99_seconds')).toBe(0.03)
})

/** The value of a series that has one line. */
const lineValue = (text: string, line: string) =>
  Number(
    text
      .split('\n')
      .find((one) => one.startsWith(`${line} `))
      ?.split(' ')
      .at(-1),
  )

test('a store that cannot be reached shows, and keeps nobody from reading the rest', async () => {
  const text = await createMetrics({ ...sources, pingStore: () => Promise.reject(new Error('away')) }).read()
  expect(lineValue(text, 'contact_gateway_store_up')).toBe(0)
  expect(lineValue(await createMetrics(sources).read(), 'contact_gateway_store_up')).toBe(1)
})

test('what waits is asked once for each reading, and is not there while the store is away', async () => {
  const metrics = createMetrics(sources)
  const backlog = vi.fn(async () => ({ queued: 2, running: 1, rows: new Map([['acme', 30]]) }))
  metrics.watchBacklog({ backlog }, new Map([['idle', undefined]]))
  const text = await metrics.read()
  expect(lineValue(text, 'contact_gateway_imports_unfinished{status="queued"}')).toBe(2)
  expect(lineValue(text, 'contact_gateway_imports_unfinished{status="running"}')).toBe(1)
  expect(lineValue(text, 'contact_gateway_import_rows_waiting{account="acme"}')).toBe(30)
  expect(lineValue(text, 'contact_gateway_import_rows_waiting{account="idle"}')).toBe(0)
  expect(backlog).toHaveBeenCalledTimes(1)

  backlog.mockRejectedValueOnce(new Error('away'))
  expect(await metrics.read()).not.toMatch(/^contact_gateway_imports?_(?:unfinished|rows_waiting)\W/m)
  expect(lineValue(await metrics.read(), 'contact_gateway_import_rows_waiting{account="acme"}')).toBe(30)
})

test('reloads count by whether they were applied', async () => {
  const metrics = createMetrics(sources)
  metrics.reloaded('refused')
  const text = await metrics.read()
  expect(lineValue(text, 'contact_gateway_configuration_reloads_total{result="refused"}')).toBe(1)
  expect(lineValue(text, 'contact_gateway_configuration_reloads_total{result="applied"}')).toBe(0)
})

test('whatever stands in a label, the text can be read', async () => {
  const metrics = createMetrics(sources)
  const account = 'a "quoted"\\ one\nof two lines'
  metrics.calls.attempt(account, 'addContacts', 'ok', 1)
  const samples = readExposition(await metrics.read()).flatMap((family) => family.samples)
  expect(samples.some(({ labels }) => labels.account === account)).toBe(true)
})

test('a distribution counts values on a bound within it, and those above all in the last one', async () => {
  const metrics = createMetrics(sources)
  const observe = metrics.requests.route('/lists')
  for (const ms of [2, 2.1, 60_000]) observe('GET', 200, ms)
  const text = await metrics.read()
  const line = (le: string) =>
    lineValue(
      text,
      `contact_gateway_request_duration_seconds_bucket{method="GET",route="/lists",status="200",le="${le}"}`,
    )
  expect([line('0.002'), line('0.005'), line('30'), line('+Inf')]).toEqual([1, 2, 2, 3])
})

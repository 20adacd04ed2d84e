import { afterEach, describe, expect, test } from 'vitest'
import { readMetrics } from '../support/read-metrics.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
afterEach(() => gateway.close())

const status = async (url: string, method = 'GET') => (await fetch(url, { method })).status

describe('GET /metrics', () => {
  test('needs no key, and is the text that Prometheus reads', async () => {
    gateway = await startGateway()
    const answer = await gateway.call('GET', '/metrics', { key: null })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect((await gateway.call('POST', '/metrics', { key: null })).headers.get('allow')).toBe('GET, HEAD')
  })

  test('can be turned off', async () => {
    gateway = await startGateway({ server: { metrics: false } })
    const answer = await gateway.call('GET', '/metrics')
    expect([answer.status, answer.body.code]).toEqual([404, 'not-found'])
  })

  test('is on a port of its own with METRICS_PORT, and then not on the main one', async () => {
    gateway = await startGateway({ env: { METRICS_PORT: '0' } })
    const own = gateway.metricsUrl as string
    expect(new URL(own).port).not.toBe(new URL(gateway.url).port)
    expect((await readMetrics(own)).value('contact_gateway_store_up')).toBe(1)
    expect(await status(`${gateway.url}/metrics`)).toBe(404)
    expect(await status(own.replace('/metrics', '/lists'))).toBe(404)
    expect(await status(own.replace('/metrics', '/readyz'))).toBe(404)
    expect(await status(own.replace('/metrics', '/healthz'))).toBe(200)
    expect(await status(own, 'POST')).toBe(405)
  })

  test('is nowhere when it is turned off, with METRICS_PORT too', async () => {
    gateway = await startGateway({ server: { metrics: false }, env: { METRICS_PORT: '0' } })
    expect(gateway.metricsUrl).toBeUndefined()
    expect(await status(`${gateway.url}/metrics`)).toBe(404)
  })

  test('on a port of its own ends with the gateway', async () => {
    gateway = await startGateway({ env: { METRICS_PORT: '0' } })
    const own = gateway.metricsUrl as string
    await gateway.close()
    await expect(fetch(own)).rejects.toThrow('fetch failed')
  })
})

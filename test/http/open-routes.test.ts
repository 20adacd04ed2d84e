import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway({ server: { docs: true } })
})
afterAll(() => gateway.close())

test.each(['/openapi.json', '/openapi-3.0.json'])('%s is sent once to whoever keeps it', async (path) => {
  const first = await gateway.call('GET', path, { key: null })
  expect(first.status).toBe(200)
  expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8')
  const etag = first.headers.get('etag') as string
  expect(etag).toMatch(/^"[\w-]{22}"$/)
  const again = await gateway.call('GET', path, { key: null, headers: { 'if-none-match': etag } })
  expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag])
  const weak = await gateway.call('GET', path, { key: null, headers: { 'if-none-match': `"other", W/${etag}` } })
  expect(weak.status).toBe(304)
  const other = await gateway.call('GET', path, { key: null, headers: { 'if-none-match': '"other"' } })
  expect([other.status, other.text === first.text]).toEqual([200, true])
})

test('whoever asks for the metrics all the time is told the same for a second, and then what is new', async () => {
  const added = async () => {
    const { text } = await gateway.call('GET', '/metrics', { key: null })
    return /contact_gateway_request_duration_seconds_count\{[^}]*route="\/lists"[^}]*\} (\d+)/.exec(text)?.[1]
  }
  await gateway.call('GET', '/lists')
  const first = await added()
  await gateway.call('GET', '/lists')
  const readings = await Promise.all(Array.from({ length: 50 }, added))
  expect(new Set(readings)).toEqual(new Set([first]))
  await expect.poll(added, { interval: 100 }).toBe(String(Number(first) + 1))
})

test('whoever asks for open routes without end is told to wait, and neither probes nor clients are', async () => {
  const own = await startGateway({ server: { docs: true, trustedProxies: ['127.0.0.0/8'] } }, gateway.simulators)
  const etag = (await own.call('GET', '/openapi.json', { key: null })).headers.get('etag') as string
  const ask = (path: string, from: string) =>
    own.call('GET', path, { key: null, headers: { 'x-forwarded-for': from, 'if-none-match': etag } })
  const flood = await Promise.all(Array.from({ length: 650 }, () => ask('/openapi.json', '192.0.2.1')))
  expect(flood.filter(({ status }) => status === 429)).toHaveLength(50)
  const refused = await ask('/metrics', '192.0.2.1')
  expect([refused.status, refused.body.code]).toEqual([429, 'rate-limited'])
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  for (const path of ['/healthz', '/readyz']) expect((await ask(path, '192.0.2.1')).status).toBe(200)
  expect((await ask('/openapi.json', '192.0.2.2')).status).toBe(304)
  expect((await own.call('GET', '/lists')).status).toBe(200)
  await own.close()
})

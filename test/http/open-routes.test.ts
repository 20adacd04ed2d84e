import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
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

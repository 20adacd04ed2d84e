import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
beforeEach(async () => {
  gateway = await startGateway()
})
afterEach(() => gateway.close())

const contact = { name: 'Jane', email: 'jane@example.com', phone: '+919876543210' }
const key = 'key-0123456789abcdef'
const add = (body: unknown = { contacts: [contact] }, headers: Record<string, string> = { 'idempotency-key': key }, path = '/lists/newsletter/contacts') =>
  gateway.call('POST', path, { body, headers })

test('x', async () => {
  const first = await add()
  const second = await add()
  expect(second.text).toBe(first.text)
  expect(second.headers.get('idempotency-replayed')).toBe('true')
  expect(gateway.simulators.oblic.requests()).toHaveLength(1)
})

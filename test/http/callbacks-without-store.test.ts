import { expect, test } from 'vitest'
import { startGateway } from '../support/start-gateway.ts'

test('a STOP is never called kept where nothing keeps it', async () => {
  const token = '0123456789abcdef0123456789abcdef'
  const gateway = await startGateway({ accounts: { 'octopush-fr': { callbacks: { token } } } })
  const { status, body } = await gateway.call('POST', `/callbacks/octopush-fr/${token}`, {
    key: null,
    body: { number: '+33600000000', text: 'stop' },
  })
  expect([status, body.code, body.retriable]).toEqual([503, 'store-unavailable', true])
  await gateway.close()
})

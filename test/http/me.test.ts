import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway({
    limits: { importBytes: '3MB' },
    clients: {
      office: { scopes: ['imports'], lists: ['sms'], accounts: ['octopush-fr'] },
      nothing: { scopes: ['contacts:read'], lists: [], accounts: [] },
    },
  })
})
afterAll(() => gateway?.close())

test('a key tells whose it is and what it is good for, whatever its scopes are', async () => {
  expect((await gateway.call('GET', '/me', { key: gateway.key('office') })).body).toEqual({
    client: 'office',
    scopes: ['imports'],
    lists: [{ id: 'sms', title: 'SMS' }],
    accounts: ['octopush-fr'],
    importBytes: 3 * 1024 * 1024,
  })
  expect((await gateway.call('GET', '/me', { key: gateway.key('nothing') })).body).toMatchObject({
    scopes: ['contacts:read'],
    lists: [],
    accounts: [],
  })
})

test('lists are told by their name and title alone, in the order of the configuration', async () => {
  const { body } = await gateway.call('GET', '/me')
  expect(body.lists).toEqual([
    { id: 'newsletter', title: 'Newsletter' },
    { id: 'sms', title: 'SMS' },
    { id: 'whatsapp', title: 'WhatsApp' },
  ])
  expect(body.accounts).toEqual(['oblic-main', 'octopush-fr', 'vobiz-in'])
})

test('nobody is told anything without a key that is good', async () => {
  expect((await gateway.call('GET', '/me', { key: null })).status).toBe(401)
  expect((await gateway.call('GET', '/me', { key: `${gateway.key()}x` })).status).toBe(401)
})

test('the answer is not kept by anything in between', async () => {
  const { headers } = await gateway.call('GET', '/me')
  expect(headers.get('cache-control')).toBe('no-store')
})

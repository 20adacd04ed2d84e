import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKey } from '../../src/config/client-directory.ts'
import { readEvents } from '../audit/read-events.ts'
import { readMetrics } from '../support/read-metrics.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

const home = '10.1.0.1'
let folder: string
let file: string
let gateway: TestGateway
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-security-'))
  file = join(folder, 'audit.log')
  gateway = await startGateway({
    server: { trustedProxies: ['127.0.0.0/8'] },
    clients: { crm: { networks: [`${home}/32`] } },
    env: { AUDIT_LOG: file },
  })
})
afterEach(async () => {
  await gateway.close()
  rmSync(folder, { recursive: true })
})

const ask = (address: string, key?: string) =>
  gateway.call('GET', '/lists', { headers: { 'x-forwarded-for': address }, ...(key !== undefined && { key }) })
const guess = (address: string) => ask(address, createKey('crm').key)
const lines = () =>
  gateway
    .logged()
    .split('\n')
    .filter((line) => line.includes('"event":"security"'))
    .map((line) => JSON.parse(line))
const refusals = () => readEvents(file).filter(({ action }) => action === 'access.refused')

test('many callers without a valid key do not fill the log or the audit; how many were left out is told', async () => {
  for (let number = 0; number < 30; number++) await guess('203.0.113.9')
  const some = lines()
  expect(some).toHaveLength(10)
  expect(some[0]).toMatchObject({ reason: 'key', status: 401, address: '203.0.113.9', route: '/lists' })
  await Promise.all(Array.from({ length: 500 }, (_, number) => guess(`198.51.${number >> 8}.${number & 255}`)))
  expect(lines()).toHaveLength(300)
  await gateway.close()
  const last = lines().at(-1)
  expect(last.leftOut).toEqual({ key: 230 })
  expect(refusals()).toHaveLength(300)
  expect(readEvents(file).at(-1)).toMatchObject({ action: 'access.left-out', leftOut: { key: 230 } })
})

test('an IPv6 caller with a whole network of addresses is one', async () => {
  for (let number = 1; number <= 20; number++) await guess(`2001:db8::${number}`)
  expect(lines()).toHaveLength(10)
})

test('a stolen key is told of though its thief has guessed before, runs into the limit of guesses, and does not shut out the client', async () => {
  const thief = '203.0.113.9'
  for (let number = 0; number < 99; number++) await guess(thief)
  expect((await ask(thief, gateway.key())).status).toBe(403)
  expect((await ask(thief, gateway.key())).status).toBe(429)
  expect((await guess(thief)).status).toBe(429)
  expect((await ask(home, gateway.key())).status).toBe(200)
  const stolen = lines().filter(({ reason }) => reason === 'network')
  expect(stolen.map(({ status, client, address }) => [status, client, address])).toEqual([
    [403, 'crm', thief],
    [429, 'crm', thief],
  ])
  expect(stolen[0].keyId).toMatch(/^[0-9a-f]{8}$/)
  const metrics = await readMetrics(`${gateway.url}/metrics`)
  expect(metrics.value('contact_gateway_authentication_failures_total', { reason: 'network' })).toBe(2)
  const { text } = await ask(home, gateway.key())
  expect(text + gateway.logged()).not.toContain(gateway.key())
})

test('a write whose caller has gone meanwhile is found with what became of it', async () => {
  gateway.simulators.vobiz.setBehaviour({ latencyMs: 400 })
  const gone = new AbortController()
  const sent = fetch(`${gateway.url}/lists/whatsapp/contacts`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${gateway.key()}`,
      'content-type': 'application/json',
      'x-forwarded-for': home,
    },
    body: JSON.stringify({ contacts: [{ name: 'Jane', phone: '+919876543210' }] }),
    signal: gone.signal,
  })
  await gateway.simulators.vobiz.waitForRequest(() => true)
  gone.abort()
  await expect(sent).rejects.toThrow()
  const writes = () => readEvents(file).filter(({ action }) => action === 'contacts.add')
  await expect
    .poll(writes)
    .toMatchObject([{ status: 207, counts: { 'vobiz-in': {} }, list: 'whatsapp', address: home }])
  expect(Object.keys(writes()[0]?.counts['vobiz-in'])).toHaveLength(1)
})

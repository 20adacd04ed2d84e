import { randomBytes } from 'node:crypto'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKey } from '../src/config/client-directory.ts'
import { gatewayDocument } from '../src/simulators/gateway-document.ts'
import { type RunningSimulators, startSimulators } from '../src/simulators/start.ts'
import { startRedis } from './support/redis.ts'
import type { RunningRedis } from './support/redis-server.ts'
import { type GatewayProcess, spawnGateway, startProcess } from './support/start-process.ts'

/** Real processes, as it is about how they start and reload. */

let folder: string
let simulators: RunningSimulators
let redis: RunningRedis
const running = new Set<Pick<GatewayProcess, 'child'>>()
const { key, hash } = createKey('crm')
const [first, second] = [randomBytes(32).toString('hex'), randomBytes(32).toString('base64url')]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-suppression-keys-'))
  redis = await startRedis({ appendOnly: true })
  simulators = await startSimulators()
})
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL')
  running.clear()
  await simulators.close()
  await redis.stop()
  rmSync(folder, { recursive: true })
})

/** Writes a configuration with these keys, as editors do it. */
function configure(suppressions: object | undefined, name = 'gateway.json'): Record<string, string> {
  const { accounts, lists } = gatewayDocument(simulators)
  const client = {
    keys: [{ hash }],
    networks: ['127.0.0.0/8'],
    scopes: ['suppressions:read', 'suppressions:write'],
    lists: ['*'],
    accounts: ['*'],
  }
  const document = { accounts, lists, clients: { crm: client }, ...(suppressions !== undefined && { suppressions }) }
  writeFileSync(join(folder, 'next'), JSON.stringify(document))
  renameSync(join(folder, 'next'), join(folder, name))
  return { GATEWAY_CONFIG: join(folder, name), REDIS_URL: redis.url }
}

async function start(env: Record<string, string>): Promise<GatewayProcess> {
  const started = await startProcess(env)
  running.add(started)
  return started
}

function call({ url }: Pick<GatewayProcess, 'url'>, method: string, path: string, body?: unknown) {
  return fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

const jane = { phone: '+33612345678' }
const suppress = async (gateway: GatewayProcess) => {
  const answer = await call(gateway, 'POST', '/suppressions', { suppressions: [{ ...jane, reason: 'opt_out' }] })
  expect(answer.status).toBe(207)
}
const isSuppressed = async (gateway: GatewayProcess) => {
  const answer = await call(gateway, 'POST', '/suppressions/search', jane)
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { items: unknown[] }).items.length === 1
}

test('with another key than the list was made with a gateway does not start, and says why; with the old one too it does', async () => {
  await suppress(await start(configure({ key: first })))
  const environments = [configure({ key: second }, 'other.json'), configure(undefined, 'none.json')]
  const all = environments.map((env) => spawnGateway(env))
  for (const refused of all) {
    running.add(refused)
    expect(await refused.ended).toBe(78)
    expect(refused.output()).toMatch(/suppressions\.key lacks a key that the suppression list .* suppressions\.oldKeys/)
    expect(refused.output()).not.toContain(first)
    expect(refused.output()).not.toContain(second)
  }
  const rotated = await start(configure({ key: second, oldKeys: [first] }, 'rotated.json'))
  expect(await isSuppressed(rotated)).toBe(true)
})

test('without a key one is made, which finds its entries at every replica, and after a key came', async () => {
  await suppress(await start(configure(undefined)))
  expect(await isSuppressed(await start(configure(undefined)))).toBe(true)
  const configured = await start(configure({ key: first }, 'configured.json'))
  expect(await isSuppressed(configured)).toBe(true)
})

test('a reload that lacks a key of the list is refused, and the old keys stay; one that has them all is taken over', async () => {
  const gateway = await start(configure({ key: first }))
  await suppress(gateway)
  configure({ key: second })
  await gateway.printed(/"event":"reload","problems":\["suppressions\.key lacks/)
  expect(await isSuppressed(gateway)).toBe(true)
  configure({ key: second, oldKeys: [first] })
  await gateway.printed(/The configuration was reloaded/)
  expect(await isSuppressed(gateway)).toBe(true)
})

test('an empty list under a configured key is warned of', async () => {
  const gateway = await start(configure({ key: first }))
  await gateway.printed(/The suppression list is empty/)
  await suppress(gateway)
  const again = await start(configure({ key: first }))
  expect(again.output()).not.toContain('The suppression list is empty')
})

test('a gateway whose store is away at its start is not ready and refuses writes, until it could compare its keys', async () => {
  await suppress(await start(configure({ key: first })))
  await redis.kill()
  const [good, bad] = await Promise.all([
    start(configure({ key: first }, 'good.json')),
    start(configure({ key: second }, 'bad.json')),
  ])
  for (const gateway of [good, bad]) {
    expect((await call(gateway, 'GET', '/readyz')).status).toBe(503)
    const refused = await call(gateway, 'POST', '/suppressions', { suppressions: [{ ...jane, reason: 'manual' }] })
    expect(refused.status).toBe(503)
    expect(await refused.json()).toMatchObject({ code: 'store-unavailable', retriable: true })
  }
  await redis.restart()
  await expect.poll(async () => (await call(good, 'GET', '/readyz')).status).toBe(200)
  expect(await isSuppressed(good)).toBe(true)
  const unready = async () => (await call(bad, 'GET', '/readyz')).text()
  await expect.poll(unready).toContain('suppressions.key lacks')
  expect((await call(bad, 'POST', '/suppressions/search', jane)).status).toBe(503)
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'
import { type Receiver, startReceiver } from '../support/start-receiver.ts'

/** What an account was verified for is watched in the answers that come anyway. */
let folder: string
let simulators: RunningSimulators
let running: TestGateway
let receiver: Receiver
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'account-changed-'))
  simulators = await startSimulators()
  receiver = await startReceiver()
  const verified = join(folder, 'report.json')
  const report = {
    format: 1,
    provider: 'vobiz',
    baseUrl: simulators.vobiz.baseUrl,
    at: new Date().toISOString(),
    probes: [{ id: 'VOB-LIST-SHAPE', seen: 'current' }, { id: 'VOB-LAG' }],
  }
  writeFileSync(verified, JSON.stringify(report))
  running = await startGateway(
    { accounts: { 'vobiz-in': { verified } }, clients: { crm: { webhooks: [receiver.entry(['account.changed'])] } } },
    simulators,
  )
})
afterAll(async () => {
  await running.close()
  await receiver.close()
  await simulators.close()
  rmSync(folder, { recursive: true })
})

const linesOf = () =>
  running
    .logged()
    .split('\n')
    .filter((line) => line.includes('"event":"account.changed"'))
const list = () => running.call('GET', '/contacts?account=vobiz-in')
const counted = async () => (await running.call('GET', '/metrics', { key: null })).text

test('an answer that contradicts what was settled is one line and one event a day, counted each time, and no further call', async () => {
  await list()
  expect(linesOf()).toEqual([])
  running.simulators.vobiz.setBehaviour({ quirks: { listShape: 'old' } })
  const before = running.simulators.vobiz.requestTotal()
  for (let times = 0; times < 3; times++) expect((await list()).status).toBe(200)
  expect(running.simulators.vobiz.requestTotal() - before).toBe(3)
  expect(linesOf()).toHaveLength(1)
  expect(JSON.parse(linesOf()[0] as string)).toMatchObject({
    account: 'vobiz-in',
    operation: 'listContacts',
    probe: 'VOB-LIST-SHAPE',
    settled: 'current',
    seen: 'old',
  })
  expect(await counted()).toMatch(
    /contact_gateway_provider_changes_total\{account="vobiz-in",probe="VOB-LIST-SHAPE"\} 3/,
  )
  const told = () => receiver.events.map(({ body }) => body.data).filter(({ change }) => change === 'VOB-LIST-SHAPE')
  await expect.poll(told).toHaveLength(1)
  expect(told()).toEqual([
    {
      account: 'vobiz-in',
      operation: 'listContacts',
      change: 'VOB-LIST-SHAPE',
      shape: expect.stringContaining('old, where it was current'),
    },
  ])
  // What else is seen in such answers is told by itself, and none of it twice.
  const states = async () =>
    new Set((await running.call('GET', '/webhooks/deliveries')).body.items.map((one: { state: string }) => one.state))
  await expect.poll(states).toEqual(new Set(['delivered']))
  const all = receiver.events.map(({ body }) => JSON.stringify(body.data))
  expect(new Set(all).size, all.join('\n')).toBe(all.length)
  expect(told()).toHaveLength(1)
})

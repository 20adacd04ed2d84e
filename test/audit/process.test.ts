import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createKey } from '../../src/config/client-directory.ts'
import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'
import { limitFileSize } from '../support/limit-file-size.ts'
import { readMetrics } from '../support/read-metrics.ts'
import { spawnGateway, startProcess } from '../support/start-process.ts'
import { readEvents } from './read-events.ts'

/** What becomes of the audit where it cannot be written, or its file is moved away: the gateway serves on. */

const { key, hash } = createKey('crm')
let folder: string
let simulators: RunningSimulators

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-audit-'))
  simulators = await startSimulators()
  const crm = { keys: [{ hash }], networks: ['127.0.0.0/8'], scopes: ['contacts:write'], lists: ['*'], accounts: ['*'] }
  const rateLimited = { ...crm, rateLimit: { requests: 1_000_000 } }
  const document = {
    ...gatewayDocument(simulators),
    limits: { overloadDelayMs: 60_000 },
    clients: { crm: rateLimited },
  }
  writeFileSync(join(folder, 'gateway.json'), JSON.stringify(document))
})
afterAll(async () => {
  await simulators.close()
  rmSync(folder, { recursive: true })
})

const environment = (auditLog: string) => ({
  GATEWAY_CONFIG: join(folder, 'gateway.json'),
  DATA_DIR: ':memory:',
  AUDIT_LOG: auditLog,
})

async function start(auditLog: string) {
  const gateway = await startProcess(environment(auditLog))
  onTestFinished(() => void gateway.child.kill('SIGKILL'))
  const times: number[] = []
  const add = async (number: number) => {
    const startedAt = performance.now()
    const answer = await fetch(`${gateway.url}/contacts?account=vobiz-in`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'x-request-id': `request-${number}`,
      },
      body: JSON.stringify({ name: 'Jane', phone: `+9198765${String(number).padStart(5, '0')}` }),
    })
    await answer.arrayBuffer()
    times.push(performance.now() - startedAt)
    return answer.status
  }
  return { ...gateway, add, times }
}

test('where its file cannot be opened the gateway does not start, says why, and exits as for a mistake', async () => {
  const { ended, output } = spawnGateway({ PORT: '0', ...environment(join(folder, 'not', 'there')) })
  expect(await ended).toBe(78)
  expect(output()).toContain('AUDIT_LOG names a file that cannot be written (ENOENT: its folder is not there)')
})

test('on a full disk requests are served as ever, the gateway is ready, and the trouble is told', async () => {
  const { url, add, times, output, printed } = await start('/dev/full')
  for (let number = 0; number < 100; number++) expect(await add(number)).toBe(201)
  times.sort((one, other) => one - other)
  // The slowest of all would tell of the machine.
  expect(times[95]).toBeLessThan(100)
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  await printed(/"level":50.*"event":"audit","code":"ENOSPC"/)
  expect(output().match(/ENOSPC/g)).toHaveLength(1)
  expect((await readMetrics(`${url}/metrics`)).value('contact_gateway_audit_up')).toBe(0)
})

test('a disk that fills in the middle of a line and gets room again has every line, once and whole', async () => {
  const file = join(folder, 'filled.log')
  const { child, add, printed } = await start(file)
  await add(0)
  await expect.poll(() => readEvents(file).length).toBe(2)
  limitFileSize(child.pid as number, statSync(file).size + 700)
  for (let number = 1; number < 10; number++) expect(await add(number)).toBeLessThan(202)
  await printed(/"event":"audit","code":"EFBIG"/)
  expect(readFileSync(file, 'utf8')).not.toMatch(/\n$/)
  limitFileSize(child.pid as number)
  await printed(/none was lost/)
  const written = () => readEvents(file).flatMap(({ requestId = [] }) => requestId)
  await expect.poll(written).toEqual(Array.from({ length: 10 }, (_, number) => `request-${number}`))
})

test('on standard output whose reader has gone requests are served as ever, and what is lost is counted', async () => {
  const { url, child, add, times } = await start('stdout')
  child.stdout?.destroy()
  await expect
    .poll(async () => {
      for (let number = 0; number < 20; number++) expect(await add(number)).toBeLessThan(202)
      return (await readMetrics(`${url}/metrics`)).value('contact_gateway_audit_lost_total')
    })
    .toBeGreaterThan(20)
  times.sort((one, other) => one - other)
  expect(times[Math.floor(times.length * 0.95)]).toBeLessThan(100)
  expect((await readMetrics(`${url}/metrics`)).value('contact_gateway_audit_up')).toBe(0)
})

test('on standard output its events are lines among those of the log', async () => {
  const { add, output, printed } = await start('stdout')
  await add(1)
  await printed(/"requestId":"request-1"/)
  const lines = output().split('\n')
  const event = lines.find((line) => line.includes('"requestId":"request-1"')) as string
  expect(JSON.parse(event)).toMatchObject({ event: 'audit', action: 'contact.create', client: 'crm' })
})

test('a process that ends, or is told to reload, has written all of its events to the file that has the name', async () => {
  const file = join(folder, 'audit.log')
  const { child, add, ended, printed } = await start(file)
  const requestsIn = (name: string) => readEvents(name).flatMap(({ requestId = [] }) => requestId)
  for (let number = 0; number < 5; number++) await add(number)
  await expect.poll(() => requestsIn(file).length).toBe(5)
  renameSync(file, `${file}.1`)
  child.kill('SIGHUP')
  await printed(/was reloaded/)
  for (let number = 5; number < 10; number++) await add(number)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(requestsIn(`${file}.1`)).toEqual([0, 1, 2, 3, 4].map((number) => `request-${number}`))
  expect(requestsIn(file)).toEqual([5, 6, 7, 8, 9].map((number) => `request-${number}`))
  expect(readFileSync(file, 'utf8')).toContain('config.reload')
})

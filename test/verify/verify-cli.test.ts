import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createKey } from '../../src/config/client-directory.ts'
import { createSuppressionKeys } from '../../src/services/suppressions/suppression-keys.ts'
import { createSuppressions } from '../../src/services/suppressions/suppressions.ts'
import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { sampleOblicList } from '../../src/simulators/oblic.ts'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'
import { openStore } from '../../src/store/open-store.ts'
import { commandProgram } from '../support/programs.ts'

const [first, second] = ['+919876543210', '+919876543211'] as const
const people = ['--phone', first, '--phone', second]

let simulators: RunningSimulators
let folder: string
beforeAll(async () => {
  simulators = await startSimulators()
})
afterAll(() => simulators.close())
beforeEach(() => {
  for (const simulator of [simulators.vobiz, simulators.octopush, simulators.oblic]) simulator.reset()
  folder = mkdtempSync(join(tmpdir(), 'verify-'))
  return () => rmSync(folder, { recursive: true })
})

/** Writes a configuration whose accounts are called as often as they may be. */
function configure(change: Record<string, unknown> = {}): void {
  const document = gatewayDocument(simulators)
  const crm = {
    keys: [{ hash: createKey('crm').hash }],
    networks: ['::1/128'],
    scopes: ['imports'],
    lists: [],
    accounts: [],
  }
  const accounts = { ...document.accounts, 'vobiz-in': { ...document.accounts['vobiz-in'], ...change } }
  writeFileSync(join(folder, 'gateway.json'), JSON.stringify({ ...document, accounts, clients: { crm } }), {
    mode: 0o600,
  })
}

type Ended = { readonly code: number | string; readonly output: string }

function start(...args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [commandProgram, 'accounts', 'verify', ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, GATEWAY_CONFIG: join(folder, 'gateway.json'), DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code, signal) => resolve({ code: code ?? signal ?? '', output })),
  )
  return { child, ended }
}

const run = (...args: readonly string[]) => start(...args).ended
/** So that there is time to interrupt. */
const slowly = { latencyMs: 100 }
const methods = () => simulators.vobiz.requests().map(({ method }) => method)
const journal = () => join(folder, 'report.journal')
const whole = ['vobiz-in', ...people, '--yes-write', '--report', 'report.md'] as const

test('without --yes-write nothing is written, and every call that would be is shown', { timeout: 60_000 }, async () => {
  configure()
  const { code, output } = await run('vobiz-in', ...people)
  expect(code).toBe(0)
  expect(new Set(methods())).toEqual(new Set(['GET']))
  expect(output).toContain(`POST /contacts {"phone_number":"${first}"`)
  expect(output).toContain('POST /contacts/import')
  expect(output).toContain('DELETE /contacts/id-of-the-first')
  expect(output.indexOf('Ask for a page of one contact')).toBeLessThan(output.indexOf('Nothing was written.'))
})

test('a run with writes leaves nothing but its report, which shows nobody', { timeout: 120_000 }, async () => {
  configure()
  const { code, output } = await run(...whole)
  expect([code, output]).toEqual([0, expect.stringContaining('34 of 34 questions settled')])
  expect(simulators.vobiz.contacts()).toEqual([])
  expect(existsSync(journal())).toBe(false)
  const files = ['report.md', 'report.json'].map((name) => readFileSync(join(folder, name), 'utf8'))
  const secrets = [...Object.values(simulators.credentials.vobiz), first.slice(1), second.slice(1)] as string[]
  for (const text of [...files, output]) for (const secret of secrets) expect(text).not.toContain(secret)
  expect(JSON.parse(files[1] as string)).toMatchObject({
    format: 1,
    provider: 'vobiz',
    account: 'vobiz-in',
    wrote: true,
  })
})

test('an account of Octopush is verified and left as it was', { timeout: 60_000 }, async () => {
  configure()
  const numbers = ['--phone', '+33612345678', '--phone', '+33612345679', '--opted-out', '+33612340404']
  const { code, output } = await run('octopush-fr', ...numbers, '--email', 'jane@example.com', '--yes-write')
  expect([code, output]).toEqual([0, expect.stringContaining('0 open')])
  expect(simulators.octopush.counts()).toMatchObject({ total: 0, lists: 0 })
})

test('at Oblic, which deletes nothing, it writes only where the person says so and names a list', {
  timeout: 60_000,
}, async () => {
  configure()
  const person = ['oblic-main', '--phone', '+33612345678', '--email', 'jane@example.com', '--yes-write', '--sizes']
  const refused = await run(...person)
  expect(refused).toMatchObject({ code: 2, output: expect.stringMatching(/with --list; --cannot-clean-up/) })
  expect(simulators.oblic.requestTotal()).toBe(0)
  const { code, output } = await run(...person, '--list', sampleOblicList, '--cannot-clean-up')
  expect([code, output]).toEqual([0, expect.stringContaining('0 open')])
  expect(output).toContain('stays until you delete the list')
})

test('a setting that contradicts what was seen ends with 1, and once it is taken over with 0', {
  timeout: 180_000,
}, async () => {
  simulators.vobiz.setBehaviour({ quirks: { update: 'whole' } })
  configure()
  const before = await run(...whole)
  expect(before).toMatchObject({
    code: 1,
    output: expect.stringContaining('updateReplaces: true (VOB-UPDATE): contradicts the configuration'),
  })
  const { settings } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))
  configure(Object.fromEntries(settings.map(({ name, value }: { name: string; value: unknown }) => [name, value])))
  const after = await run(...whole)
  expect(after).toMatchObject({
    code: 0,
    output: expect.stringContaining('updateReplaces: true (VOB-UPDATE): as configured'),
  })
})

test('somebody who is there stops it before anything is written', { timeout: 60_000 }, async () => {
  configure()
  const { vobiz } = simulators
  const { authId, authToken } = simulators.credentials.vobiz
  const headers = { 'X-Auth-ID': authId, 'X-Auth-Token': authToken, 'Content-Type': 'application/json' }
  const body = JSON.stringify({ phone_number: second, name: 'Somebody' })
  await fetch(`${vobiz.baseUrl}/contacts`, { method: 'POST', headers, body })
  const before = vobiz.contacts()
  const { code, output } = await run(...whole)
  expect([code, output]).toEqual([2, expect.stringContaining('A contact with a test number is there.')])
  expect(vobiz.contacts()).toEqual(before)
  expect(methods().filter((method) => method !== 'GET')).toEqual(['POST'])
})

test('Ctrl-C ends it after the call that is out, and it tidies up', { timeout: 60_000 }, async () => {
  simulators.vobiz.setBehaviour(slowly)
  configure()
  const { child, ended } = start(...whole)
  await simulators.vobiz.waitForRequest(({ operation, applied }) => operation === 'create' && applied)
  child.kill('SIGINT')
  const { code, output } = await ended
  expect([code, output]).toEqual([2, expect.stringContaining('It was interrupted.')])
  expect(simulators.vobiz.contacts()).toEqual([])
  expect(existsSync(journal())).toBe(false)
})

test('after kill -9 no other run begins, and --clean-up deletes what it has left and nothing else', {
  timeout: 120_000,
}, async () => {
  simulators.vobiz.setBehaviour(slowly)
  configure()
  const { child, ended } = start(...whole)
  await simulators.vobiz.waitForRequest(({ operation, applied }) => operation === 'update' && applied)
  child.kill('SIGKILL')
  expect((await ended).code).toBe('SIGKILL')
  expect(simulators.vobiz.contacts()).toHaveLength(1)
  expect(await run(...whole)).toMatchObject({ code: 2, output: expect.stringContaining('--clean-up first') })
  expect(simulators.vobiz.contacts()).toHaveLength(1)
  const cleaned = await run('vobiz-in', '--clean-up', '--report', 'report.md')
  expect(cleaned).toMatchObject({ code: 0, output: expect.stringContaining('is gone') })
  expect(simulators.vobiz.contacts()).toEqual([])
  expect(existsSync(journal())).toBe(false)
})

test('what cannot be deleted is said, and the journal stays for another try', { timeout: 120_000 }, async () => {
  simulators.vobiz.setBehaviour({ ...slowly, quirks: { deletion: 'answered-only' } })
  configure()
  const { child, ended } = start(...whole)
  await simulators.vobiz.waitForRequest(({ operation, applied }) => operation === 'create' && applied)
  child.kill('SIGINT')
  expect(await ended).toMatchObject({ code: 2, output: expect.stringContaining('still there') })
  expect(existsSync(journal())).toBe(true)
  simulators.vobiz.setBehaviour({})
  expect(await run('vobiz-in', '--clean-up', '--report', 'report.md')).toMatchObject({ code: 0 })
  expect(simulators.vobiz.contacts()).toEqual([])
})

test('a test person on the suppression list stops it before any call', { timeout: 60_000 }, async () => {
  configure()
  await suppress(second)
  expect(await run(...whole)).toMatchObject({ code: 2, output: expect.stringContaining('on the suppression list') })
  expect(simulators.vobiz.requestTotal()).toBe(0)
})

/** As a gateway on this folder does. */
async function suppress(phone: string): Promise<void> {
  const store = await openStore({ dataDir: folder })
  const keys = createSuppressionKeys(store.suppressions, { key: undefined, oldKeys: [] })
  await keys.compare()
  const adding = { list: store.suppressions, keys, perDay: 10, now: Date.now }
  const drafts = [{ phone, reason: 'opt_out' as const }]
  const [added] = await createSuppressions(adding, { changed: () => {} }).add({
    client: 'crm',
    drafts,
    mayKnow: true,
    defaultCountry: undefined,
  })
  expect(added).toMatchObject({ status: 'created' })
  await store.close()
}

test('where nobody reads what it prints it goes on, and tidies up', { timeout: 60_000 }, async () => {
  simulators.vobiz.setBehaviour(slowly)
  configure()
  const { child, ended } = start(...whole)
  await simulators.vobiz.waitForRequest(({ operation, applied }) => operation === 'create' && applied)
  for (const stream of [child.stdout, child.stderr]) stream?.destroy()
  await ended
  expect(simulators.vobiz.contacts()).toEqual([])
  expect(existsSync(journal())).toBe(false)
})

test('a place that is none of the provider’s settles nothing, and ends with 2', { timeout: 60_000 }, async () => {
  configure({ baseUrl: `${simulators.octopush.url}/nowhere` })
  const { code, output } = await run('vobiz-in')
  expect([code, output]).toEqual([2, expect.stringMatching(/are refused|Check baseUrl/)])
})

test('a folder that takes no journal is told before any call', { timeout: 60_000 }, async () => {
  configure()
  const { code, output } = await run('vobiz-in', ...people, '--yes-write', '--report', 'nowhere/report.md')
  expect([code, output]).toEqual([2, expect.stringContaining('cannot be written (ENOENT)')])
  expect(simulators.vobiz.requestTotal()).toBe(0)
})

test.each([
  ['an account that is not there', ['nobody'], 'There is no account nobody.'],
  ['writing to nobody', ['vobiz-in', '--yes-write'], 'it needs 2 numbers that are yours'],
  ['a number that is none', ['vobiz-in', '--phone', '12'], 'Write each number with +'],
  ['the same number twice', ['vobiz-in', '--phone', first, '--phone', first], 'given twice'],
  ['cleaning up after nothing', ['vobiz-in', '--clean-up'], 'There is nothing to clean up'],
])('%s is refused with 2, before any call', { timeout: 60_000 }, async (_what, args, says) => {
  configure()
  expect(await run(...args)).toMatchObject({ code: 2, output: expect.stringContaining(says) })
  expect(simulators.vobiz.requestTotal()).toBe(0)
})

test('credentials that are refused end it with 2 after one call', { timeout: 60_000 }, async () => {
  configure({ credentials: { authId: 'MA_OTHER', authToken: 'another-token' } })
  expect(await run('vobiz-in')).toMatchObject({ code: 2, output: expect.stringContaining('are refused (HTTP 401)') })
  expect(simulators.vobiz.requestTotal()).toBe(1)
})

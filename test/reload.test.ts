import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKey } from '../src/config/client-directory.ts'
import { gatewayDocument } from '../src/simulators/gateway-document.ts'
import { type RunningSimulators, startSimulators } from '../src/simulators/start.ts'
import { type GatewayProcess, startProcess } from './support/start-process.ts'

let folder: string
let simulators: RunningSimulators
let gateway: GatewayProcess
const { key, hash } = createKey('crm')
const client = {
  keys: [{ hash }],
  networks: ['127.0.0.0/8'],
  scopes: ['contacts:read', 'contacts:write', 'imports'],
  lists: ['*'],
  accounts: ['*'],
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-reload-'))
  simulators = await startSimulators()
  writeFileSync(join(folder, 'oblic-key'), 'oblic-sandbox-key\n')
  write(document())
  gateway = await startProcess({
    GATEWAY_CONFIG: join(folder, 'gateway.json'),
    DATA_DIR: join(folder, 'data'),
    OBLIC_API_KEY_FILE: join(folder, 'oblic-key'),
  })
})
afterEach(async () => {
  gateway.child.kill('SIGKILL')
  await simulators.close()
  rmSync(folder, { recursive: true })
})

function document(changes: { clients?: object; lists?: object } = {}) {
  const { accounts, lists } = gatewayDocument(simulators)
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the configuration's own form of a reference
  accounts['oblic-main'].credentials.apiKey = '${OBLIC_API_KEY}'
  return { accounts, lists: { ...lists, ...changes.lists }, clients: changes.clients ?? { crm: client } }
}

/** As editors and mounted secrets do it: the new file takes the place of the old one. */
function write(content: unknown): void {
  writeFileSync(join(folder, 'next'), JSON.stringify(content))
  renameSync(join(folder, 'next'), join(folder, 'gateway.json'))
}

const call = (method: string, path: string, body?: unknown, bearer = key) =>
  fetch(gateway.url + path, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
const contact = { name: 'Jane', email: 'jane@example.com', phone: '+919876543210' }

test('a change of the file is taken over without a restart: a new list, a new key, a revoked key', async () => {
  expect((await call('GET', '/lists/fresh')).status).toBe(404)
  const other = createKey('crm')
  write(
    document({
      lists: { fresh: { targets: [{ account: 'vobiz-in', tag: 'fresh' }] } },
      clients: { crm: { ...client, keys: [{ hash: other.hash }] } },
    }),
  )
  await gateway.printed(/was reloaded/)
  expect((await call('GET', '/lists/fresh', undefined, other.key)).status).toBe(200)
  expect((await call('GET', '/lists')).status).toBe(401)
  const added = await call('POST', '/lists/fresh/contacts', { contacts: [contact] }, other.key)
  expect(await added.json()).toMatchObject({ summary: { outcomes: { created: 1 } } })
})

test('SIGHUP reloads, and a secret in a file of its own is one of the files that are watched', async () => {
  writeFileSync(join(folder, 'oblic-key'), 'rotated-key-of-oblic\n')
  await gateway.printed(/was reloaded/)
  const added = await call('POST', '/lists/newsletter/contacts', { contacts: [contact] })
  expect(await added.json()).toMatchObject({ summary: { outcomes: { failed: 1, created: 2 } } })
  expect(simulators.oblic.requests().at(-1)?.headers.authorization).toBe('Bearer rotated-key-of-oblic')
  gateway.child.kill('SIGHUP')
  await gateway.printed(/was reloaded[\s\S]*was reloaded/)
  expect(gateway.output()).not.toContain('rotated-key-of-oblic')
})

test('what is allowed and worth knowing is logged at a reload, as at a start', async () => {
  expect(gateway.output()).toMatch(/"event":"configuration","msg":"accounts.vobiz-in.credentials.authToken is written/)
  write(document({ clients: { crm: { ...client, networks: ['127.0.0.0/8', '::/0'] } } }))
  await gateway.printed(/"event":"configuration","msg":"clients\.crm\.networks\[1\] ::\/0 lets every address in/)
})

test('a file with a mistake changes nothing, and says what to mend', async () => {
  write({ ...document(), lists: { broken: { targets: [{ account: 'nobody', tag: 'x' }] } } })
  await gateway.printed(/old one stays/)
  expect(gateway.output()).toContain('lists.broken.targets[0].account')
  expect((await call('GET', '/lists/newsletter')).status).toBe(200)
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text()
  expect(metrics).toMatch(/contact_gateway_configuration_reloads_total\{result="refused"\} 1/)
})

test('a request in flight ends as it began while its account is exchanged', async () => {
  simulators.oblic.setBehaviour({ latencyMs: 1_500 })
  const adding = call('POST', '/lists/newsletter/contacts', { contacts: [contact] })
  await simulators.oblic.waitForRequest(() => true)
  writeFileSync(join(folder, 'oblic-key'), 'rotated-key-of-oblic\n')
  gateway.child.kill('SIGHUP')
  await gateway.printed(/was reloaded/)
  expect(await (await adding).json()).toMatchObject({ summary: { outcomes: { accepted: 1, created: 2 } } })
})

test('an import whose account is taken out ends: what was not sent is failed, and the log says why', async () => {
  simulators.oblic.setBehaviour({ latencyMs: 400 })
  const form = new FormData()
  const rows = Array.from({ length: 12_000 }, (_, n) => `P${n},p${n}@example.com`)
  form.set('file', new Blob([`name,email\n${rows.join('\n')}\n`]), 'people.csv')
  const authorization = `Bearer ${key}`
  const send = { method: 'POST', headers: { authorization }, body: form }
  const { id } = (await (await fetch(`${gateway.url}/lists/newsletter/imports`, send)).json()) as { id: string }
  await simulators.oblic.waitForRequest(() => true)
  const { accounts, lists, clients } = document()
  const { 'oblic-main': _, ...others } = accounts
  const targets = lists.newsletter.targets.filter(({ account }) => account !== 'oblic-main')
  write({ accounts: others, lists: { newsletter: { targets } }, clients })
  await gateway.printed(/"account":"oblic-main"[^\n]*The account was removed/)
  const state = async () => (await (await call('GET', `/imports/${id}`)).json()) as { status: string; progress: object }
  await expect.poll(async () => (await state()).status, { timeout: 30_000 }).toBe('completed_with_errors')
  const { progress } = (await state()) as { progress: Record<string, { pending: number; failed: number }> }
  expect(progress['oblic-main']?.pending).toBe(0)
  expect(progress['oblic-main']?.failed).toBeGreaterThan(0)
  const errors = await (await call('GET', `/imports/${id}/errors.csv`)).text()
  expect(errors).toContain('account_removed')
})

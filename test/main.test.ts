import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey } from '../src/config/client-directory.ts'
import { gatewayDocument } from '../src/simulators/gateway-document.ts'
import { startSimulators } from '../src/simulators/start.ts'
import { type GatewayProcess, spawnGateway, startProcess } from './support/start-process.ts'

const run = promisify(execFile)
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

describe('without any configuration', () => {
  let sandbox: GatewayProcess
  beforeAll(async () => {
    sandbox = await startProcess({})
    await sandbox.printed(/Ctrl-C stops it\./)
  })
  afterAll(async () => {
    sandbox.child.kill('SIGTERM')
    expect(await sandbox.ended).toBe(0)
  })

  test("the banner's curl line, pasted into a shell, reaches all three providers", async () => {
    const curl = /^ {2}curl[\s\S]*?\n\n/m.exec(sandbox.output())?.[0] as string
    const { stdout } = await run('bash', ['-c', curl])
    expect(stdout).toMatch(/^HTTP\/1.1 207 /)
    const { results } = JSON.parse(stdout.slice(stdout.indexOf('{')))
    const states = results[0].outcomes.map(
      ({ account, status }: { account: string; status: string }) => `${account} ${status}`,
    )
    expect(states).toEqual(['oblic-main accepted', 'octopush-fr created', 'vobiz-in created'])

    const held = Object.fromEntries(
      await Promise.all(
        [...sandbox.output().matchAll(/^ {2}(\S+) +(http\S+_sim\/contacts)$/gm)].map(async ([, account, url]) => {
          const answer = await fetch(url as string)
          return [account, ((await answer.json()) as { contacts: unknown }).contacts]
        }),
      ),
    )
    expect(held).toMatchObject({
      'oblic-main': [{ name: 'Jane Smith', email: 'jane@example.com', phone: '919876543210' }],
      'octopush-fr': [{ phone_number: '+919876543210', first_name: 'Jane Smith', lists: ['newsletter'] }],
      'vobiz-in': [{ phone_number: '+919876543210', name: 'Jane Smith', tags: ['newsletter'] }],
    })
  })

  test('the key of the banner is in no log line', () => {
    const key = /cgw_demo_\S+/.exec(sandbox.output())?.[0] as string
    const lines = sandbox
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.join('\n')).not.toContain(key.replace(/'$/, ''))
  })
})

test('sandbox mode does not start under NODE_ENV=production', async () => {
  const { ended, output } = spawnGateway({ NODE_ENV: 'production' })
  expect(await ended).toBe(78)
  expect(output()).toContain('GATEWAY_CONFIG')
})

test('a configuration file with any base URLs runs, and SIGTERM ends it with 0', async () => {
  const simulators = await startSimulators()
  const { key, hash } = createKey('crm')
  const client = {
    keys: [{ hash }],
    networks: ['127.0.0.0/8'],
    scopes: ['contacts:write'],
    lists: ['*'],
    accounts: ['*'],
  }
  const document = { ...gatewayDocument(simulators), clients: { crm: client } }
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the configuration's own form of a reference
  document.accounts['oblic-main'].credentials.apiKey = '${OBLIC_API_KEY}'
  const secret = file('oblic-key', 'oblic-sandbox-key\n')
  const started = await startProcess({
    GATEWAY_CONFIG: file('gateway.json', JSON.stringify(document)),
    OBLIC_API_KEY_FILE: secret,
    DATA_DIR: folder,
  })
  const answer = await fetch(`${started.url}/lists/newsletter/contacts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ contacts: [{ name: 'Jane', email: 'jane@example.com', phone: '+919876543210' }] }),
  })
  expect(await answer.json()).toMatchObject({ summary: { outcomes: { accepted: 1, created: 2 } } })
  started.child.kill('SIGTERM')
  expect(await started.ended).toBe(0)
  await simulators.close()
})

test('a file with five mistakes: all five with their places, exit code 78, no secret shown', async () => {
  const config = file(
    'mistakes.yaml',
    `
accounts:
  oblic-main: { provider: oblic, credentials: { apiKey: very-secret-value-1 }, timeout: 5 }
  octopush-fr: { provider: octopush, baseUrl: "http://api.example.com", credentials: { apiLogin: a@b.example, apiKey: "\${MISSING_KEY}" } }
lists:
  newsletter: { targets: [ { account: oblic-main, list: not-a-uuid }, { account: nobody, tag: x } ] }
clients: {}
`,
  )
  const { ended, output } = spawnGateway({ GATEWAY_CONFIG: config })
  expect(await ended).toBe(78)
  for (const place of [
    'accounts.oblic-main.timeout',
    'accounts.octopush-fr.baseUrl',
    'accounts.octopush-fr.credentials.apiKey',
    'lists.newsletter.targets[0].list',
    'lists.newsletter.targets[1].account',
  ])
    expect(output()).toContain(place)
  expect(output()).not.toContain('very-secret-value-1')
  expect(output()).toContain('MISSING_KEY')
})

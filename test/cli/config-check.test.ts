import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createKey } from '../../src/config/client-directory.ts'
import type { Rule } from '../../src/simulators/behaviour.ts'
import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'
import { commandProgram } from '../support/programs.ts'
import { startRedis } from '../support/redis.ts'

/** What the programs are given besides what a test is about. */
const { PATH, NODE_COMPILE_CACHE } = process.env

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-check-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function contactGateway(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [commandProgram, ...args], {
    cwd: folder,
    env: { PATH, NODE_COMPILE_CACHE, ...env },
  })
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { output, errors, exitCode: await ended }
}

describe('contact-gateway config check --online', () => {
  let simulators: RunningSimulators
  beforeEach(async () => {
    simulators = await startSimulators()
  })
  afterEach(() => simulators.close())

  const document = () => ({
    ...gatewayDocument(simulators),
    clients: {
      crm: {
        keys: [{ hash: createKey('crm').hash }],
        networks: ['127.0.0.0/8'],
        scopes: ['contacts:write'],
        lists: ['*'],
        accounts: ['*'],
      },
    },
  })
  const check = (changed: object, env: Record<string, string> = {}) => {
    const file = join(folder, 'gateway.json')
    writeFileSync(file, JSON.stringify(changed))
    return contactGateway(['config', 'check', file, '--online'], env)
  }

  test('says that providers take the credentials, and changes nothing there', async () => {
    const { output, errors, exitCode } = await check(document())
    expect(errors).toBe('')
    expect(output).toContain('The configuration is valid: 3 accounts, 3 lists, 1 client.')
    expect(output).toMatch(/ok +store +SQLite in \.\/data/)
    expect(output).toMatch(/ok +octopush-fr +Octopush at \S+ takes the credentials\./)
    expect(output).toMatch(/ok +vobiz-in +Vobiz at \S+ takes the credentials\./)
    expect(output).toMatch(/ok +oblic-main +Oblic at \S+ is there\. It has no call that only reads/)
    expect(output.match(/It was called from 127\.0\.0\.1\./g)).toHaveLength(3)
    expect(output).toMatch(/oblic-main .*the address that your network shows outside has to stand in the IP whitelist/)
    expect(exitCode).toBe(0)
    for (const { requests } of [simulators.oblic, simulators.octopush, simulators.vobiz])
      expect(requests().map(({ method }) => method)).toEqual(['GET'])
  })

  test('tells refused credentials, a broken provider and one that is not there apart, without a secret', async () => {
    const changed = document()
    changed.accounts['octopush-fr'].credentials.apiKey = 'another-key-than-it-has'
    simulators.vobiz.setBehaviour({ status: 503 })
    await simulators.oblic.close()
    const { output, exitCode } = await check(changed)
    expect(output).toMatch(/FAIL +octopush-fr .* refuses the credentials \(HTTP 401\)/)
    expect(output).toMatch(/FAIL +vobiz-in .* is there and fails \(HTTP 503\)/)
    expect(output).toMatch(/FAIL +oblic-main .* cannot be reached \(ECONNREFUSED\)\. Check its base URL/)
    expect(output).not.toContain('another-key-than-it-has')
    expect(exitCode).toBe(1)
  })

  test('says by which proxy it called, and that the proxy is away, without its password', async () => {
    const changed = document()
    const egress = { proxy: 'http://gateway:planted-proxy-password@127.0.0.1:1' }
    const { output, exitCode } = await check({ ...changed, egress })
    expect(output).toMatch(/FAIL +vobiz-in .* \(PROXY_ECONNREFUSED\)\. The proxy 127\.0\.0\.1:1 opens no way there/)
    expect(output).toMatch(/oblic-main .* called through the proxy 127\.0\.0\.1:1\. .*the address that the proxy shows/)
    expect(output).not.toContain('planted-proxy-password')
    expect(exitCode).toBe(1)
  })

  test("an answer that is not the provider's is no sign of good credentials", async () => {
    const page = { garbage: { status: 200, text: '<html><title>Welcome</title></html>' } }
    const json = (text: string) => ({ garbage: { status: 200, text, contentType: 'application/json' } })
    const forms: [behaviour: Rule<never>, says: RegExp][] = [
      [page, /not its documented answer\. Check baseUrl/],
      [json('{"hello":"world"}'), /not its documented answer\. Check baseUrl/],
      [json('{"status":"error","error":{"code":"INVALID_CREDENTIALS"}}'), /refuses the check in its answer/],
    ]
    for (const [behaviour, says] of forms) {
      simulators.vobiz.setBehaviour(behaviour)
      simulators.octopush.setBehaviour(behaviour)
      const { output, exitCode } = await check(document())
      for (const account of ['octopush-fr', 'vobiz-in'])
        expect(output.split('\n').find((line) => line.startsWith('  ') && line.includes(account))).toMatch(says)
      expect(exitCode).toBe(1)
    }
  })

  test('asks Redis for its eviction policy, and says when it is not there', async () => {
    const redis = await startRedis()
    const good = await check(document(), { REDIS_URL: redis.url })
    expect(good.output).toMatch(/ok +store +Redis answers and does not evict\./)
    await redis.kill()
    const away = await check(document(), { REDIS_URL: redis.url })
    expect(away.output).toMatch(/FAIL +store +Redis: /)
    expect(away.exitCode).toBe(1)
    await redis.stop()
  })
})

test('a configuration with mistakes is not tried online: its mistakes come, and exit code 78', async () => {
  const file = join(folder, 'mistakes.yaml')
  writeFileSync(file, 'accounts: { a: { provider: nobody } }\nclients: {}\n')
  const { errors, exitCode } = await contactGateway(['config', 'check', file, '--online'])
  expect(errors).toContain('accounts.a.provider')
  expect(exitCode).toBe(78)
})

test('what is allowed and worth knowing is printed, and leaves the configuration valid', async () => {
  const file = join(folder, 'worth-knowing.json')
  const crm = { keys: [], networks: ['0.0.0.0/0'], scopes: ['imports'], lists: ['*'], accounts: ['*'] }
  writeFileSync(file, JSON.stringify({ accounts: {}, clients: { crm } }))
  const { output, exitCode } = await contactGateway(['config', 'check', file])
  expect(output).toContain('warning: clients.crm.networks[0] 0.0.0.0/0 lets every address in\n')
  expect(output).toContain('The configuration is valid: 0 accounts, 0 lists, 1 client.')
  expect(exitCode).toBe(0)
})

test('keys create prints a key, and the line with its hash', async () => {
  const { output, exitCode } = await contactGateway(['keys', 'create', 'crm'])
  const [key = ''] = /cgw_crm_\S{43}/.exec(output) ?? []
  expect(exitCode).toBe(0)
  expect(output).toMatch(/keys: \[ \{ hash: "sha256:[0-9a-f]{64}" \} \]/)
  expect(key).not.toBe('')
})

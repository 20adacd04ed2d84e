import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createKey } from '../../src/config/client-directory.ts'
import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'
import { type GatewayProcess, startProcess } from '../support/start-process.ts'
import { startTinyproxy, type Tinyproxy } from '../support/start-tinyproxy.ts'
import { selfSigned } from '../transport/self-signed.ts'

/** The way out by a real proxy. What a proxy may do beside that: test/transport/proxy.test.ts. */

const user = { name: 'gateway', password: 'planted-proxy-password' }
const jane = { name: 'Jane Smith', phone: '+33612345678' }

describe('egress.proxy', () => {
  let simulators: RunningSimulators
  let gateway: TestGateway
  let proxy: Tinyproxy
  beforeAll(async () => {
    simulators = await startSimulators()
    proxy = await startTinyproxy({ user })
    const octopush = { egress: { proxy: `http://${user.name}:${user.password}@127.0.0.1:${proxy.port}` }, retries: 0 }
    gateway = await startGateway({ accounts: { 'octopush-fr': octopush } }, simulators)
  }, 300_000)
  afterAll(async () => {
    await gateway.close()
    await proxy.stop()
  })
  const add = async () => {
    const { status, body } = await gateway.call('POST', '/lists/sms/contacts', { body: { contacts: [jane] } })
    expect(status).toBe(207)
    return body.results[0].outcomes[0]
  }

  test('of an account is the way of all its calls, and of no other account', async () => {
    expect(await add()).toMatchObject({ status: 'created' })
    const { port } = new URL(simulators.octopush.baseUrl)
    expect(proxy.log()).toContain(`CONNECT 127.0.0.1:${port}`)
    await gateway.call('POST', '/lists/whatsapp/contacts', {
      body: { contacts: [{ ...jane, phone: '+919876543210' }] },
    })
    expect(proxy.log()).not.toContain(new URL(simulators.vobiz.baseUrl).port)
  })

  test('that is away, or wants other credentials, is told from a provider that is away; its password is in no text', async () => {
    const { port } = proxy
    const seen = () => gateway.simulators.octopush.requests().length
    const before = seen()
    await proxy.stop()
    await expect.poll(add).toMatchObject({
      status: 'failed',
      error: { code: 'provider_unreachable', retriable: true, detail: expect.stringContaining('proxy') },
    })
    proxy = await startTinyproxy({ port, user: { ...user, password: 'another' } })
    expect(await add()).toMatchObject({
      status: 'failed',
      error: { code: 'provider_unreachable', detail: expect.stringContaining('refused its user name and password') },
    })
    await proxy.stop()
    proxy = await startTinyproxy({ port, user, ports: [1] })
    expect(await add()).toMatchObject({
      status: 'failed',
      error: { code: 'provider_unreachable', detail: expect.stringContaining('does not let it through') },
    })
    expect(seen()).toBe(before)
    await proxy.stop()
    proxy = await startTinyproxy({ port, user })
    expect(await add()).toMatchObject({ status: 'updated' })
    const said = gateway.logged()
    for (const cause of ['PROXY_ECONNREFUSED', 'PROXY_HTTP_401', 'PROXY_HTTP_403']) expect(said).toContain(cause)
    expect(said).toContain(`127.0.0.1:${port}`)
    expect(said).not.toContain(user.password)
    expect(said).not.toContain(Buffer.from(`${user.name}:${user.password}`).toString('base64'))
  })
})

describe('HTTPS_PROXY', () => {
  let folder: string
  let simulators: RunningSimulators
  let proxy: Tinyproxy
  let provider: { readonly port: number; readonly heads: () => string; readonly close: () => void }
  let gateway: GatewayProcess | undefined
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gateway-egress-'))
    writeFileSync(join(folder, 'ca.pem'), selfSigned.cert)
    simulators = await startSimulators()
    provider = await startTlsInFrontOf(Number(new URL(simulators.octopush.baseUrl).port))
    proxy = await startTinyproxy({ user })
  }, 300_000)
  afterAll(async () => {
    await proxy.stop()
    provider.close()
    await simulators.close()
    rmSync(folder, { recursive: true })
  })
  beforeEach(() => {
    gateway = undefined
  })
  afterEach(async () => {
    gateway?.child.kill('SIGTERM')
    await gateway?.ended
  })

  async function start(env: Record<string, string>) {
    const { key, hash } = createKey('crm')
    const { accounts, lists } = gatewayDocument(simulators)
    const { pathname } = new URL(simulators.octopush.baseUrl)
    const baseUrl = `https://localhost:${provider.port}${pathname}`
    const client = {
      keys: [{ hash }],
      networks: ['127.0.0.0/8'],
      scopes: ['contacts:write'],
      lists: ['*'],
      accounts: ['*'],
    }
    writeFileSync(
      join(folder, 'gateway.json'),
      JSON.stringify({
        accounts: { 'octopush-fr': { ...(accounts['octopush-fr'] as object), baseUrl } },
        lists: { sms: lists.sms },
        clients: { crm: client },
      }),
    )
    gateway = await startProcess({
      GATEWAY_CONFIG: join(folder, 'gateway.json'),
      DATA_DIR: ':memory:',
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
      ...env,
    })
    const response = await fetch(`${gateway.url}/lists/sms/contacts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ contacts: [jane] }),
    })
    // biome-ignore lint/suspicious/noExplicitAny: the status alone is looked at.
    return ((await response.json()) as any).results[0].outcomes[0].status
  }
  const proxyUrl = () => `http://${user.name}:${user.password}@127.0.0.1:${proxy.port}`

  test('is the way to https:// providers, whose TLS it does not end: it learns a name and a port', async () => {
    expect(await start({ HTTPS_PROXY: proxyUrl() })).toBe('created')
    expect(proxy.log()).toContain(`CONNECT localhost:${provider.port}`)
    expect(provider.heads().toLowerCase()).toContain('api-key')
    expect(provider.heads().toLowerCase()).not.toContain('proxy-')
    expect(gateway?.output()).not.toContain(user.password)
  })

  test('is not the way to what NO_PROXY names', async () => {
    const before = proxy.log().match(/CONNECT/g)?.length
    expect(await start({ HTTPS_PROXY: proxyUrl(), NO_PROXY: 'localhost' })).toMatch(/created|updated/)
    expect(proxy.log().match(/CONNECT/g)?.length).toBe(before)
  })
})

async function startTlsInFrontOf(port: number) {
  let heads = ''
  const server = createServer(selfSigned, (caller) => {
    const way = connect(port, '127.0.0.1')
    caller.on('data', (bytes) => {
      heads += bytes
    })
    caller.pipe(way).pipe(caller)
    caller.on('error', () => way.destroy())
    way.on('error', () => caller.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  return { port: (server.address() as AddressInfo).port, heads: () => heads, close: () => void server.close() }
}

import { X509Certificate } from 'node:crypto'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { certificates } from './support/certificates.ts'
import { type GatewayProcess, spawnGateway, startProcess } from './support/start-process.ts'

const { authority, gateway: first, renewed } = certificates

let folder: string
let gateway: GatewayProcess
/** As renewals and mounted secrets do it: the new file takes the place of the old one. */
const put = (name: string, content: string) => {
  writeFileSync(join(folder, 'next'), content, { mode: 0o600 })
  renameSync(join(folder, 'next'), join(folder, name))
}
const environment = () => ({ GATEWAY_CONFIG: join(folder, 'gateway.json'), DATA_DIR: ':memory:' })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-reload-tls-'))
  put('cert.pem', first.cert)
  put('key.pem', first.key)
  const tls = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  put('gateway.json', JSON.stringify({ server: { tls }, accounts: {}, clients: {} }))
  gateway = await startProcess(environment())
})
afterAll(() => {
  gateway.child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** Whose certificate a new connection is shown, by one who trusts our authority. */
function shownName(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      { port: Number(new URL(gateway.url).port), ca: authority.cert, servername: 'localhost' },
      () => {
        resolve(new X509Certificate(socket.getPeerCertificate().raw).subject)
        socket.destroy()
      },
    )
    socket.once('error', reject)
  })
}

test('a renewed certificate is shown to new connections without a restart, when its files change or at SIGHUP', async () => {
  expect(await shownName()).toBe('CN=localhost')
  put('cert.pem', renewed.cert)
  put('key.pem', renewed.key)
  gateway.child.kill('SIGHUP')
  await expect.poll(shownName).toBe('CN=renewed')
  put('key.pem', first.key)
  put('cert.pem', first.cert)
  await expect.poll(shownName, { timeout: 10_000 }).toBe('CN=localhost')
  expect(gateway.output()).not.toContain('by a restart only')
})

test('a pair that does not belong together is refused at a reload: the old one is shown on', async () => {
  put('key.pem', renewed.key)
  await gateway.printed(/server\.tls\.key is not the key of the certificate[^\n]*old one stays/)
  expect(await shownName()).toBe('CN=localhost')
})

test('with a pair that does not belong together nothing starts', async () => {
  put('key.pem', renewed.key)
  const started = spawnGateway({ PORT: '0', ...environment() })
  expect(await started.ended).toBe(78)
  expect(started.output()).toContain('server.tls.key is not the key of the certificate')
})

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { operateProgram } from '../support/operate-program.ts'
import { ownPort } from '../support/own-port.ts'
import { fencedBlocks } from '../support/read-markdown.ts'

/** What docker-compose.yml says, without a Docker engine; test/container has what becomes of it. */

const root = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

type Service = {
  readonly image: string
  readonly ports?: readonly string[]
  readonly networks?: readonly string[] | Readonly<Record<string, unknown>>
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly mem_limit?: string
  readonly privileged?: boolean
}
type Compose = {
  readonly services: Readonly<Record<string, Service>>
  readonly networks: Readonly<Record<string, unknown>>
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose
const services = Object.entries(compose.services)
const networksOf = ({ networks = ['default'] }: Service) => (Array.isArray(networks) ? networks : Object.keys(networks))

test.each(services)(
  '%s is read-only, has no capability, may gain none, and has an end to its memory',
  (_name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: expect.stringMatching(/^\d+m$/),
    })
    expect(service.privileged).toBeUndefined()
  },
)

test('whatever is published is published for this machine alone', () => {
  const published = services.flatMap(([, { ports = [] }]) => ports)
  expect(published.length).toBeGreaterThan(3)
  for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/)
})

test('Redis is in a network with the gateway alone, out of which nothing leads', () => {
  const inBack = services.filter(([, service]) => networksOf(service).includes('back')).map(([name]) => name)
  expect(inBack.sort()).toEqual(['api', 'redis', 'worker'])
  expect(networksOf(compose.services.redis as Service)).toEqual(['back'])
  expect(networksOf(compose.services.nginx as Service)).toEqual(['front'])
  expect(compose.networks.back).toEqual({ internal: true })
})

test("the password of Redis is whoever starts it's own: there is none that works by default", () => {
  const text = read('docker-compose.yml')
  const uses = text.match(/\$\{REDIS_PASSWORD[^}]*\}/g) ?? []
  expect(uses.length).toBeGreaterThan(1)
  for (const use of uses) expect(use).toMatch(/^\$\{REDIS_PASSWORD:\?.+\}$/)
})

test('the lines of README.md make a password once, that fits into a URL, and keep it', async () => {
  const block = fencedBlocks(read('README.md')).find(({ text }) => text.includes('docker compose up'))
  const [line = '', ...others] = block?.text.split('\n') ?? []
  expect(others.join('\n')).toContain('docker compose up')
  const folder = mkdtempSync(join(tmpdir(), 'compose-env-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const paste = () => promisify(execFile)('sh', ['-c', line], { cwd: folder })
  await paste()
  const made = readFileSync(join(folder, '.env'), 'utf8')
  expect(made).toMatch(/^REDIS_PASSWORD=[0-9a-f]{64}\n$/)
  await paste()
  expect(readFileSync(join(folder, '.env'), 'utf8')).toBe(made)
  expect(read('.gitignore').split('\n')).toContain('*.env')
})

test('the command of Redis starts one that wants the password, keeps all keys, and is ended by SIGTERM', async () => {
  const program = await operateProgram('redis-server', 'redis-server', 'redis-server')
  const { command = [] } = compose.services.redis as Service
  const folder = mkdtempSync(join(tmpdir(), 'compose-redis-'))
  const port = await ownPort()
  const [shell = '', flag = '', script = ''] = command
  const here = script
    .replaceAll('$$', '$')
    .replace('exec redis-server', `exec ${program}`)
    .replace('/usr/local/etc/redis.conf', join(root, 'docker/redis.conf'))
    .replace('maxmemory', `port ${port}\nbind 127.0.0.1\ndir ${folder}\nmaxmemory`)
  const child = spawn(shell, [flag, here], { env: { PATH: process.env.PATH, REDISCLI_AUTH: 'of-this-test' } })
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const redis = new Redis(port, '127.0.0.1', { password: 'of-this-test' })
  redis.on('error', () => {})
  try {
    expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction'])
    expect(await redis.config('GET', 'maxmemory')).toEqual(['maxmemory', String(384 * 1024 ** 2)])
    const stranger = connect(port, '127.0.0.1').setEncoding('utf8').end('PING\r\n')
    expect((await stranger.toArray()).join('')).toMatch(/^-NOAUTH/)
  } finally {
    redis.disconnect()
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  }
})

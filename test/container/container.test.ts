import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { buildImage, docker, image, root, run, until } from './engine.ts'

/** The image and docker-compose.yml, for real: everything here goes through a Docker engine. */

const project = `contact-gateway-test-${process.pid}`

type GatewayFile = { clients: Record<string, { keys: { hash: string }[]; networks: string[] }> }

/** The key that stands in the comment of docker/compose.gateway.yaml. */
let demoKey: string
/** Keys of two clients that are added to that file, by the one network that each may call from. */
const keyFrom = { '203.0.113.0/24': newKey('outsider'), '172.30.77.2/32': newKey('nginx-itself') }
let folder: string
let configFile: string

function newKey(client: string): string {
  return `cgw_${client}_${randomBytes(32).toString('base64url')}`
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-container-'))
  configFile = join(folder, 'gateway.yaml')
  const text = await readFile(join(root, 'docker/compose.gateway.yaml'), 'utf8')
  demoKey = /Bearer (cgw_demo_[\w-]{43})/.exec(text)?.[1] ?? ''
  const file = parse(text) as GatewayFile
  const { demo } = file.clients
  if (demo === undefined) throw new Error('docker/compose.gateway.yaml has no demo client')
  for (const [network, key] of Object.entries(keyFrom)) {
    const hash = `sha256:${createHash('sha256').update(key).digest('hex')}`
    file.clients[key.split('_')[1] as string] = { ...demo, keys: [{ hash }], networks: [network] }
  }
  await writeFile(configFile, stringify(file))
  await buildImage()
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const jane = { name: 'Jane Smith', email: 'jane@example.com', phone: '+919876543210' }

function addJane(url: string, key: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/lists/newsletter/contacts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ contacts: [jane] }),
  })
}

describe('The image', () => {
  const environment = ['OBLIC_API_KEY', 'OCTOPUSH_API_LOGIN', 'OCTOPUSH_API_KEY', 'VOBIZ_AUTH_ID', 'VOBIZ_AUTH_TOKEN']
  let container: string
  beforeAll(async () => {
    container = await docker(
      ...['run', '--detach', '--read-only', '--cap-drop', 'ALL', '--publish', '127.0.0.1::8080'],
      ...['--volume', `${configFile}:/etc/gateway.yaml:ro`, '--env', 'GATEWAY_CONFIG=/etc/gateway.yaml'],
      ...environment.flatMap((name) => ['--env', `${name}=of-no-use-here`]),
      image,
    )
  })
  afterAll(() => docker('rm', '--force', '--volumes', container))

  it('gets healthy with a read-only root file system', async () => {
    await until('the container is healthy', 60, async () => {
      const state = await docker('inspect', '--format', '{{.State.Status}} {{.State.Health.Status}}', container)
      if (state.startsWith('exited')) throw new Error(await docker('logs', container))
      return state === 'running healthy' ? true : undefined
    })
    const [address] = (await docker('port', container, '8080/tcp')).split('\n')
    expect((await fetch(`http://${address}/readyz`)).status).toBe(200)
  })

  it('has the commands of the gateway', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    expect(await docker('run', '--rm', image, '--version')).toBe(`${version} (revision c0ffee)`)
    expect(JSON.parse(await docker('run', '--rm', image, 'config', 'schema'))).toHaveProperty('$schema')
    expect(await docker('exec', container, 'contact-gateway', 'config', 'check')).toContain(
      'The configuration is valid',
    )
  })

  it('runs as the user node, which can write to /data alone', async () => {
    const script = 'id -u; for place in / /app /data; do touch $place/x 2>/dev/null && echo $place; done; true'
    expect((await docker('exec', container, 'sh', '-c', script)).split('\n')).toEqual(['1000', '/data'])
  })

  it('holds the dependencies of production and no others', async () => {
    const installed = (await docker('exec', container, 'ls', 'node_modules')).split('\n')
    const file = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<string, object>
    const missing = Object.keys(file.dependencies ?? {}).filter((name) => !installed.includes(name.split('/')[0] ?? ''))
    expect(missing).toEqual([])
    const unwanted = Object.keys(file.devDependencies ?? {}).filter((name) => !name.startsWith('@'))
    expect(installed.filter((name) => unwanted.includes(name))).toEqual([])
    expect((await docker('exec', container, 'ls')).split('\n')).not.toContain('test')
  })

  it('says what is in it, as CycloneDX', async () => {
    const bill = JSON.parse(await docker('exec', container, 'cat', 'sbom.cdx.json'))
    const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    expect(bill.metadata.component.name).toBe('contact-gateway')
    const named = bill.components.map(({ group, name }: { group?: string; name: string }) =>
      group ? `${group}/${name}` : name,
    )
    expect(Object.keys(dependencies).filter((name) => !named.includes(name))).toEqual([])
    expect(named).not.toContain('vitest')
  })

  it('ends by itself on SIGTERM', async () => {
    await docker('stop', '--time', '20', container)
    expect(await docker('inspect', '--format', '{{.State.ExitCode}}', container)).toBe('0')
  })
})

describe('docker compose up', () => {
  let compose: (...args: string[]) => Promise<string>
  let url: string

  const ids = async (service: string) => (await compose('ps', '--quiet', service)).split('\n')
  const countRequests = async (id: string) =>
    (await docker('logs', id)).split('\n').filter((line) => line.includes('/lists/:listId/contacts')).length

  beforeAll(async () => {
    const version2 = await docker('compose', 'version').then(
      () => true,
      () => false,
    )
    const [file, ...before] = version2 ? (['docker', 'compose'] as const) : (['docker-compose'] as const)
    const env = {
      COMPOSE_PROJECT_NAME: project,
      GATEWAY_CONFIG_FILE: configFile,
      GATEWAY_PORT: '0',
      REDIS_PASSWORD: randomBytes(32).toString('hex'),
      REDIS_USER: await docker('run', '--rm', 'redis:7.2-bookworm', 'stat', '--format', '%u:%g', '/data'),
      OBLIC_SIMULATOR_PORT: '0',
      OCTOPUSH_SIMULATOR_PORT: '0',
      VOBIZ_SIMULATOR_PORT: '0',
    }
    compose = (...args) => run(file, [...before, ...args], env)
    await compose('up', '--detach')
    url = `http://127.0.0.1:${(await compose('port', 'nginx', '8080')).split(':').at(-1)}`
    await until('nginx answers', 30, async () => ((await fetch(`${url}/readyz`)).ok ? true : undefined))
  })
  afterAll(() => compose('down', '--volumes', '--remove-orphans', '--timeout', '10'))

  it('adds a contact through nginx, and the three simulators hold it', async () => {
    const answer = await addJane(url, demoKey)
    expect(answer.status).toBe(207)
    const body = (await answer.json()) as { summary: unknown; results: { outcomes: { account: string }[] }[] }
    expect(body.summary).toEqual({ contacts: 1, outcomes: { accepted: 1, created: 2 } })
    expect(body.results[0]?.outcomes.map(({ account }) => account)).toEqual(['oblic-main', 'octopush-fr', 'vobiz-in'])

    for (const port of ['9101', '9102', '9103']) {
      const simulator = `http://127.0.0.1:${(await compose('port', 'simulators', port)).split(':').at(-1)}`
      const held = await (await fetch(`${simulator}/_sim/contacts`)).text()
      expect(held).toContain('919876543210')
    }
  })

  it('checks the address of the caller, not that of nginx', async () => {
    const answer = await addJane(url, keyFrom['172.30.77.2/32'])
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'network-not-allowed' })
  })

  it.each(['203.0.113.7', '203.0.113.7, 172.30.77.2', '203.0.113.7, 127.0.0.1'])(
    'does not believe a caller who writes X-Forwarded-For: %s',
    async (forged) => {
      const headers = { 'x-forwarded-for': forged, forwarded: 'for=203.0.113.7', 'x-real-ip': '203.0.113.7' }
      expect((await addJane(url, keyFrom['203.0.113.0/24'], headers)).status).toBe(403)
      expect((await addJane(url, demoKey, headers)).status).toBe(207)
    },
  )

  it('does not believe it of a neighbour that goes past nginx', async () => {
    const [id = ''] = await ids('simulators')
    const script = `fetch('http://api:8080/lists', { headers: {
      authorization: 'Bearer ${keyFrom['203.0.113.0/24']}', 'x-forwarded-for': '203.0.113.7' } })
      .then((answer) => console.log(answer.status))`
    expect(await docker('exec', id, 'node', '-e', script)).toBe('403')
  })

  it('keeps Redis from evicting keys and from forgetting them', async () => {
    const [id = ''] = await ids('redis')
    expect(await docker('exec', id, 'redis-cli', 'config', 'get', 'maxmemory-policy')).toContain('noeviction')
    expect(await docker('exec', id, 'redis-cli', 'config', 'get', 'appendonly')).toContain('yes')
  })

  it('asks a password of whoever reaches Redis, which only the gateway does', async () => {
    const [redis = ''] = await ids('redis')
    expect(await docker('exec', '--env', 'REDISCLI_AUTH=', redis, 'redis-cli', 'ping')).toContain('NOAUTH')
    const [nginx = ''] = await ids('nginx')
    await expect(docker('exec', nginx, 'getent', 'hosts', 'redis')).rejects.toThrow()
  })

  it('publishes nginx for this machine alone', async () => {
    expect(await compose('port', 'nginx', '8080')).toMatch(/^127\.0\.0\.1:\d+$/)
  })

  it('spreads requests over three replicas, and loses none when one is stopped', async () => {
    await compose('up', '--detach', '--scale', 'api=3', '--no-recreate')
    const replicas = await ids('api')
    expect(replicas).toHaveLength(3)
    await until('each replica was asked', 60, async () => {
      expect((await addJane(url, demoKey)).status).toBe(207)
      const counts = await Promise.all(replicas.map(countRequests))
      return counts.every((count) => count > 0) ? true : undefined
    })

    let isStopped = false
    const stop = docker('stop', '--time', '40', replicas[0] ?? '').finally(() => {
      isStopped = true
    })
    const statuses: number[] = []
    // Once it is gone, a few more: nginx may still know its address.
    for (let after = 0; after < 10 && statuses.length < 2000; after += isStopped ? 1 : 0) {
      statuses.push((await addJane(url, demoKey)).status)
      await wait(50)
    }
    await stop
    expect(isStopped).toBe(true)
    expect(statuses.filter((status) => status !== 207)).toEqual([])
  })
})

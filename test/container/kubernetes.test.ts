import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import type { Manifest } from '../support/check-manifests.ts'
import { buildImage, docker, image, root, until } from './engine.ts'

/**
 * The pods of docker/kubernetes as containers: with the environment, the user, the rights, the mounts and the memory of the
 * manifests, asked by their probes and stopped as a kubelet does. What a cluster does beside that is not shown here.
 */
const folder = join(root, 'docker/kubernetes')
const network = `contact-gateway-pods-${process.pid}`
const redis = `${network}-redis`
const secrets = {
  redis_url: `redis://${redis}:6379`,
  octopush_api_login: 'login@example.com',
  octopush_api_key: 'of-no-use-here-1',
  vobiz_auth_id: 'MA_EXAMPLE1',
  vobiz_auth_token: 'of-no-use-here-2',
}

type Probe = {
  readonly httpGet: { readonly path: string; readonly port: string }
  readonly periodSeconds: number
  readonly failureThreshold: number
  readonly timeoutSeconds?: number
}

/** What the volumes of a pod are made of, by their names. */
let volumes: Readonly<Record<string, (path: string) => readonly string[]>>
let mounts: string
beforeAll(async () => {
  await buildImage()
  mounts = mkdtempSync(join(tmpdir(), 'gateway-pods-'))
  chmodSync(mounts, 0o755)
  mkdirSync(join(mounts, 'secrets'), { mode: 0o755 })
  // As the kubelet writes them: of root, for the group of the pod (`fsGroup`), with the mode of the manifest.
  for (const [name, text] of Object.entries(secrets)) {
    const file = join(mounts, 'secrets', name)
    writeFileSync(file, text)
    chownSync(file, 0, 1000)
    chmodSync(file, 0o440)
  }
  mkdirSync(join(mounts, 'configuration'))
  writeFileSync(join(mounts, 'configuration/gateway.yaml'), readFileSync(join(folder, 'gateway.yaml')))
  const bound = (name: string) => (path: string) => ['--volume', `${join(mounts, name)}:${path}:ro`]
  // What the kubelet makes of emptyDir where a pod has a `fsGroup`.
  const empty = (path: string) => {
    const made = mkdtempSync(join(mounts, 'empty-'))
    chownSync(made, 0, 1000)
    chmodSync(made, 0o2777)
    return ['--volume', `${made}:${path}`]
  }
  volumes = { configuration: bound('configuration'), secrets: bound('secrets'), data: empty, tmp: empty }
  await docker('network', 'create', network)
  const redisConf = `${join(root, 'docker/redis.conf')}:/etc/redis/redis.conf:ro`
  await docker(
    ...['run', '--detach', '--name', redis, '--network', network, '--volume', redisConf],
    ...['redis:7.2-bookworm', 'redis-server', '/etc/redis/redis.conf'],
  )
})
afterAll(async () => {
  await docker('rm', '--force', '--volumes', redis)
  await docker('network', 'rm', network)
  rmSync(mounts, { recursive: true })
})

describe.each(['api', 'worker'])('the pod of %s.yaml', (name) => {
  const deployment = parseAllDocuments(readFileSync(join(folder, `${name}.yaml`), 'utf8'))
    .map((document) => document.toJS() as Manifest)
    .find(({ kind }) => kind === 'Deployment')
  const pod = deployment?.spec.template.spec
  const [container] = pod.containers
  const portOf = (portName: string): number =>
    container.ports.find((port: { name: string }) => port.name === portName).containerPort
  const { startupProbe, livenessProbe, readinessProbe } = container as Record<
    `${'startup' | 'liveness' | 'readiness'}Probe`,
    Probe
  >

  let id: string
  let address: string
  beforeAll(async () => {
    const { runAsUser, runAsGroup } = pod.securityContext
    const env = container.env.flatMap((one: { name: string; value: string }) => ['--env', `${one.name}=${one.value}`])
    const volumeArgs = container.volumeMounts.flatMap((mount: { name: string; mountPath: string }) =>
      volumes[mount.name]?.(mount.mountPath),
    )
    const { limits } = container.resources
    id = await docker(
      ...['run', '--detach', '--network', network, '--publish', `127.0.0.1::${portOf('http')}`],
      ...['--user', `${runAsUser}:${runAsGroup}`, '--read-only', '--security-opt', 'no-new-privileges'],
      ...container.securityContext.capabilities.drop.flatMap((one: string) => ['--cap-drop', one]),
      ...['--memory', limits.memory.replace('Mi', 'm'), ...env, ...volumeArgs],
      image,
    )
    address = (await docker('port', id, `${portOf('http')}/tcp`)).split('\n')[0] as string
  })
  afterAll(() => docker('rm', '--force', '--volumes', id))

  /** As a kubelet asks: good is anything from 200 to 399. */
  async function ask({ httpGet, timeoutSeconds = 1 }: Probe): Promise<number> {
    const signal = AbortSignal.timeout(timeoutSeconds * 1_000)
    return (await fetch(`http://${address}${httpGet.path}`, { signal })).status
  }

  it('starts within the time of its startup probe, and is then alive and ready', async () => {
    const seconds = startupProbe.periodSeconds * startupProbe.failureThreshold
    await until('it has started', seconds, async () => {
      if ((await docker('inspect', '--format', '{{.State.Running}}', id)) !== 'true')
        throw new Error(await docker('logs', id))
      return (await ask(startupProbe)) === 200 ? true : undefined
    })
    expect(await ask(livenessProbe)).toBe(200)
    await until('it is ready', 10, async () => {
      if ((await ask(readinessProbe)) === 200) return true
      throw new Error(await docker('logs', id))
    })
  })

  it('has every secret that its configuration refers to, and is what its manifest says', async () => {
    expect(await docker('exec', id, 'contact-gateway', 'config', 'check')).toContain('The configuration is valid')
    const role = container.env.find((one: { name: string }) => one.name === 'ROLE').value
    expect(await docker('exec', id, 'printenv', 'ROLE')).toBe(role)
    const metrics = `fetch('http://127.0.0.1:${portOf('metrics')}/metrics').then((answer) => console.log(answer.status))`
    expect(await docker('exec', id, 'node', '-e', metrics)).toBe('200')
  })

  it('turns unready before it closes, and ends within its grace period with 0', async () => {
    const startedAt = Date.now()
    const stopped = docker('stop', '--time', String(pod.terminationGracePeriodSeconds), id)
    const seen: number[] = []
    let isStopped = false
    stopped.finally(() => {
      isStopped = true
    })
    while (!isStopped) {
      seen.push(await ask(readinessProbe).catch(() => 0))
      await wait(200)
    }
    await stopped
    expect(seen).toContain(503)
    expect((Date.now() - startedAt) / 1_000).toBeLessThan(pod.terminationGracePeriodSeconds)
    expect(await docker('inspect', '--format', '{{.State.ExitCode}} {{.State.OOMKilled}}', id)).toBe('0 false')
  })
})

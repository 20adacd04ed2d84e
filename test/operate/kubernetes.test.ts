import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { checkConfig } from '../../src/config/check-config.ts'
import { type Manifest, mistakesInManifests } from '../support/check-manifests.ts'

/** docker/kubernetes, without a cluster. */

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'docker/kubernetes')
const read = (file: string) => readFileSync(join(folder, file), 'utf8')
const kustomization = parse(read('kustomization.yaml'))
const manifests = (kustomization.resources as readonly string[]).flatMap((file) =>
  parseAllDocuments(read(file)).map((document) => document.toJS() as Manifest),
)
const ofKind = (kind: string) => manifests.filter((manifest) => manifest.kind === kind)
const deployments = ofKind('Deployment')
type Pod = Readonly<Record<string, unknown>>
const podOf = (deployment: Manifest | undefined) => deployment?.spec.template.spec

test('every manifest is as the API takes it', async () => {
  expect(manifests.length).toBeGreaterThan(10)
  expect(await mistakesInManifests(manifests)).toEqual([])
}, 120_000)

test.each([
  ['a misspelt member', 'terminationGracePeriodSecond', (pod: Pod) => ({ ...pod, terminationGracePeriodSecond: 40 })],
  [
    'a value of another kind',
    'terminationGracePeriodSeconds',
    (pod: Pod) => ({ ...pod, terminationGracePeriodSeconds: '40s' }),
  ],
  [
    'an unknown kind of probe',
    'httpGett',
    (pod: Pod) => ({ ...pod, containers: [{ name: 'a', livenessProbe: { httpGett: {} } }] }),
  ],
] as const)(
  '%s is found',
  async (_title, found, change) => {
    const changed = structuredClone(deployments[0]) as Manifest
    changed.spec.template.spec = change(podOf(changed))
    const mistakes = await mistakesInManifests([changed])
    expect(mistakes.join('\n')).toContain(found)
    expect(mistakes.length).toBeGreaterThan(0)
  },
  120_000,
)

test('kustomize is told of every file', () => {
  const named = [
    ...kustomization.resources,
    ...kustomization.configMapGenerator.flatMap(({ files }: Manifest & { files: string[] }) => files),
  ]
  expect([...named, 'kustomization.yaml'].sort()).toEqual(readdirSync(folder).sort())
  expect(manifests.flatMap(({ metadata }) => ('namespace' in metadata ? [metadata.name] : []))).toEqual([])
})

describe.each(deployments.map((one) => [one.metadata.name, one] as const))('%s', (name, deployment) => {
  const pod = podOf(deployment)
  const [container] = pod.containers
  const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true })
  const service = compose.services[name.replace('contact-gateway-', '')]

  test('may do no more than the containers of docker-compose.yml', () => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: service.cap_drop },
    })
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
    expect(pod.automountServiceAccountToken).toBe(false)
    expect(service.tmpfs.every((path: string) => mountsOf(container).includes(path))).toBe(true)
  })

  test('has the time that it needs to stop, and is asked whether it stops before it does', () => {
    expect(`${pod.terminationGracePeriodSeconds}s`).toBe(service.stop_grace_period)
    const { livenessProbe, readinessProbe, startupProbe } = container
    expect([livenessProbe, startupProbe].map(({ httpGet }) => httpGet.path)).toEqual(['/healthz', '/healthz'])
    expect(readinessProbe.httpGet.path).toBe('/readyz')
    expect(readinessProbe.periodSeconds * readinessProbe.failureThreshold).toBeLessThan(5)
  })

  test('has the role of its name, and its own selectors', () => {
    expect(`contact-gateway-${variables(container).ROLE}`).toBe(name)
    const { labels } = deployment.spec.template.metadata
    expect(deployment.spec.selector.matchLabels).toEqual(labels)
    const budget = ofKind('PodDisruptionBudget').find(({ metadata }) => metadata.name === name)
    expect(budget?.spec.selector.matchLabels).toEqual(labels)
    const scaler = ofKind('HorizontalPodAutoscaler').find(({ metadata }) => metadata.name === name)
    expect(scaler?.spec.scaleTargetRef.name).toBe(name)
    expect(deployment.spec.replicas).toBeUndefined()
  })

  test('starts with the configuration that is mounted, and with every secret that it names', () => {
    const files = Object.entries(variables(container)).filter(([variable]) => variable.endsWith('_FILE'))
    expect(files.every(([variable, file]) => file === `/run/secrets/contact-gateway/${fileOf(variable)}`)).toBe(true)
    const checked = checkConfig(parse(read('gateway.yaml')), variables(container), {
      readFile: (file) => (file.endsWith('redis_url') ? 'redis://redis:6379' : 'a-secret-of-some-length'),
    })
    expect('mistakes' in checked && checked.mistakes).toBe(false)
  })
})

test('the workers are scaled by what waits, by a metric that there is', () => {
  const scaler = ofKind('HorizontalPodAutoscaler').find(({ metadata }) => metadata.name === 'contact-gateway-worker')
  const name = scaler?.spec.metrics[0].external.metric.name
  expect(readFileSync(join(root, 'src/metrics/backlog-metrics.ts'), 'utf8')).toContain(`'${name}'`)
})

test('the rules are those of docker/alerts.yml, and the job is the one that they name', () => {
  const rules = parse(readFileSync(join(root, 'docker/alerts.yml'), 'utf8'))
  expect(ofKind('PrometheusRule')[0]?.spec).toEqual(rules)
  const monitor = ofKind('ServiceMonitor')[0]?.spec
  const scraped = ofKind('Service').find(({ metadata }) =>
    Object.entries(monitor.selector.matchLabels).every(([label, value]) => metadata.labels?.[label] === value),
  )
  expect(scraped?.metadata.labels?.[monitor.jobLabel]).toBe('contact-gateway')
  expect(scraped?.spec.ports[0].name).toBe(monitor.endpoints[0].port)
})

test('whoever is let in comes to ports that there are', () => {
  const ports = podOf(deployments[0]).containers[0].ports.map(({ name }: { name: string }) => name)
  const admitted = ofKind('NetworkPolicy').flatMap(({ spec }) => spec.ingress ?? [])
  expect(admitted.flatMap((rule) => rule.ports.map(({ port }: { port: string }) => port)).sort()).toEqual(
    [...ports].sort(),
  )
  expect(ofKind('NetworkPolicy')[0]?.spec.policyTypes).toEqual(['Ingress', 'Egress'])
})

function variables({ env }: { env: readonly { name: string; value: string }[] }): Record<string, string> {
  return Object.fromEntries(env.map(({ name, value }) => [name, value]))
}

function mountsOf({ volumeMounts }: { volumeMounts: readonly { mountPath: string }[] }): readonly string[] {
  return volumeMounts.map(({ mountPath }) => mountPath)
}

function fileOf(variable: string): string {
  return variable.replace(/_FILE$/, '').toLowerCase()
}

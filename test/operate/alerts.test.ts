import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { metricsIn } from '../support/metric-names.ts'
import { operateProgram } from '../support/operate-program.ts'
import { startProcess } from '../support/start-process.ts'
import { startPrometheus } from '../support/start-prometheus.ts'

const root = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

type Rule = {
  readonly alert: string
  readonly expr: string
  readonly labels?: Record<string, string>
  readonly annotations?: Record<string, string>
}
type Case = { readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts?: unknown[] }[] }

const rules = (parse(read('docker/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
)
const cases = (parse(read('docker/alerts.test.yml')) as { tests: Case[] }).tests.flatMap((one) => one.alert_rule_test)

test('each rule fires when it should, and not when it should not', async () => {
  const promtool = await operateProgram('promtool', 'prometheus', 'prometheus')
  const run = promisify(execFile)(promtool, ['test', 'rules', 'alerts.test.yml'], { cwd: join(root, 'docker') })
  await expect(run.then(({ stdout }) => stdout)).resolves.toContain('SUCCESS')
}, 300_000)

test.for(rules.map(({ alert }) => alert))('%s has a case in which it fires and one in which it does not', (alert) => {
  const fires = cases.filter(({ alertname }) => alertname === alert).map(({ exp_alerts = [] }) => exp_alerts.length > 0)
  expect(fires).toContain(true)
  expect(fires).toContain(false)
})

test.for(rules)('$alert says how urgent it is, and where is written what to do', ({ alert, labels, annotations }) => {
  expect(labels?.severity).toMatch(/^(critical|warning)$/)
  expect(annotations?.summary).toMatch(/\.$/)
  const [, file = '', anchor] =
    /^\{\{ \$externalLabels\.runbooks \}\}([^#]+)#(.+)$/.exec(annotations?.runbook_url ?? '') ?? []
  expect(anchor).toBe(alert.toLowerCase())
  expect(read(file)).toMatch(new RegExp(`^### ${alert}$`, 'm'))
})

test('a Prometheus that scrapes the gateway runs all rules without an error, and has every metric that they name', async () => {
  const gateway = await startProcess({})
  const prometheus = await startPrometheus(gateway.url.slice('http://'.length), join(root, 'docker/alerts.yml'))
  try {
    const [, key = ''] = await gateway.printed(/(cgw_demo_[\w-]+)[\s\S]*Ctrl-C/)
    await addJane(gateway.url, key)
    const wanted = new Set(rules.flatMap(({ expr }) => metricsIn(expr)))
    await expect
      .poll(async () => {
        const names = (await prometheus.ask('label/__name__/values')) as readonly string[]
        return [...wanted].filter((name) => !names.includes(name))
      })
      .toEqual([])
    await expect.poll(() => unhealthyRules(prometheus)).toEqual([])
    const { activeTargets } = await prometheus.ask('targets')
    expect(activeTargets.map(({ lastError }: { lastError: string }) => lastError)).toEqual([''])
    // Rules that ran before the first scrape had nothing yet.
    await expect.poll(async () => (await prometheus.ask('alerts')).alerts).toEqual([])
  } finally {
    await prometheus.stop()
    gateway.child.kill('SIGTERM')
    await gateway.ended
  }
}, 360_000)

/** As a batch and as a file: what is counted is there from the first time that it happens. */
async function addJane(url: string, key: string): Promise<void> {
  const authorization = `Bearer ${key}`
  const contacts = [{ name: 'Jane', email: 'jane@example.com', phone: '+919876543210' }]
  const headers = { authorization, 'content-type': 'application/json' }
  const body = JSON.stringify({ contacts })
  expect((await fetch(`${url}/lists/newsletter/contacts`, { method: 'POST', headers, body })).status).toBe(207)
  const form = new FormData()
  form.set('file', new Blob(['name,email,phone\nJane,jane@example.com,+919876543210\n']), 'people.csv')
  const upload = await fetch(`${url}/lists/newsletter/imports`, {
    method: 'POST',
    headers: { authorization, 'idempotency-key': 'alerts-test-0000001' },
    body: form,
  })
  expect(upload.status).toBe(202)
}

async function unhealthyRules(prometheus: { ask(path: string): ReturnType<typeof JSON.parse> }): Promise<unknown> {
  const { groups } = await prometheus.ask('rules')
  const loaded = groups.flatMap(
    (group: { rules: { name: string; health: string; lastError?: string }[] }) => group.rules,
  )
  const missing = rules.filter(({ alert }) => !loaded.some(({ name }: { name: string }) => name === alert))
  return [...missing, ...loaded.filter(({ health }: { health: string }) => health !== 'ok')]
}

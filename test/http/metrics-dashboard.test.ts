import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { metricsIn } from '../support/metric-names.ts'
import { type Family, readExposition } from '../support/read-exposition.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

const folder = new URL('../../docker/grafana/dashboards/', import.meta.url)
const dashboards = readdirSync(folder).map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')))

let gateway: TestGateway
let families: readonly Family[]
beforeAll(async () => {
  gateway = await startGateway()
  families = readExposition((await gateway.call('GET', '/metrics', { key: null })).text)
})
afterAll(() => gateway.close())

type Target = { readonly expr: string }
type Panel = { readonly title: string; readonly targets?: readonly Target[]; readonly panels?: readonly Panel[] }

function expressions(panels: readonly Panel[]): readonly (readonly [panel: string, expr: string])[] {
  return panels.flatMap(({ title, targets = [], panels: inner = [] }) => [
    ...targets.map(({ expr }) => [title, expr] as const),
    ...expressions(inner),
  ])
}

type Place = { readonly x: number; readonly y: number; readonly w: number; readonly h: number }

type Rules = {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[]
}

const { groups } = parse(readFileSync(new URL('../../docker/alerts.yml', import.meta.url), 'utf8')) as Rules
const alerts = groups.flatMap(({ rules }) => rules).map(({ alert, expr }) => [alert, expr] as const)
const all = [...dashboards.flatMap(({ panels }) => expressions(panels)), ...alerts]

/** With the names that a histogram has on its lines. */
function namesOf({ name, type }: Family): readonly string[] {
  return type === 'histogram' ? ['_bucket', '_sum', '_count'].map((ending) => name + ending) : [name]
}

describe('the dashboard and the alerts', () => {
  test('have expressions', () => {
    expect(all.length).toBeGreaterThan(30)
    expect(alerts.length).toBeGreaterThan(5)
  })

  test.each(dashboards)('can be asked of any data source, and of one account, route or process', (dashboard) => {
    const { panels, templating } = dashboard
    const variables = templating.list.map(({ name }: { name: string }) => name)
    expect(variables).toEqual(['datasource', 'account', 'route', 'instance'])
    const charts = panels.filter(({ type }: { type: string }) => type !== 'row')
    const sources = new Set(charts.map(({ datasource }: { datasource: { uid: string } }) => datasource.uid))
    expect([...sources]).toEqual(['$' + '{datasource}'])
    const asked = expressions(panels).map(([, expr]) => expr)
    for (const variable of ['account', 'route', 'instance'])
      expect(asked.filter((expr) => expr.includes(`${variable}=~"$${variable}"`)).length).toBeGreaterThan(3)
    expect(asked.filter((expr) => !expr.includes('instance=~"$instance"'))).toEqual([])
  })

  test.each(dashboards)('begin with a row of numbers, and no panel lies on another', ({ panels }) => {
    const top = panels.filter(({ gridPos }: { gridPos: Place }) => gridPos.y === 0)
    expect(top.length).toBeGreaterThan(5)
    expect(new Set(top.map(({ type }: { type: string }) => type))).toEqual(new Set(['stat']))
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }: { gridPos: Place }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
  })

  test('refer to metrics that exist, and to no others', () => {
    const known = new Set(['up', ...families.flatMap(namesOf)])
    const unknown = all
      .flatMap(([panel, expr]) => metricsIn(expr).map((name) => `${panel}: ${name}`))
      .filter((name) => !known.has(name.slice(name.indexOf(': ') + 2)))
    expect(unknown).toEqual([])
  })

  test('show every metric of the gateway', () => {
    const used = new Set(all.flatMap(([, expr]) => metricsIn(expr)))
    const own = families.filter(({ name }) => name.startsWith('contact_gateway_'))
    expect(own.filter((family) => !namesOf(family).some((name) => used.has(name))).map(({ name }) => name)).toEqual([])
  })

  test('select by labels that the metrics have', () => {
    const labels = new Set(['le', 'job', 'instance', ...labelNames()])
    const unknown = all
      .flatMap(([, expr]) => [...expr.matchAll(/(?:by|without)\s*\(([^)]*)\)|([a-z_]+)\s*(?:=~|!~|!=|=)\s*"/g)])
      .flatMap(([, list, one]) => (list ?? one ?? '').split(/\s*,\s*/))
      .filter((label) => !labels.has(label))
    expect(unknown).toEqual([])
  })

  test('ask for values of labels that the code has', () => {
    const values = all.flatMap(([panel, expr]) =>
      [...expr.matchAll(/[a-z_]+\s*(?:=~|!~|!=|=)\s*"([^"$]*)"/g)].flatMap(([, list = '']) =>
        list.split('|').map((value) => [panel, value] as const),
      ),
    )
    const code = readdirSync(new URL('../../src/', import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8'))
      .join('\n')
    const isThere = (value: string) => /^\d|[.*+[\]]/.test(value) || new RegExp(`['\\s{]${value}['\\s:,]`).test(code)
    expect(values.length).toBeGreaterThan(3)
    expect(values.filter(([, value]) => !isThere(value))).toEqual([])
  })
})

/** Of src/metrics, as they are declared there. */
function labelNames(): readonly string[] {
  const source = new URL('../../src/metrics/', import.meta.url)
  return readdirSync(source)
    .map((file) => readFileSync(new URL(file, source), 'utf8'))
    .flatMap((text) => [...text.matchAll(/(?:labels|labelNames): \[([^\]]*)\]/g)])
    .flatMap(([, list = '']) => [...list.matchAll(/'([a-z_]+)'/g)].map(([, label = '']) => label))
}

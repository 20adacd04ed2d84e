import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/**
 * A process that puts a gateway together and prints how many OpenTelemetry modules it has loaded. Its bare interface, which
 * traces nothing, does not count: prom-client loads that.
 */
const script = `
import { registerHooks } from 'node:module'
const loaded = []
registerHooks({ load: (url, context, next) => { if (url.includes('opentelemetry') && !url.includes('opentelemetry/api/')) loaded.push(url); return next(url, context) } })
const { composeGateway } = await import('./src/compose.ts')
const { checkConfig } = await import('./src/config/load.ts')
const { pino } = await import('pino')
const { config } = checkConfig({ accounts: {}, clients: {} }, { DATA_DIR: ':memory:', ...JSON.parse(process.argv[1]) })
const gateway = await composeGateway(config, pino({ level: 'silent' }), { version: '0', revision: 'none' })
await gateway.close()
console.log(loaded.length)
`

function modulesLoaded(env: Record<string, string>): number {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', script, JSON.stringify(env)],
    { cwd: join(import.meta.dirname, '../..'), encoding: 'utf8' },
  )
  if (stdout === '') throw new Error(stderr)
  return Number(stdout)
}

test('without an endpoint nothing that traces is loaded, with one it is', () => {
  expect(modulesLoaded({})).toBe(0)
  expect(modulesLoaded({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })).toBeGreaterThan(0)
})

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** scripts/check-vulnerabilities.ts with npm itself, and a registry of ours that knows what a test says. */

const root = join(import.meta.dirname, '../..')
let folder: string
let registry: Server
let advisories: object | undefined
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vulnerabilities-'))
  registry = createServer((request, answer) => {
    request.resume()
    const isAdvisories = request.url?.endsWith('/advisories/bulk') === true
    if (!isAdvisories || advisories === undefined) return void answer.writeHead(404).end('{}')
    answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(advisories))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => registry.once('listening', resolve))
})
afterAll(() => {
  registry.close()
  rmSync(folder, { recursive: true, force: true })
})

function check(): Promise<{ readonly exitCode: unknown; readonly output: string }> {
  const { port } = registry.address() as AddressInfo
  // It keeps what it was told once.
  const npm_config_cache = mkdtempSync(join(folder, 'cache-'))
  const env = {
    ...process.env,
    npm_config_cache,
    npm_config_registry: `http://127.0.0.1:${port}/`,
    npm_config_fetch_retries: '0',
  }
  return new Promise((resolve) => {
    const args = ['scripts/check-vulnerabilities.ts']
    execFile(process.execPath, args, { cwd: root, env }, (error, output) =>
      resolve({ exitCode: error?.code ?? 0, output }),
    )
  })
}

const advisory = (severity: string) => ({
  undici: [
    { id: 1, url: 'https://example.com', title: 'x', severity, vulnerable_versions: '*', cwe: [], cvss: { score: 0 } },
  ],
})

test.each(['high', 'critical'])(
  'a vulnerability that is %s fails, and its package is named',
  async (severity) => {
    advisories = advisory(severity)
    const { exitCode, output } = await check()
    expect(output).toContain(`${severity}: undici`)
    expect(exitCode).toBe(1)
  },
  60_000,
)

test('one that is less is told and does not fail, nor does none', async () => {
  advisories = advisory('moderate')
  expect(await check()).toMatchObject({ exitCode: 0, output: expect.stringContaining('moderate: undici') })
  advisories = {}
  expect(await check()).toMatchObject({ exitCode: 0, output: expect.stringContaining('0 known vulnerabilities') })
}, 60_000)

test('a registry without an answer is said, and is no failure', async () => {
  advisories = undefined
  expect(await check()).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^NOT CHECKED: /) })
}, 60_000)

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

/** Swagger UI as a person uses it, in a real browser, against a gateway in sandbox mode. */

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

type SandboxGateway = { readonly url: string; readonly demoKey: string; stop(): Promise<void> }

/** Starts `node src/main.ts` with nothing configured, and reads its address and key from what it prints. */
async function startSandboxGateway(): Promise<SandboxGateway> {
  const { GATEWAY_CONFIG: _, NODE_ENV: __, REDIS_URL: ___, ...env } = process.env
  const gateway = spawn(process.execPath, ['src/main.ts'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(gateway, 'exit')
  const stop = async () => {
    gateway.kill('SIGTERM')
    await ended
  }
  let url: string | undefined
  let demoKey: string | undefined
  for await (const line of createInterface(gateway.stdout)) {
    if (line.startsWith('{')) {
      const entry = JSON.parse(line) as { event?: string; url?: string }
      if (entry.event === 'listening') url = entry.url
    } else demoKey ??= /cgw_demo_[\w-]{43}/.exec(line)?.[0]
    if (url !== undefined && demoKey !== undefined) {
      gateway.stdout.resume()
      return { url, demoKey, stop }
    }
  }
  throw new Error('the gateway ended before it listened')
}

/** What the page should not do. */
type Complaints = { console: string[]; outside: string[] }

function listenForComplaints(page: Page, origin: string): Complaints {
  const complaints: Complaints = { console: [], outside: [] }
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.console.push(message.text())
  })
  page.on('pageerror', (error) => complaints.console.push(String(error)))
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.origin !== origin && url.protocol !== 'data:' && url.protocol !== 'blob:') complaints.outside.push(url.href)
  })
  return complaints
}

describe('Swagger UI at /docs', () => {
  let gateway: SandboxGateway
  let folder: string
  let browser: BrowserContext
  let page: Page
  let complaints: Complaints

  beforeAll(async () => {
    gateway = await startSandboxGateway()
    folder = await mkdtemp(join(tmpdir(), 'gateway-browser-'))
    browser = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath,
      headless: true,
      args: flags,
      viewport: { width: 1280, height: 1600 },
    })
  })
  afterAll(async () => {
    await browser?.close()
    await gateway?.stop()
    // CI keeps nothing; a person may want to look at the screenshots.
    if (process.env.CI !== undefined) await rm(folder, { recursive: true, force: true })
    else console.log(`screenshots: ${folder}`)
  })
  beforeEach(async () => {
    page = await browser.newPage()
    complaints = listenForComplaints(page, gateway.url)
    await page.goto(`${gateway.url}/docs`)
    await page.locator('.opblock').first().waitFor()
    return () => page.close()
  })

  it('lists every operation of the OpenAPI document', async () => {
    const document = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as { paths: Record<string, object> }
    const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const shown = await page.locator('.opblock-summary').evaluateAll((summaries) =>
      summaries.map((summary) => {
        const text = (name: string) => summary.querySelector(name)?.textContent ?? ''
        // Swagger UI puts zero-width spaces into paths, for line breaks.
        return `${text('.opblock-summary-method')} ${text('.opblock-summary-path').replace(/\u200b/g, '')}`
      }),
    )
    expect(documented.length).toBeGreaterThan(5)
    expect(shown.sort()).toEqual(documented.sort())
    await page.screenshot({ path: join(folder, 'operations.png'), fullPage: true, caret: 'initial' })
    expect(complaints).toEqual({ console: [], outside: [] })
  })

  it('adds contacts with the demo key, starting from the example', async () => {
    await page.locator('.btn.authorize').click()
    const dialog = page.locator('.dialog-ux')
    await dialog.locator('input').fill(gateway.demoKey)
    await dialog.locator('button[type=submit]').click()
    await dialog.getByRole('button', { name: 'Close' }).click()

    const operation = page
      .locator('.opblock-post')
      .filter({ has: page.locator('[data-path="/lists/{listId}/contacts"]') })
    await operation.locator('.opblock-summary-control').click()
    await operation.getByRole('button', { name: 'Try it out' }).click()
    await operation.locator('[data-param-name=listId] input').fill('newsletter')
    await operation.getByRole('button', { name: 'Execute' }).click()

    const answer = operation.locator('.live-responses-table')
    await answer.locator('.response-col_status').filter({ hasText: '207' }).waitFor()
    const body = await answer.locator('.response-col_description pre').first().textContent()
    for (const account of ['oblic-main', 'octopush-fr', 'vobiz-in']) expect(body).toContain(account)
    await operation.screenshot({ path: join(folder, 'added.png'), caret: 'initial' })
    expect(complaints).toEqual({ console: [], outside: [] })
  })

  it('shows a problem to a caller without a key', async () => {
    const operation = page.locator('.opblock-get').filter({ has: page.locator('[data-path="/lists"]') })
    await operation.locator('.opblock-summary-control').click()
    await operation.getByRole('button', { name: 'Try it out' }).click()
    await operation.getByRole('button', { name: 'Execute' }).click()
    const answer = operation.locator('.live-responses-table')
    await answer.locator('.response-col_status').filter({ hasText: '401' }).waitFor()
    expect(await answer.textContent()).toContain('/problems/unauthorized')
    expect(complaints.outside).toEqual([])
  })
})

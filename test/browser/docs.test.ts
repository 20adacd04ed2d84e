import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type GatewayProcess, startProcess } from '../support/start-process.ts'

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
  let gateway: GatewayProcess
  let demoKey: string
  let folder: string
  let browser: BrowserContext
  let page: Page
  let complaints: Complaints

  beforeAll(async () => {
    gateway = await startProcess({})
    demoKey = (await gateway.printed(/cgw_demo_[\w-]{43}/))[0]
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
    gateway?.child.kill('SIGTERM')
    await gateway?.ended
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
    await dialog.locator('input').fill(demoKey)
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
    await answer.locator('.response').first().scrollIntoViewIfNeeded()
    await page.screenshot({ path: join(folder, 'added.png'), caret: 'initial' })
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

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { type GatewayProcess, startProcess } from '../support/start-process.ts'
import { type Complaints, executablePath, flags, listenForComplaints } from './open-browser.ts'

/** A gateway in sandbox mode, and a browser to look at it. */
export type Docs = {
  readonly gateway: GatewayProcess
  readonly demoKey: string
  /** A new page with Swagger UI, read and ready. */
  open(screen?: Screen): Promise<DocsPage>
  /** Another page of the gateway. */
  openAt(path: string, screen: Screen): Promise<Page>
  close(): Promise<void>
}

/** What the reader has. */
export type Screen = { readonly width: number; readonly colorScheme: 'light' | 'dark' }

const desk: Screen = { width: 1280, colorScheme: 'light' }
const height = 1600

export type DocsPage = {
  readonly page: Page
  readonly complaints: Complaints
  operation(method: string, path: string): Locator
  authorize(key: string): Promise<void>
  /** Opens the operation's form. */
  tryOut(method: string, path: string): Promise<Locator>
  /** Presses Execute, waits for the status and gives the answer's body. */
  execute(operation: Locator, status: string): Promise<string>
  screenshot(name: string, fullPage?: boolean): Promise<void>
}

export async function startDocs(): Promise<Docs> {
  const gateway = await startProcess({})
  const [demoKey] = await gateway.printed(/cgw_demo_[\w-]{43}/)
  const folder = await mkdtemp(join(tmpdir(), 'gateway-browser-'))
  const browser = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath,
    headless: true,
    args: flags,
    viewport: { width: desk.width, height },
  })
  return {
    gateway,
    demoKey,
    open: async (screen = desk) => openPage(await newPage(browser, screen), gateway.url, folder),
    openAt: async (path, screen) => {
      const page = await newPage(browser, screen)
      await page.goto(`${gateway.url}${path}`)
      return page
    },
    close: async () => {
      await browser.close()
      gateway.child.kill('SIGTERM')
      await gateway.ended
      // CI keeps nothing; a person may want to look at the screenshots.
      if (process.env.CI !== undefined) await rm(folder, { recursive: true, force: true })
      else console.log(`screenshots: ${folder}`)
    },
  }
}

async function newPage(browser: BrowserContext, { width, colorScheme }: Screen): Promise<Page> {
  const page = await browser.newPage()
  await page.setViewportSize({ width, height })
  await page.emulateMedia({ colorScheme })
  return page
}

async function openPage(page: Page, url: string, folder: string): Promise<DocsPage> {
  const complaints = listenForComplaints(page, url)
  await page.goto(`${url}/docs`)
  await page.locator('.opblock').first().waitFor()
  const operation = (method: string, path: string) =>
    page.locator(`.opblock-${method.toLowerCase()}`).filter({ has: page.locator(`[data-path="${path}"]`) })
  return {
    page,
    complaints,
    operation,
    async authorize(key) {
      await page.locator('.btn.authorize').click()
      const dialog = page.locator('.dialog-ux')
      await dialog.locator('input').fill(key)
      await dialog.locator('button[type=submit]').click()
      await dialog.getByRole('button', { name: 'Close' }).click()
    },
    async tryOut(method, path) {
      const found = operation(method, path)
      await found.locator('.opblock-summary-control').click()
      await found.getByRole('button', { name: 'Try it out' }).click()
      return found
    },
    async execute(operationForm, status) {
      const answered = page.waitForResponse((response) => response.request().resourceType() === 'fetch')
      await operationForm.getByRole('button', { name: 'Execute' }).click()
      await answered
      const answer = operationForm.locator('.live-responses-table')
      await answer.locator('.response-col_status').filter({ hasText: status }).waitFor()
      await answer.locator('.response').first().scrollIntoViewIfNeeded()
      return (await answer.locator('.response-col_description pre').first().textContent()) ?? ''
    },
    async screenshot(name, fullPage = false) {
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage, caret: 'initial' })
    },
  }
}

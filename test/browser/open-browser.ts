import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'

export const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
export const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** What the page should not do: print errors, or ask for anything that is not this gateway's. */
export type Complaints = { readonly console: string[]; readonly outside: string[] }

export function listenForComplaints(page: Page, origin: string): Complaints {
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

/** What the reader has. */
export type Look = {
  readonly width?: number
  readonly colorScheme?: 'light' | 'dark'
  readonly language?: 'en' | 'fr'
}

export type Browser = {
  /** A page of somebody who has never been there. */
  open(url: string, look?: Look): Promise<{ readonly page: Page; readonly complaints: Complaints }>
  screenshot(page: Page, name: string): Promise<void>
  close(): Promise<void>
}

export async function openBrowser(): Promise<Browser> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-console-'))
  const browser = await chromium.launch({ executablePath, headless: true, args: flags })
  return {
    async open(url, { width = 1280, colorScheme = 'light', language = 'en' } = {}) {
      const context = await browser.newContext({
        viewport: { width, height: 1000 },
        colorScheme,
        locale: language === 'en' ? 'en-GB' : 'fr-FR',
      })
      const page = await context.newPage()
      page.setDefaultTimeout(20_000)
      const complaints = listenForComplaints(page, new URL(url).origin)
      await page.goto(url)
      return { page, complaints }
    },
    async screenshot(page, name) {
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, caret: 'initial' })
    },
    async close() {
      await browser.close()
      // CI keeps nothing; a person may want to look at the screenshots.
      if (process.env.CI !== undefined) await rm(folder, { recursive: true, force: true })
      else console.log(`screenshots: ${folder}`)
    },
  }
}

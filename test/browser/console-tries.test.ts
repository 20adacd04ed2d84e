import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'
import { openConsole, type Reader, spotless } from './console-page.ts'
import { type Browser, openBrowser } from './open-browser.ts'
import { dutchFile } from './people-file.ts'

/** A try of a file is followed to its end, and leaves nothing at the gateway. */

let browser: Browser
let gateway: TestGateway
let reader: Reader
beforeAll(async () => {
  browser = await openBrowser()
  gateway = await startGateway({ server: { console: true } })
})
afterAll(async () => {
  await browser?.close()
  await gateway?.close()
})
beforeEach(async () => {
  reader = await openConsole(browser, gateway.url)
  await reader.signIn(gateway.key())
})
afterEach(() => reader?.close())

/** So many that it still runs when somebody leaves it. */
const manyRows = 20_000

async function beginTry(rows = manyRows): Promise<void> {
  const { page, words, button } = reader
  await page.locator('input[type=file]').setInputFiles(dutchFile(rows, 2))
  await button(words.imports.columns.go).click()
}
const begun = (page: Page) =>
  page.waitForResponse((answer) => answer.url().includes('validateOnly=true') && answer.request().method() === 'POST')
const canceled = (page: Page) => page.waitForResponse((answer) => answer.url().endsWith('/cancel'))

async function leftAtGateway(): Promise<{ status: string }[]> {
  const { body } = await gateway.call('GET', '/imports?limit=100')
  return body.items
}

it('one that is left while it runs is cancelled, and deleted once it has ended', async () => {
  const { page, words, button } = reader
  const began = begun(page)
  await beginTry()
  await began
  const answer = canceled(page)
  await button(words.imports.check.back).click()
  expect((await (await answer).json()).status).toBe('canceled')
  await expect.poll(leftAtGateway).toEqual([])
  expect(await page.evaluate('localStorage.getItem("contact-gateway.left-tries")')).toBe('{}')
  spotless(reader)
})

it('one whose page is closed while it runs is cancelled at once, and deleted at the next visit', async () => {
  const { page, words } = reader
  page.on('dialog', (dialog) => dialog.accept())
  const began = begun(page)
  await beginTry()
  await began
  await page.goto('about:blank')
  // It may have been faster than whoever left; then it was deleted at once.
  const others = async () => (await leftAtGateway()).filter(({ status }) => status !== 'canceled')
  await expect.poll(others).toEqual([])
  await page.goto(`${gateway.url}/console#/imports`)
  await page.getByRole('heading', { level: 1, name: words.imports.title }).waitFor()
  await expect.poll(leftAtGateway).toEqual([])
  spotless(reader)
})

it('one that has ended is deleted when its page is closed', async () => {
  const { page, words } = reader
  page.on('dialog', (dialog) => dialog.accept())
  await beginTry(30)
  await page.getByRole('heading', { name: words.imports.check.badRows }).waitFor()
  expect(await leftAtGateway()).toHaveLength(1)
  await page.goto('about:blank')
  await expect.poll(leftAtGateway).toEqual([])
})

it('a connection that is silent is not waited for: the page asks again, and sees the end', async () => {
  const { page, words } = reader
  await page.clock.install()
  let streams = 0
  // The first is never answered, and nobody says so.
  await page.route('**/imports/*/events', (route) => (++streams === 1 ? undefined : route.continue()))
  const asked = page.waitForRequest('**/imports/*/events')
  await beginTry(3000)
  await asked
  await page.clock.runFor(10_000)
  expect(await page.getByRole('heading', { name: words.imports.check.badRows }).count()).toBe(0)
  await page.clock.runFor(10_000)
  await page.getByRole('heading', { name: words.imports.check.badRows }).waitFor()
})

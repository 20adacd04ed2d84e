import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'
import { openConsole, spotless } from './console-page.ts'
import { type Browser, openBrowser } from './open-browser.ts'
import { dutchFile } from './people-file.ts'

/** Bad rows on a phone: compact, a few at a time, and all of them can be mended by keyboard. */

let browser: Browser
let gateway: TestGateway
beforeAll(async () => {
  browser = await openBrowser()
  gateway = await startGateway({ server: { console: true } })
})
afterAll(async () => {
  await browser?.close()
  await gateway?.close()
})

it('twenty bad rows come in two parts on a page of less than 4,000 px, and a row of each is mended by keyboard', async () => {
  const reader = await openConsole(browser, gateway.url, { width: 375 })
  const { page, words, button } = reader
  const { bad, check, codes, columns } = words.imports
  const cell = (row: number) => page.getByLabel(bad.cell('Mobiel nummer', String(row)), { exact: true })
  const rows = page.locator('.bad-rows tbody tr')
  await reader.signIn(gateway.key())
  await page.locator('input[type=file]').setInputFiles(dutchFile(60, 20))
  await button(columns.go).click()
  await page.getByRole('heading', { name: check.badRows }).waitFor()
  expect(await rows.count()).toBe(10)
  expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThan(4000)
  // Who it is, what is wrong, and what to do: the last is said once.
  for (const text of ['Jan3', 'jan3@voorbeeld.nl'])
    expect(await rows.nth(1).getByText(text, { exact: true }).isVisible()).toBe(true)
  expect(await page.getByText(codes.phone_not_e164.mend).count()).toBe(1)
  expect(await describedBy(cell(4))).toBe(codes.phone_not_e164.what)

  await cell(1).focus()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText('+31612345678')
  await page.getByText(bad.mended('1', 1)).waitFor()
  expect(await describedBy(cell(1))).toBe(bad.isMended)

  await cell(28).focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  // The focus is where the next ones begin.
  await page
    .getByRole('status')
    .filter({ hasText: words.pager.shown('11', '20', '20') })
    .waitFor()
  expect(await rows.count()).toBe(10)
  await page.keyboard.press('Tab')
  expect(await cell(31).evaluate((input) => input === input.ownerDocument.activeElement)).toBe(true)
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText('+31612345679')
  await page.getByText(bad.mended('2', 2)).waitFor()
  await reader.isForEverybody('phone-second-part')

  await button(check.send('40', '2', 40, 2)).click()
  await page.getByRole('link', { name: words.imports.watch.lookAtMended }).click()
  await page.getByText(words.imports.watch.allIn).waitFor()
  const { body } = await gateway.call('GET', `/imports/${page.url().split('/').at(-1)}`)
  expect(body.rows).toBe(2)
  spotless(reader)
  await reader.close()
})

/** What a screen reader says of a field beside its name. */
async function describedBy(field: Locator): Promise<string> {
  return field.evaluate((input) =>
    (input.ownerDocument.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent ?? '').trim(),
  )
}

import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type GatewayProcess, startProcess } from '../support/start-process.ts'
import { openConsole, spotless } from './console-page.ts'
import { type Browser, openBrowser } from './open-browser.ts'
import { dutchFile } from './people-file.ts'

/** The journeys by keyboard alone: no click, and where the focus is can be seen at every step. */

let browser: Browser
let sandbox: GatewayProcess
let key: string
beforeAll(async () => {
  browser = await openBrowser()
  sandbox = await startProcess({})
  key = (await sandbox.printed(/cgw_demo_[\w-]{43}/))[0]
})
afterAll(async () => {
  await browser?.close()
  sandbox?.child.kill('SIGTERM')
  await sandbox?.ended
})

const mostSteps = 60

/** Goes on with the tabulator until the focus is there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  for (let step = 0; step < mostSteps; step++) {
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return expectSeen(target)
    await page.keyboard.press('Tab')
  }
  throw new Error(`the focus does not come to ${target} in ${mostSteps} steps`)
}

/** It has a frame of its own, or what it stands in has. */
async function expectSeen(target: Locator): Promise<void> {
  const outline = await target.evaluate((element) => {
    const { getComputedStyle } = element.ownerDocument.defaultView
    return [element, element.closest('label')].filter((one) => {
      if (one === null) return false
      const { outlineStyle, outlineWidth } = getComputedStyle(one)
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
    }).length
  })
  expect(outline, `the focus on ${target} cannot be seen`).toBeGreaterThan(0)
}

it('a file is chosen, its columns are told, it is checked, mended and sent', async () => {
  const reader = await openConsole(browser, sandbox.url)
  const { page, words, button } = reader
  const { imports } = words
  // The browser has to know early that the dialog of the system is not to be opened.
  const chooser = page.waitForEvent('filechooser')
  await tabTo(page, page.getByLabel(words.key.label, { exact: true }))
  await page.keyboard.insertText(key)
  await page.keyboard.press('Enter')

  await tabTo(page, page.locator('input[type=file]'))
  await page.keyboard.press('Enter')
  await (await chooser).setFiles(dutchFile(40, 2))

  const town = page.getByLabel('Plaats', { exact: true })
  await tabTo(page, town)
  await page.keyboard.type(imports.columns.fields.tags)
  await expect.poll(() => town.inputValue()).toBe('tags')
  await tabTo(page, button(imports.columns.go))
  expect(await button(imports.columns.go).isEnabled()).toBe(true)
  await page.keyboard.press('Enter')

  // The page is another: the focus begins at its heading.
  await page.getByRole('heading', { name: imports.check.badRows }).waitFor()
  await tabTo(page, page.getByLabel(imports.bad.cell('Mobiel nummer', '1'), { exact: true }))
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText('+31612345678')
  await tabTo(page, button(imports.check.send('38', '1', 38, 1)))
  await page.keyboard.press('Enter')

  await page.getByRole('heading', { level: 1, name: imports.watch.ended }).waitFor()
  await tabTo(page, page.getByRole('link', { name: imports.watch.lookAtMended }))
  await page.keyboard.press('Enter')
  await page.getByText(imports.watch.allIn).waitFor()
  spotless(reader)
  await reader.close()
})

it('a person is looked for, and erased', async () => {
  const reader = await openConsole(browser, sandbox.url)
  const { page, words, button } = reader
  const { people } = words
  await tabTo(page, page.getByLabel(words.key.label, { exact: true }))
  await page.keyboard.insertText(key)
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('link', { name: words.frame.people }))
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByLabel(people.label))
  await page.keyboard.insertText('+31612349999')
  await page.keyboard.press('Enter')
  await page.getByText(people.notOptedOut).waitFor()
  await tabTo(page, button(people.erase))
  await page.keyboard.press('Space')
  await tabTo(page, page.getByLabel(people.typeAgain))
  await page.keyboard.insertText('+31 6 12349999')
  await tabTo(page, button(people.eraseGo))
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: people.receipt }).waitFor()
  spotless(reader)
  await reader.close()
})

it('who does not want to go through the head of the page skips it', async () => {
  const reader = await openConsole(browser, sandbox.url)
  const { page, words } = reader
  await reader.signIn(key)
  await page.getByRole('heading', { level: 1, name: words.imports.title }).waitFor()
  await page.evaluate('document.activeElement.blur()')
  const skip = page.locator('.skip')
  await tabTo(page, skip)
  await page.keyboard.press('Enter')
  expect(await page.evaluate('document.activeElement.id')).toBe('content')
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.closest("main") !== null')).toBe(true)
  await reader.close()
})

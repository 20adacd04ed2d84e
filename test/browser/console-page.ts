import axe from 'axe-core'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type ConsoleWords, wordsOf } from './console-words.ts'
import { sidewaysOf } from './look-at.ts'
import type { Browser, Complaints, Look } from './open-browser.ts'

/** Somebody at the console. */
export type Reader = {
  readonly page: Page
  readonly words: ConsoleWords
  readonly complaints: Complaints
  readonly name: string
  signIn(key: string): Promise<void>
  goTo(area: 'imports' | 'people' | 'status'): Promise<void>
  button(name: string | RegExp): Locator
  /** The page as it is now is for everybody: axe finds nothing, nothing is cut off, and all texts are in its language. */
  isForEverybody(state: string): Promise<void>
  close(): Promise<void>
}

export async function openConsole(browser: Browser, gatewayUrl: string, look: Look = {}): Promise<Reader> {
  const { width = 1280, colorScheme = 'light', language = 'en' } = look
  const { page, complaints } = await browser.open(`${gatewayUrl}/console`, look)
  const words = await wordsOf(language)
  const name = `${language}-${colorScheme}-${width}`
  const button = (called: string | RegExp) =>
    page.getByRole('button', { name: called, exact: typeof called === 'string' })
  return {
    page,
    words,
    complaints,
    name,
    button,
    async signIn(key) {
      await page.getByLabel(words.key.label, { exact: true }).fill(key)
      await button(words.key.go).click()
    },
    async goTo(area) {
      await page.getByRole('link', { name: words.frame[area], exact: true }).click()
    },
    async isForEverybody(state) {
      await browser.screenshot(page, `${name}-${state}`)
      expect(await violationsOf(page), `${name}: ${state}`).toEqual([])
      expect(await sidewaysOf(page), `${name}: ${state} is too wide`).toBe(0)
      expect(await page.locator('html').getAttribute('lang')).toBe(language)
      if (language !== 'en') expect(await page.evaluate(readEnglish), `${name}: ${state}`).toEqual([])
    },
    close: () => page.context().close(),
  }
}

async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const found = (await page.evaluate('axe.run()')) as axe.AxeResults
  if (found.passes.length === 0) throw new Error('nothing was looked at')
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
  )
}

/** Words that only English has, in what is not said to be English. */
const readEnglish = `[...document.querySelectorAll('body *')]
  .filter((element) => element.closest('[lang=en], script, style, template') === null)
  .flatMap((element) => [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE))
  .map((node) => node.data.trim())
  .filter((text) => /\\b(?:the|has|was|were|with|of|is|this|that|there|it)\\b/i.test(text))`

/** What a console and a network that work do not say. The browser tells of every refusal that a test provokes. */
export function spotless({ complaints }: Reader, provoked: RegExp = /(?!)/): void {
  expect(complaints.console.filter((text) => !provoked.test(text))).toEqual([])
  expect(complaints.outside).toEqual([])
}

import axe from 'axe-core'
import type { Locator, Page } from 'playwright-core'

/** Texts with less contrast than 4.5 to 1 (3 to 1 where they are large), each with its colours. */
export async function paleTexts(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const found = (await page.evaluate('axe.run({ runOnly: ["color-contrast"] })')) as axe.AxeResults
  if (found.passes.length + found.violations.length === 0) throw new Error('no text was looked at')
  return found.violations.flatMap(({ nodes }) =>
    nodes.map(({ html, any: [check] }) => `${html.slice(0, 80)}: ${check?.message}`),
  )
}

/** How far the page can be scrolled sideways. */
export function sidewaysOf(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}

/** How bright the page's background is, from 0 to 255. */
export async function brightnessOf(page: Page): Promise<number> {
  const colour = (await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')) as string
  const [red = 0, green = 0, blue = 0] = colour.match(/\d+/g)?.map(Number) ?? []
  return (red + green + blue) / 3
}

/** What is open has the same height and the same examples in two frames. */
const untilItRests = `new Promise((resolve) => {
  const body = document.querySelector('.opblock.is-open .opblock-body')
  const look = () => body.offsetHeight + ' ' + [...body.querySelectorAll('.microlight')].map(({ textContent }) => textContent)
  const lookAgain = (before) => {
    const now = look()
    if (now === before) resolve()
    else requestAnimationFrame(() => lookAgain(now))
  }
  requestAnimationFrame(() => lookAgain())
})`

/** Opens operations in turn, each alone: those whose places are chosen. */
export async function* eachOpen(
  page: Page,
  isChosen: (place: number) => boolean,
): AsyncGenerator<{ name: string; operation: Locator }> {
  for (const [place, operation] of (await page.locator('.opblock').all()).entries()) {
    if (!isChosen(place)) continue
    const summary = operation.locator('.opblock-summary-control')
    await summary.click()
    await operation.locator('.response').first().waitFor()
    await page.evaluate(untilItRests)
    yield { name: (await summary.textContent()) ?? '', operation }
    await summary.click()
    await operation.locator('.opblock-body').waitFor({ state: 'detached' })
  }
}

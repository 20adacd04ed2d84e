import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isLongRun } from '../support/long-run.ts'
import { type GatewayProcess, startProcess } from '../support/start-process.ts'
import { openConsole, spotless } from './console-page.ts'
import { type Browser, openBrowser } from './open-browser.ts'

const rows = isLongRun ? 500_000 : 20_000
const patienceMs = isLongRun ? 1_200_000 : 60_000

let browser: Browser
let sandbox: GatewayProcess
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-large-'))
  browser = await openBrowser()
  sandbox = await startProcess({})
})
afterAll(async () => {
  await browser?.close()
  sandbox?.child.kill('SIGTERM')
  await sandbox?.ended
  rmSync(folder, { recursive: true })
})

it(
  `a file of ${rows} rows is checked and sent with steady progress, and never holds the page up for 100 ms`,
  async () => {
    const [key] = await sandbox.printed(/cgw_demo_[\w-]{43}/)
    const file = await writePeople(join(folder, 'large.csv'))
    const reader = await openConsole(browser, sandbox.url)
    const { page, words, button } = reader
    const { imports } = words
    await reader.signIn(key)
    await page.locator('input[type=file]').waitFor()
    await page.evaluate(watchTasks)
    await page.locator('input[type=file]').setInputFiles(file)
    await page.getByLabel('name', { exact: true }).waitFor()
    await button(imports.columns.go).click()
    const formatted = new Intl.NumberFormat('en-GB').format(rows)
    const send = button(imports.check.send(formatted, '0', rows, 0))
    await send.waitFor({ timeout: patienceMs })
    await send.click()
    const bar = page.getByRole('progressbar')
    await page.getByText(imports.watch.mayClose).waitFor({ timeout: patienceMs })
    const seen = new Set<number>()
    const end = page.getByRole('heading', { level: 1, name: imports.watch.ended })
    while ((await end.count()) === 0) {
      const value = await bar
        .evaluate((element) => (element as unknown as { value: number }).value)
        .catch(() => undefined)
      if (typeof value === 'number') seen.add(value)
      await page.waitForTimeout(200)
    }
    await end.waitFor({ timeout: patienceMs })
    // Never backwards, and more than once.
    expect([...seen]).toEqual([...seen].toSorted((one, other) => one - other))
    expect(seen.size).toBeGreaterThan(1)
    expect(await page.evaluate('window.longestTaskMs')).toBeLessThan(100)
    spotless(reader)
    await reader.close()
  },
  2 * patienceMs,
)

/** The longest time for which nothing else could happen on the page. */
const watchTasks = `window.longestTaskMs = 0
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) window.longestTaskMs = Math.max(window.longestTaskMs, duration)
}).observe({ type: 'longtask' })`

async function writePeople(path: string): Promise<string> {
  const file = await open(path, 'w')
  await file.write('name,email,phone\n')
  for (let start = 0; start < rows; start += 10_000) {
    const lines = Array.from({ length: Math.min(10_000, rows - start) }, (_, index) => {
      const row = start + index
      return `Jan ${row},jan${row}@voorbeeld.nl,+316${String(10_000_000 + row)}\n`
    })
    await file.write(lines.join(''))
  }
  await file.close()
  return path
}

import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { startProcess } from '../test/support/start-process.ts'

/** Makes the picture of README.md: a gateway in sandbox mode, a file, and two of its bad rows mended. */

const target = join(import.meta.dirname, '../docs/pictures/console.png')

const sandbox = await startProcess({})
const [key] = await sandbox.printed(/cgw_demo_[\w-]{43}/)
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  const page = await browser.newPage({ viewport: { width: 1160, height: 860 }, locale: 'en-GB' })
  await page.goto(`${sandbox.url}/console`)
  await page.getByLabel('Key', { exact: true }).fill(key)
  await page.keyboard.press('Enter')
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'members.csv', mimeType: 'text/csv', buffer: Buffer.from(members()) })
  await page.getByRole('button', { name: 'Check the file' }).click()
  const cells = page.getByRole('textbox', { name: /^(?:Mobile|E-mail)/ })
  await cells.nth(1).fill('amelie.weiss@example.org')
  await page.locator('h1').click()
  await page.screenshot({ path: `${target}.part`, type: 'png' })
  await rename(`${target}.part`, target)
} finally {
  await browser.close()
  sandbox.child.kill('SIGTERM')
  await sandbox.ended
}

/** Made-up people, as a club keeps them. */
function members(): string {
  const first = ['Zoé', 'Nadia', 'Jürgen', 'Ravi', 'Anna', 'Søren', 'Inês', 'Tomasz', 'Amélie', 'Diego']
  const last = ['Martin', 'Haddad', 'Weiß', 'Kumar', 'Rossi', 'Holm', 'Costa', 'Nowak', 'Dubois', 'Vega']
  const lines = ['First name,Last name,E-mail,Mobile,Home phone,Town']
  for (let row = 0; row < 1240; row++) {
    const given = first[row % 10] as string
    const family = last[Math.floor(row / 7) % 10] as string
    const box = `${given}.${family}${row}`
      .normalize('NFKD')
      .replace('ß', 'ss')
      .replace('ø', 'o')
      .replace(/[^\w.]/g, '')
    const isBad = row % 155 === 3
    const email = isBad && row % 2 === 0 ? `${box.toLowerCase()}example.org` : `${box.toLowerCase()}@example.org`
    const mobile = isBad && row % 2 === 1 ? '0612 34' : `+336${String(12_000_000 + row * 37)}`
    lines.push(`${given},${family},${email},${mobile},,Lyon`)
  }
  return `${lines.join('\n')}\n`
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brightnessOf, paleTexts, sidewaysOf } from './look-at.ts'
import { type Docs, type DocsPage, type Screen, startDocs } from './open-docs.ts'

/** The pages for people on a large and on a small screen, by day and by night. */

const large = { width: 1280, colorScheme: 'light' } as const
const small = { width: 375, colorScheme: 'light' } as const
const sizes: readonly Screen[] = [large, small]
const screens: readonly Screen[] = [large, { ...large, colorScheme: 'dark' }, small, { ...small, colorScheme: 'dark' }]

const clean = { console: [], outside: [] }

let docs: Docs
beforeAll(async () => {
  docs = await startDocs()
})
afterAll(() => docs?.close())

async function withDocs(screen: Screen, look: (shown: DocsPage) => Promise<void>): Promise<void> {
  const shown = await docs.open(screen)
  try {
    await look(shown)
    expect(shown.complaints).toEqual(clean)
  } finally {
    await shown.page.close()
  }
}

describe.each(sizes)('on a screen $width px wide', (screen) => {
  it('the dialog for the key fits, and an example can be tried out', () =>
    withDocs(screen, async (shown) => {
      const { page } = shown
      await page.locator('.btn.authorize').click()
      const dialog = await page.locator('.dialog-ux .modal-ux').boundingBox()
      await page.locator('.dialog-ux').getByRole('button', { name: 'Close' }).first().click()
      expect(dialog?.x).toBeGreaterThanOrEqual(0)
      expect((dialog?.x ?? 0) + (dialog?.width ?? Infinity)).toBeLessThanOrEqual(screen.width)
      await shown.authorize(docs.demoKey)
      const operation = await shown.tryOut('POST', '/lists/{listId}/contacts')
      expect(await shown.execute(operation, '207')).toContain('"summary"')
      expect(await sidewaysOf(page)).toBe(0)
      await shown.screenshot(`tried-${screen.width}`)
    }))
})

describe.each(screens)('on a screen $width px wide in $colorScheme colours', (screen) => {
  it('every text of Swagger UI can be read', () =>
    withDocs(screen, async (shown) => {
      const { page } = shown
      expect(await page.evaluate('document.documentElement.classList.contains("dark-mode")')).toBe(
        screen.colorScheme === 'dark',
      )
      expect(await paleTexts(page)).toEqual([])
      await page.locator('.btn.authorize').click()
      expect(await paleTexts(page)).toEqual([])
      await page.locator('.dialog-ux').getByRole('button', { name: 'Close' }).first().click()

      await shown.authorize(docs.demoKey)
      await shown.tryOut('POST', '/lists/{listId}/contacts')
      expect(await paleTexts(page)).toEqual([])
      const operation = await shown.tryOut('GET', '/lists')
      await operation.locator('.folded-error button').first().click()
      await operation.locator('summary').first().click()
      await shown.execute(operation, '200')
      await operation.getByRole('tab', { name: 'Schema' }).first().click()
      expect(await paleTexts(page)).toEqual([])
    }))

  it('a page about a problem can be read, and fits', async () => {
    const page = await docs.openAt('/problems/idempotency-key-missing', screen)
    const brightness = await brightnessOf(page)
    if (screen.colorScheme === 'dark') expect(brightness).toBeLessThan(64)
    else expect(brightness).toBeGreaterThan(192)
    expect(await paleTexts(page)).toEqual([])
    expect(await sidewaysOf(page)).toBe(0)
    await page.close()
  })
})

describe('of an operation', () => {
  it('an error is opened and closed by the keyboard, and shows an example of each kind that it can be', () =>
    withDocs(large, async ({ operation }) => {
      const create = operation('POST', '/contacts')
      await create.locator('.opblock-summary-control').click()
      const error = create.getByRole('button', { name: '422' })
      const example = create.locator('.response[data-code="422"]')
      await error.waitFor()
      expect(await error.getAttribute('aria-expanded')).toBe('false')
      expect(await create.locator('.response').count()).toBe(2)

      await error.press('Enter')
      expect(await error.getAttribute('aria-expanded')).toBe('true')
      for (const kind of ['validation-failed', 'contact-rejected']) {
        await example.locator('select.examples-select-element').selectOption(kind)
        expect(JSON.parse((await example.locator('.microlight').textContent()) ?? '')).toMatchObject({
          status: 422,
          code: kind,
          errors: [{ pointer: expect.any(String) }],
        })
      }

      await error.press('Enter')
      expect(await error.getAttribute('aria-expanded')).toBe('false')
      expect(await example.count()).toBe(0)
    }))
})

it('colours follow the reader who changes them while the page is open', () =>
  withDocs(large, async ({ page }) => {
    const isDark = () => page.evaluate('document.documentElement.classList.contains("dark-mode")')
    expect(await isDark()).toBe(false)
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(isDark).toBe(true)
    await page.emulateMedia({ colorScheme: 'light' })
    await expect.poll(isDark).toBe(false)
  }))

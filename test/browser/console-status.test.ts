import { afterAll, beforeAll, expect, it } from 'vitest'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'
import { openConsole, spotless } from './console-page.ts'
import { type Browser, openBrowser } from './open-browser.ts'

/** The page of how it is says what the gateway says: also that there is no answer to a question, of a gateway that has none. */

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

const add = (phone: string) =>
  gateway.call('POST', '/lists/newsletter/contacts', {
    body: { contacts: [{ name: 'Jane', email: 'jane@example.com', phone }] },
    headers: { 'x-request-id': `request-with-${phone.slice(1)}` },
  })

it('calls of the last hour, and a request of which a part was refused with what happened to it', async () => {
  await add('+919876543210')
  expect((await add('+91')).body.summary.outcomes).toMatchObject({ rejected: 3 })
  const reader = await openConsole(browser, gateway.url)
  const { page, words } = reader
  const { status } = words
  await reader.signIn(gateway.key())
  await reader.goTo('status')

  const hasActivity = (await gateway.call('GET', '/accounts/activity')).status === 200
  if (hasActivity) {
    await page.locator('canvas').nth(2).waitFor()
    expect(await page.locator('canvas').count()).toBe(3)
    await page
      .getByText(/Last hour: [1-9]/)
      .first()
      .waitFor()
  } else await page.getByText(status.noActivity).waitFor()

  const hasRequests = (await gateway.call('GET', '/requests')).status === 200
  if (hasRequests) {
    await page.getByRole('row').filter({ hasText: '/lists/' }).getByRole('link').first().click()
    await page.getByRole('heading', { level: 1, name: status.request }).waitFor()
    await page.getByText('request-with-91', { exact: true }).waitFor()
    await reader.isForEverybody('request')
  } else await page.getByText(status.noRequestsRoute).waitFor()
  spotless(reader, hasActivity && hasRequests ? undefined : /404/)
  await reader.close()
})

it('an erasure that needs somebody leads to what is left to do', async () => {
  const { body: erasure } = await gateway.call('POST', '/erasures', {
    body: { email: 'gone@example.com', reference: 'case 17' },
  })
  const reader = await openConsole(browser, gateway.url)
  const { page, words } = reader
  const { status, people } = words
  await reader.signIn(gateway.key())
  await reader.goTo('status')
  await page.getByText(status.noImports).waitFor()
  const row = page.getByRole('row').filter({ hasText: 'case 17' })
  await row.getByText(people.erasureStatuses.needs_person).waitFor()
  await row.getByRole('link').click()
  await page.getByRole('heading', { level: 1, name: people.receipt }).waitFor()
  expect(page.url()).toContain(erasure.id)
  spotless(reader, /404/)
  await reader.close()
})

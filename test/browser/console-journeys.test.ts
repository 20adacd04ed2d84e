import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GatewayProcess, startProcess } from '../support/start-process.ts'
import { openConsole, type Reader, spotless } from './console-page.ts'
import { type Browser, type Look, openBrowser } from './open-browser.ts'
import { dutchFile } from './people-file.ts'

/** The three journeys of the console in a real browser, from an empty start, against a gateway in sandbox mode. */

/** Each pair of language, colours and width comes once. */
const looks: readonly Required<Look>[] = [
  { language: 'en', colorScheme: 'light', width: 1280 },
  { language: 'en', colorScheme: 'dark', width: 375 },
  { language: 'fr', colorScheme: 'light', width: 375 },
  { language: 'fr', colorScheme: 'dark', width: 1280 },
]

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

async function withReader(look: Look, journey: (reader: Reader) => Promise<void>, provoked?: RegExp): Promise<void> {
  const reader = await openConsole(browser, sandbox.url, look)
  try {
    await reader.isForEverybody('key')
    await reader.signIn(key)
    await journey(reader)
    spotless(reader, provoked)
  } catch (error) {
    const shown = await reader.page.locator('body').textContent()
    throw new Error(`${String(error)}\n\nThe page says:\n${shown}`, { cause: error })
  } finally {
    await reader.close()
  }
}

/** With so many the page is long, and once is enough to look at it. */
const rowsOf = (look: Look) =>
  look === looks[0]
    ? { all: 600, bad: 200, shown: 100 }
    : { all: 60, bad: 20, shown: look.width === 375 ? mostOnPhone : 20 }
const mostOnPhone = 10

describe.each(looks.map((look) => ({ ...look, ...rowsOf(look), look })))(
  'in $language, $colorScheme colours, $width px wide',
  ({ look, all, bad, shown }) => {
    it(`a file with a Dutch header, two columns of numbers and ${bad} bad rows is inspected, tried, mended and sent`, () =>
      withReader(look, async (reader) => {
        const { page, words, button } = reader
        const { imports } = words
        await page.locator('input[type=file]').waitFor()
        await reader.isForEverybody('start')
        await page.locator('input[type=file]').setInputFiles(dutchFile(all, bad))

        const menu = (column: string) => page.getByLabel(column, { exact: true })
        expect(await menu('Mobiel nummer').inputValue()).toBe('phone')
        expect(await menu('Telefoon').inputValue()).toBe('phone')
        expect(await menu('Voornaam').inputValue()).toBe('firstName')
        expect(await menu('Plaats').inputValue()).toBe('')
        const lookedAgain = page.waitForResponse('**/imports/inspect*')
        await menu('Plaats').selectOption({ label: imports.columns.attribute })
        expect(await page.getByLabel(imports.columns.attributeName).inputValue()).toBe('plaats')
        await lookedAgain
        await page.getByText(imports.columns.looking).waitFor({ state: 'detached' })
        await reader.isForEverybody('columns')
        await button(imports.columns.go).click()

        await page.getByRole('heading', { name: imports.check.badRows }).waitFor()
        // Somebody's name is a text, whatever it says.
        await page.getByText('<script>alert("x")</script>').first().waitFor()
        const first = page.getByLabel(imports.bad.cell('Mobiel nummer', '1'), { exact: true })
        expect(await first.inputValue()).toBe('12345')
        expect(await page.locator('.bad-rows tbody tr').count()).toBe(shown)
        // Of more than were looked at it is not said how many.
        const howMany = bad > 100 ? imports.bad.atLeast('100', 100) : imports.bad.ofRows(String(bad), bad)
        await page.getByText(howMany, { exact: true }).waitFor()
        await first.fill('+31612345678')
        await page.getByText(imports.bad.mended('1', 1)).waitFor()
        await reader.isForEverybody('check')
        await button(imports.check.send(String(all - bad), '1', all - bad, 1)).click()

        await page.getByRole('heading', { level: 1, name: imports.watch.ended }).waitFor()
        await page.getByRole('heading', { name: imports.bad.title }).waitFor()
        await reader.isForEverybody('end')
        await page.getByRole('link', { name: imports.watch.lookAtMended }).click()
        await page.getByText(imports.watch.allIn).waitFor()
        await reader.isForEverybody('mended')
      }))

    it('a person is found, opts out, and is erased, with a receipt', () =>
      withReader(look, async (reader) => {
        const { page, words, button } = reader
        const { people } = words
        const phone = `+3162${String(1_000_000 + looks.indexOf(look as Required<Look>))}`
        await addPerson(phone)
        await reader.goTo('people')
        await page.getByLabel(people.label).fill(phone)
        await button(people.find).click()
        await page.getByText(people.notOptedOut).waitFor()
        await page.getByText(people.statuses.found, { exact: true }).waitFor()
        await reader.isForEverybody('person')

        await button(people.optOut).click()
        await reader.isForEverybody('opt-out')
        await page
          .getByRole('form')
          .or(page.locator('form.card'))
          .last()
          .getByRole('button', { name: people.optOutGo })
          .click()
        await page.getByText(people.optOutDoneHint).waitFor()
        await page.getByText(people.reasons.opt_out).first().waitFor()

        await button(people.erase).click()
        await page.getByText(people.previewStatuses.by_hand, { exact: true }).waitFor()
        expect(await button(people.eraseGo).isDisabled()).toBe(true)
        await page.getByLabel(people.typeAgain).fill(`${phone}9`)
        expect(await button(people.eraseGo).isDisabled()).toBe(true)
        await page.getByLabel(people.typeAgain).fill(phone)
        await reader.isForEverybody('erase')
        await button(people.eraseGo).click()

        await page.getByRole('heading', { level: 1, name: people.receipt }).waitFor()
        await page.getByLabel(people.by).fill('A. Durand')
        await reader.isForEverybody('receipt')
        await button(people.isDone).click()
        await page.getByText(people.doneBy('A. Durand')).waitFor()
      }))

    it('how it is: accounts, imports, erasures, requests and lists', () =>
      withReader(
        look,
        async (reader) => {
          const { page, words } = reader
          const { status } = words
          await reader.goTo('status')
          await page.getByRole('heading', { level: 1, name: status.title }).waitFor()
          await page.getByText(status.breakers.closed, { exact: true }).nth(2).waitFor()
          for (const heading of [status.imports, status.erasures, status.requests, status.lists])
            await page.getByRole('heading', { name: heading }).waitFor()
          await page.getByText('Newsletter').waitFor()
          await reader.isForEverybody('status')
        },
        /404/,
      ))
  },
)

async function addPerson(phone: string): Promise<void> {
  const answer = await fetch(`${sandbox.url}/lists/newsletter/contacts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ contacts: [{ name: 'Jan de Vries', email: 'jan@voorbeeld.nl', phone }] }),
  })
  expect(answer.status).toBe(207)
}

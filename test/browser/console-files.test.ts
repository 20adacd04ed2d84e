import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'
import { rowsOf, workbook } from '../support/write-workbook.ts'
import { openConsole, type Reader, spotless } from './console-page.ts'
import { type Browser, openBrowser } from './open-browser.ts'

/** Files as people have them: in other encodings, with lines above the header, of a spreadsheet, and seen before. */

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

const choose = (buffer: Buffer, name = 'people.csv') =>
  reader.page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer })
const menu = (column: string) => reader.page.getByLabel(column, { exact: true })

it('in another encoding: what it seems to be is a press away, and names are right then', async () => {
  const { page, words, button } = reader
  const names = ['Zoé', 'Jürgen', 'Françoise', 'Søren', 'Peña'].map((name, row) => `${name};p${row}@example.com`)
  await choose(Buffer.from(`Name;E-Mail\n${names.join('\n')}\n`, 'latin1'))
  await page.getByText(words.failures.byCode['file-unreadable']?.title as string).waitFor()
  await reader.isForEverybody('encoding')
  await button(words.imports.columns.useEncoding('windows-1252')).click()
  await page.getByText('Françoise').waitFor()
  expect(await menu('Name').inputValue()).toBe('name')
  spotless(reader, /422/)
})

it('with lines above the header: the line that it seems to be on is a press away', async () => {
  const { page, words, button } = reader
  await choose(Buffer.from('Export of the shop\nMade on 1 November\n\nName,Email\nJane,jane@example.com\n'))
  await page.getByText(words.imports.columns.noWay).waitFor()
  expect(await button(words.imports.columns.go).isDisabled()).toBe(true)
  await button(words.imports.columns.useHeaderRow('4')).click()
  await menu('Email').waitFor()
  expect(await menu('Email').inputValue()).toBe('email')
  expect(await button(words.imports.columns.go).isEnabled()).toBe(true)
  spotless(reader)
})

it('a workbook is looked at, checked and sent', async () => {
  const { page, words, button } = reader
  const data = rowsOf([
    ['Name', 'Email', 'Phone'],
    ['Jane Smith', 'jane@example.com', '+919876543210'],
  ])
  const bytes = workbook({ sheets: [{ data }] })
  await choose(bytes, 'people.xlsx')
  await page.getByText(words.imports.reading.workbook).first().waitFor()
  await button(words.imports.columns.go).click()
  await button(words.imports.check.send('1', '0', 1, 0)).click()
  await page.getByText(words.imports.watch.allIn).waitFor()
  spotless(reader)
})

it('seen before, with the same header: the columns are as they were chosen, or as the gateway takes them', async () => {
  const { page, words, button, goTo } = reader
  const csv = Buffer.from('Name,Email,Shoe size\nJane,jane@example.com,39\n')
  await choose(csv)
  await menu('Shoe size').selectOption('tags')
  await button(words.imports.columns.go).click()
  await page.getByRole('heading', { level: 1, name: words.imports.check.title }).waitFor()
  await goTo('imports')
  await choose(csv)
  await page.getByText(words.imports.columns.remembered).waitFor()
  expect(await menu('Shoe size').inputValue()).toBe('tags')
  await button(words.imports.columns.forget).click()
  expect(await menu('Shoe size').inputValue()).toBe('')
  spotless(reader)
})

it('numbers of one country: the country is chosen, and the rows get in', async () => {
  const { page, words, button } = reader
  await choose(Buffer.from('Name,Email,Phone\nJane,jane@example.com,06 12 34 56 78\n'))
  await page.getByLabel(words.imports.options.national).check()
  await page.getByRole('combobox', { name: words.imports.options.country, exact: true }).selectOption('FR')
  await button(words.imports.columns.go).click()
  await button(words.imports.check.send('1', '0', 1, 0)).waitFor()
  spotless(reader)
})

it('a press on the button for the check counts, also while the gateway looks again at what was chosen', async () => {
  const { page, words, button } = reader
  await choose(Buffer.from('Name,Email,Town\nJane,jane@example.com,Delft\n'))
  await menu('Town').waitFor()
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**/imports/inspect*', async (route) => {
    await held
    // The page that asked may be gone by then.
    await route.continue().catch(() => {})
  })
  const asked = page.waitForRequest('**/imports/inspect*')
  await menu('Town').selectOption('tags')
  await asked
  await page.getByText(words.imports.columns.looking).waitFor()
  await button(words.imports.columns.go).click()
  await page.getByRole('heading', { level: 1, name: words.imports.check.title }).waitFor()
  await button(words.imports.check.send('1', '0', 1, 0)).waitFor()
  release()
  spotless(reader)
})

it('rows that are mended after the import go in, to the accounts that lack them', async () => {
  const { page, words, button } = reader
  await choose(Buffer.from('Name;Email;Phone\nJane;jane@example.com;+919876543210\n"Ravi; Kumar";ravi@example.com;\n'))
  await button(words.imports.columns.go).click()
  await button(words.imports.check.send('2', '0', 2, 0)).click()
  await page.getByRole('heading', { name: words.imports.bad.title }).waitFor()
  const cell = page.getByLabel(words.imports.bad.cell('Phone', '2'), { exact: true })
  await cell.fill('+9198')
  await button(words.imports.bad.checkMended).click()
  await page.getByText(words.imports.bad.stillBad).waitFor()
  await cell.fill('+919876543219')
  await button(words.imports.bad.checkMended).click()
  await page.getByText(words.imports.bad.getsIn).waitFor()
  await button(words.imports.bad.sendMended('1', 1)).click()
  await page.getByText(words.imports.watch.allIn).waitFor()
  const id = page.url().split('/').at(-1)
  const { body } = await gateway.call('GET', `/imports/${id}`)
  expect(body.progress['octopush-fr']).toMatchObject({ created: 1 })
  expect(body.progress['vobiz-in']).toMatchObject({ created: 1 })
  expect(body.skippedBecause['oblic-main']).toEqual({ otherAccount: 1 })
  spotless(reader)
})

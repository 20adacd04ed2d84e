import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createKey } from '../../src/config/client-directory.ts'
import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { type RunningSimulators, startSimulators } from '../../src/simulators/start.ts'
import { ownPort } from '../support/own-port.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'
import { type GatewayProcess, startProcess } from '../support/start-process.ts'
import { openConsole, type Reader, spotless } from './console-page.ts'
import { type Browser, openBrowser } from './open-browser.ts'
import { dutchFile } from './people-file.ts'

/** What somebody at the console is told when something is wrong, and that nothing typed is lost by it. */

let browser: Browser
let gateway: TestGateway
beforeAll(async () => {
  browser = await openBrowser()
  const reader = { scopes: ['contacts:read'] }
  gateway = await startGateway({ server: { console: true }, clients: { reader, office: { scopes: ['imports'] } } })
})
afterAll(async () => {
  await browser?.close()
  await gateway?.close()
})

let reader: Reader | undefined
afterEach(() => reader?.close())
const open = async (url = gateway.url) => {
  reader = await openConsole(browser, url)
  return reader
}

it('a wrong key is told in plain words, and may be pasted again', async () => {
  const { page, words, signIn, isForEverybody } = await open()
  await signIn('cgw_crm_nobody-has-this-key')
  await page.getByText(words.failures.byCode.unauthorized?.title as string).waitFor()
  await isForEverybody('wrong-key')
  await signIn(gateway.key())
  await page.getByRole('heading', { level: 1, name: words.imports.title }).waitFor()
  expect(page.url()).not.toContain('cgw_')
  spotless(reader as Reader, /401/)
})

it('a key that may only read is shown nothing that it cannot do', async () => {
  const { page, words, signIn } = await open()
  await signIn(gateway.key('reader'))
  await page.getByRole('heading', { level: 1, name: words.status.title }).waitFor()
  expect(await page.getByRole('navigation').getByRole('link').allTextContents()).toEqual([words.frame.status])
  await page.getByRole('heading', { name: words.status.lists }).waitFor()
  expect(await page.getByRole('heading', { name: words.status.imports }).count()).toBe(0)
  expect(await page.getByRole('heading', { name: words.status.erasures }).count()).toBe(0)
  expect(await page.locator('main button').count()).toBe(0)
  // An address that somebody passed on leads to nothing more.
  await page.goto(`${gateway.url}/console#/people`)
  await page.getByRole('heading', { level: 1, name: words.status.title }).waitFor()
  expect(await page.getByLabel(words.people.label).count()).toBe(0)
  spotless(reader as Reader, /404/)
})

it('a key for imports alone sees the lists that it may fill', async () => {
  const { page, words, signIn } = await open()
  await signIn(gateway.key('office'))
  await page.getByLabel(words.imports.list, { exact: true }).selectOption({ label: 'WhatsApp' })
  expect(await page.getByRole('navigation').getByRole('link').allTextContents()).toEqual([
    words.frame.imports,
    words.frame.status,
  ])
  spotless(reader as Reader)
})

it('a key that ends in the middle of the work: another one goes on with what was chosen', async () => {
  const { page, words, signIn, button, isForEverybody } = await open()
  const own = createKey('second')
  const other = createKey('second')
  const entry = { scopes: ['imports'], networks: ['127.0.0.0/8'], lists: ['*'], accounts: ['*'] }
  gateway.changeClients((clients) => ({ ...clients, second: { ...entry, keys: [{ hash: own.hash }] } }))
  await signIn(own.key)
  await page.locator('input[type=file]').setInputFiles(dutchFile(30, 2))
  const town = page.getByLabel('Plaats', { exact: true })
  await town.selectOption('tags')
  gateway.changeClients((clients) => ({ ...clients, second: { ...entry, keys: [{ hash: other.hash }] } }))

  await button(words.imports.columns.go).click()
  await page.getByRole('dialog', { name: words.key.again }).waitFor()
  await page.getByText(words.key.stays).waitFor()
  await isForEverybody('key-ended')
  await signIn(other.key)
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await button(words.again).click()
  const mobile = page.getByLabel(words.imports.bad.cell('Mobiel nummer', '1'), { exact: true })
  await mobile.fill('+31612345678')
  await button(words.imports.check.back).click()
  expect(await town.inputValue()).toBe('tags')
  await button(words.imports.columns.go).click()
  expect(await mobile.inputValue()).toBe('+31612345678')
  spotless(reader as Reader, /401/)
})

it('a network that drops is told, and what was typed is still there when it is back', async () => {
  const { page, words, signIn, button, goTo, isForEverybody } = await open()
  await signIn(gateway.key())
  await goTo('people')
  await page.getByLabel(words.people.label).fill('jan@voorbeeld.nl')
  await page.context().setOffline(true)
  await button(words.people.find).click()
  await page.getByText(words.failures.offline.title).waitFor()
  await isForEverybody('offline')
  expect(await page.getByLabel(words.people.label).inputValue()).toBe('jan@voorbeeld.nl')
  await page.context().setOffline(false)
  await button(words.people.find).click()
  await page.getByText(words.people.notOptedOut).waitFor()
  spotless(reader as Reader, /ERR_INTERNET_DISCONNECTED/)
})

it('an upload that nobody answered is sent again under its key: the people are there once', async () => {
  const { page, words, signIn, button } = await open()
  await signIn(gateway.key())
  await page.locator('input[type=file]').setInputFiles(dutchFile(30, 2))
  await button(words.imports.columns.go).click()
  const send = button(words.imports.check.send('28', '0', 28, 0))
  await send.waitFor()
  let answers = 0
  // The gateway gets the file and answers; the answer is lost.
  await page.route('**/lists/newsletter/imports?validateOnly=false', async (route) => {
    const answer = await route.fetch()
    if (++answers === 1) await route.abort()
    else await route.fulfill({ response: answer })
  })
  await send.click()
  await page.getByText(words.imports.check.notSent).waitFor()
  await button(words.again).click()
  await page.getByRole('heading', { level: 1, name: words.imports.watch.ended }).waitFor()
  expect(answers).toBe(2)
  const { body } = await gateway.call('GET', '/imports?limit=100')
  expect(
    body.items.filter(
      ({ rows, validateOnly }: { rows: number; validateOnly: boolean }) => rows === 30 && !validateOnly,
    ),
  ).toHaveLength(1)
  spotless(reader as Reader, /ERR_FAILED/)
})

it('a gateway that restarts: the page says so, goes on by itself, and a tab that was closed finds the import again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-console-restart-'))
  const simulators = await startSimulators()
  const { key, hash } = createKey('crm')
  writeFileSync(join(folder, 'gateway.json'), JSON.stringify(slowGateway(simulators, hash)))
  const env = {
    GATEWAY_CONFIG: join(folder, 'gateway.json'),
    DATA_DIR: join(folder, 'data'),
    PORT: String(await ownPort()),
    DRAIN_DELAY_MS: '0',
  }
  let running: GatewayProcess = await startProcess(env)
  try {
    const { page, words, signIn, button } = await open(running.url)
    await signIn(key)
    await page.locator('input[type=file]').setInputFiles(dutchFile(600, 2))
    await button(words.imports.columns.go).click()
    await button(words.imports.check.send('598', '0', 598, 0)).click()
    await page.getByRole('heading', { level: 1, name: words.imports.watch.title }).waitFor()
    await page.getByText(words.imports.watch.mayClose).waitFor()
    const address = page.url()

    running.child.kill('SIGKILL')
    await running.ended
    await page.getByText(words.imports.watch.lost).waitFor()
    running = await startProcess(env)
    await page.getByText(words.imports.watch.lost).waitFor({ state: 'detached' })
    await page.getByRole('heading', { level: 1, name: words.imports.watch.title }).waitFor()

    // A new tab: the address leads to the import, once the key is there.
    const context = page.context()
    await page.close()
    const next = await context.newPage()
    await next.goto(address)
    await next.getByLabel(words.key.label, { exact: true }).fill(key)
    await next.getByRole('button', { name: words.key.go }).click()
    await next.getByRole('progressbar').waitFor()
    // Without the address it stands among the imports.
    await next.goto(`${running.url}/console#/imports`)
    await next.getByRole('heading', { name: words.imports.earlier }).waitFor()
    await next.getByRole('row').nth(1).getByRole('link').click()
    await next.getByRole('button', { name: words.imports.watch.cancel }).click()
    await next.getByText(words.imports.watch.canceled).waitFor()
    spotless(reader as Reader, /ERR_/)
  } finally {
    running.child.kill('SIGKILL')
    await running.ended
    await simulators.close()
    rmSync(folder, { recursive: true })
  }
})

/** One that sends so slowly that an import is still on its way when the process is another. */
function slowGateway(simulators: RunningSimulators, hash: string) {
  const { accounts, lists } = gatewayDocument(simulators)
  const slow = { ...accounts['octopush-fr'], requestsPerSecond: 1, batchSize: 10 }
  const { newsletter } = lists
  const targets = newsletter.targets.filter(({ account }) => account === 'octopush-fr')
  return {
    server: { console: true },
    accounts: { ...accounts, 'octopush-fr': slow },
    lists: { newsletter: { ...newsletter, targets } },
    clients: {
      crm: { keys: [{ hash }], networks: ['127.0.0.0/8'], scopes: ['imports'], lists: ['*'], accounts: ['*'] },
    },
  }
}

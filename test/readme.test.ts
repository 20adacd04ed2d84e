import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createKey } from '../src/config/client-directory.ts'
import { isCall, paste } from './support/paste-blocks.ts'
import { type Block, fencedBlocks } from './support/read-markdown.ts'
import { type GatewayProcess, spawnGateway, startProcess } from './support/start-process.ts'
import { startReceiver } from './support/start-receiver.ts'

/** What the documents tell people to paste is pasted into a shell, as it stands, and gives what they say. */

const root = join(import.meta.dirname, '..')
const files = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
]
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, blocks: fencedBlocks(readFileSync(join(root, name), 'utf8')) }))
const readme = files[0]?.blocks as readonly Block[]

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'readme-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const isShell = ({ language }: Block) => language === 'sh'

/** The block that shows a call's answer: what stands between it and the next command of its section. */
function answerTo(call: Block, blocks: readonly Block[]): Block | undefined {
  const next = blocks[blocks.indexOf(call) + 1]
  return next !== undefined && !isShell(next) && next.section === call.section ? next : undefined
}

/** Without what is different each time: ids, times and machines. */
const mask = (text: string) =>
  text
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replace(/\d[\d,]* ms\b/g, '<some> ms')
    .replace(/answered by \S+/, 'answered by <replica>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .trim()
const readJson = (text: string): unknown => JSON.parse(mask(text))

describe.each(files.filter(({ blocks }) => blocks.some(isCall)))('the calls in $name', ({ name, blocks }) => {
  const calls = blocks.filter(isCall)
  let sandbox: GatewayProcess
  let printed: readonly string[]
  beforeAll(async () => {
    sandbox = await startProcess({})
    const [key] = await sandbox.printed(/cgw_demo_[\w-]{43}/)
    const texts = calls.map(({ text }) => text.replaceAll('http://127.0.0.1:8080', sandbox.url))
    printed = await paste(folder, texts, { CONTACT_GATEWAY_KEY: key })
  })
  afterAll(() => {
    sandbox.child.kill('SIGTERM')
  })

  test.each(calls.map((call, index) => [call.line, call, index] as const))(
    'line %i: the answer is the one that is shown',
    (line, call, index) => {
      const answer = printed[index] as string
      expect(answer, `${name}:${line}`).not.toMatch(/"status":[45]\d\d\b/)
      const shown = answerTo(call, blocks)
      if (shown?.language === 'json') expect(readJson(answer)).toEqual(readJson(shown.text))
      else if (shown !== undefined) expect(mask(answer)).toBe(mask(shown.text))
    },
  )
})

test('README.md shows how an import is made, followed and mended, and how a request is explained', () => {
  const calls = readme.filter(isCall).map(({ text }) => text)
  for (const part of ['-F file=@', '/events', '/errors.csv', 'contact-gateway import', 'contact-gateway explain'])
    expect(
      calls.some((text) => text.includes(part)),
      part,
    ).toBe(true)
})

test('the section "Real providers" leads to a gateway that runs in production', async () => {
  const blocks = readme.filter(({ section }) => section === 'Real providers')
  const { hash } = createKey('crm')
  const yaml = blocks.find(({ language }) => language === 'yaml')?.text.replace('sha256:…', hash)
  writeFileSync(join(folder, 'gateway.yaml'), yaml as string)
  const shell = blocks.filter(isShell).map(({ text }) => text.replace(' --online', '').replace('npm start', 'env'))
  const printed = await paste(folder, shell, {})
  expect(printed.join('\n')).toContain('The configuration is valid: 2 accounts, 1 list, 1 client.')

  const variables = /^(?:NODE_ENV|GATEWAY_CONFIG|\w+_FILE)=.*$/gm
  const inFolder = (printed.at(-2)?.match(variables) ?? []).map((line) => line.split('=') as [string, string])
  const env = Object.fromEntries(
    inFolder.map(([name, value]) => [name, name === 'NODE_ENV' ? value : join(folder, value)]),
  )
  const gateway = spawnGateway({ ...env, PORT: '0', DATA_DIR: folder, DRAIN_DELAY_MS: '0' })
  const [, url] = await gateway.printed(/"event":"listening","url":"([^"]+)"/)
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ready' })
  gateway.child.kill('SIGTERM')
  expect(await gateway.ended).toBe(0)
})

test('the section "What happens, told by itself" leads to an event that is taken, and verified', async () => {
  const blocks = readme.filter(({ section }) => section === 'What happens, told by itself')
  const receiver = await startReceiver()
  onTestFinished(() => receiver.close())
  const entry = blocks.find(({ language }) => language === 'yaml')?.text as string
  const indented = entry.replace('https://crm.example.com/gateway-events', receiver.url).replaceAll(/^/gm, '    ')
  const { hash } = createKey('crm')
  const client = `keys: [{ hash: "${hash}" }]\n    networks: ["::1/128"]\n    scopes: [imports, "suppressions:read"]\n    lists: ["*"]\n    accounts: ["*"]`
  const yaml = `accounts: {}\nclients:\n  crm:\n    ${client}\n${indented}`
  writeFileSync(join(folder, 'with-webhooks.yaml'), yaml)
  const env = { GATEWAY_CONFIG: join(folder, 'with-webhooks.yaml'), CRM_WEBHOOK_SECRET: receiver.secret }
  const [printed] = await paste(
    folder,
    blocks.filter(isShell).map(({ text }) => text),
    env,
  )
  expect(printed).toContain(`${receiver.url}: took the event, HTTP 204`)
  expect(receiver.events.map(({ body }) => body.type)).toEqual(['test'])
})

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownPort } from '../support/own-port.ts'
import { isCall, paste } from '../support/paste-blocks.ts'
import { fencedBlocks } from '../support/read-markdown.ts'
import { type GatewayProcess, startProcess } from '../support/start-process.ts'
import { installTools, tool } from './install-tools.ts'

/**
 * Prism stands between a caller and the sandbox, and refuses every request and answer that is not as the committed document
 * says.
 */
const root = join(import.meta.dirname, '../..')
const calls = fencedBlocks(readFileSync(join(root, 'README.md'), 'utf8')).filter(isCall)

let folder: string
let sandbox: GatewayProcess
let key: string
let prism: ChildProcess
let url: string
let said = ''
beforeAll(async () => {
  await installTools()
  folder = mkdtempSync(join(tmpdir(), 'prism-'))
  sandbox = await startProcess({})
  key = (await sandbox.printed(/Demo key +(\S+)/))[1] as string
  const port = await ownPort()
  url = `http://127.0.0.1:${port}`
  const document = join(root, 'openapi/openapi.json')
  prism = spawn(tool('prism'), ['proxy', document, sandbox.url, '--port', String(port), '--errors'])
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      said += chunk
      if (said.includes('Prism is listening')) resolve()
    }
    prism.stdout?.on('data', read)
    prism.stderr?.on('data', read)
    prism.once('exit', () => reject(new Error(`Prism ended:\n${said}`)))
  })
}, 300_000)
afterAll(() => {
  prism?.kill('SIGKILL')
  sandbox?.child.kill('SIGTERM')
  if (folder !== undefined) rmSync(folder, { recursive: true })
})

const violations = () => said.split('\n').filter((line) => /terminated with error|violation/i.test(line))

test("README's walk has no violation of the document, by hand or by the command line", async () => {
  const texts = calls.map(({ text }) => text.replaceAll('http://127.0.0.1:8080', url))
  const printed = await paste(folder, texts, { CONTACT_GATEWAY_KEY: key })
  expect(printed.join('\n')).not.toContain('stoplight.io')
  // What it logs comes when it has time.
  await expect.poll(() => said.match(/has returned 20[0-9]/g)?.length).toBeGreaterThanOrEqual(calls.length)
  expect(violations()).toEqual([])
})

test('a request that the document does not allow has one, so that the walk could have had some', async () => {
  const response = await fetch(`${url}/lists/newsletter/contacts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ contacts: [{ name: 17 }] }),
  })
  expect(await response.text()).toContain('stoplight.io')
  await expect.poll(violations).not.toEqual([])
})

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandProgram } from '../support/programs.ts'
import { newSecret, type Receiver, startReceiver } from '../support/start-receiver.ts'

const { PATH, NODE_COMPILE_CACHE } = process.env

let folder: string
let receiver: Receiver
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'test-webhooks-'))
  receiver = await startReceiver()
})
afterAll(async () => {
  await receiver.close()
  rmSync(folder, { recursive: true })
})

/** Runs `contact-gateway webhooks test` with a client crm that has these webhooks. */
function run(webhooks: readonly unknown[], client = 'crm', env: Record<string, string> = {}) {
  const file = join(folder, 'gateway.json')
  const crm = { keys: [], networks: ['::1/128'], scopes: ['imports'], lists: ['*'], accounts: ['*'], webhooks }
  writeFileSync(file, JSON.stringify({ accounts: {}, clients: { crm } }))
  const args = [commandProgram, 'webhooks', 'test', client]
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) =>
    execFile(
      process.execPath,
      args,
      { env: { PATH, NODE_COMPILE_CACHE, GATEWAY_CONFIG: file, DATA_DIR: folder, ...env } },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    ),
  )
}

describe('contact-gateway webhooks test', () => {
  test('sends a signed event to each endpoint, and says what came of it', async () => {
    const variable = `\${CRM_WEBHOOK_SECRET}`
    const entry = { ...receiver.entry(['import.finished']), secrets: [variable] }
    const { code, stdout } = await run([entry], 'crm', { CRM_WEBHOOK_SECRET: receiver.secret })
    const [event] = await receiver.received('test')
    expect(event?.body).toMatchObject({ type: 'test', data: { message: 'contact-gateway webhooks test' } })
    expect(stdout).toMatch(
      new RegExp(`^${receiver.url}: took the event, HTTP 204 \\(webhook-id ${event?.id}, \\d+ ms\\)\n$`),
    )
    expect(code).toBe(0)
  })

  test('calls nobody for an entry without a URL, and says where its events are', async () => {
    const { code, stdout } = await run([{ events: ['import.finished'] }])
    expect(stdout).toBe(
      'no url: nobody is called; the client reads its events with GET /webhooks/deliveries?payload=true\n',
    )
    expect(code).toBe(0)
  })

  test('ends with 1 where one does not take it, and says why', async () => {
    const wrong = { ...receiver.entry(['import.finished']), secrets: [newSecret()] }
    const away = { ...wrong, url: 'http://127.0.0.1:9/', secrets: [newSecret()] }
    const hidden = { ...wrong, url: 'https://10.0.0.1/', secrets: [newSecret()] }
    const { code, stdout } = await run([wrong, away, hidden])
    expect(code).toBe(1)
    const [first, second, third] = stdout.split('\n')
    expect(first).toContain('answered HTTP 401: does it check with the secret that is configured here?')
    expect(second).toContain('is out of reach')
    expect(third).toContain('needs allowPrivate: true')
  })

  test('says which clients there are, and that one has no webhooks', async () => {
    expect(await run([], 'erp')).toMatchObject({ code: 1, stderr: 'There is no client erp. There are: crm.\n' })
    expect(await run([])).toMatchObject({ code: 1, stderr: 'The client crm has no webhooks in the configuration.\n' })
    expect((await run([{ url: 'ftp://x' }])).code).toBe(78)
  })
})

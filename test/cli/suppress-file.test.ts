import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { receiptOf, suppressFile, undoSuppressions } from '../../src/cli/suppress-file.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
let file: string
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'suppress-file-'))
  file = join(folder, 'people.csv')
  onTestFinished(() => rmSync(folder, { recursive: true }))
})

const said = { reason: 'opt_out', source: 'a file', defaultCountry: 'FR' } as const
/** Runs a command; returns its exit code and what it printed. */
async function run(command: typeof suppressFile | typeof undoSuppressions): Promise<[number, string]> {
  const output = new PassThrough()
  const printed: string[] = []
  output.on('data', (piece) => printed.push(String(piece)))
  const code = await command({ file, url: gateway.url, ...said }, gateway.key(), output)
  // What was written last is handed on in a later turn.
  await new Promise((resolve) => output.end(resolve))
  return [code, printed.join('')]
}
const isListed = async (address: object) =>
  (await gateway.call('POST', '/suppressions/search', { body: address })).body.items.length === 1

test('each address of a file is an entry, what is wrong is told by its line, and --undo takes back what the file created', async () => {
  await gateway.call('POST', '/suppressions', { body: { suppressions: [{ phone: '+33612340001', reason: 'manual' }] } })
  writeFileSync(
    file,
    'Name;Email;Phone;WhatsApp\nA;a@example.com;06 12 34 00 01;\nB;;06 12 34 00 02;+5215512340003\nC;none;;\n',
  )
  const [code, text] = await run(suppressFile)
  expect(code).toBe(1)
  expect(text).toContain('line 4, email: This is no e-mail address.')
  expect(text).toContain('3 created, 1 updated, 1 rejected')
  const addresses = [
    { email: 'A@example.com' },
    { phone: '+33612340001' },
    { phone: '+33612340002' },
    { phone: '+525512340003' },
  ]
  expect(await Promise.all(addresses.map(isListed))).toEqual([true, true, true, true])
  expect(readFileSync(receiptOf(file), 'utf8')).toMatch(/^(?:[\w-]{22}\n){3}$/)

  expect(await run(undoSuppressions)).toEqual([0, '3 taken off the list\n'])
  expect(await Promise.all(addresses.map(isListed))).toEqual([false, true, false, false])
  expect(existsSync(receiptOf(file))).toBe(false)
  await expect(run(undoSuppressions)).rejects.toThrow(/nothing is known/)
})

test('who was said again since stays on the list', async () => {
  writeFileSync(file, 'phone\n+33612340010\n+33612340011\n')
  expect((await run(suppressFile))[0]).toBe(0)
  await gateway.call('POST', '/suppressions', {
    body: { suppressions: [{ phone: '+33612340010', reason: 'complaint' }] },
  })
  const [code, text] = await run(undoSuppressions)
  expect([code, text]).toEqual([1, expect.stringContaining('1 taken off the list\n1 stay')])
  expect(await isListed({ phone: '+33612340010' })).toBe(true)
  expect(await isListed({ phone: '+33612340011' })).toBe(false)
})

test('thousands go in several requests', async () => {
  writeFileSync(file, `email\n${Array.from({ length: 2_500 }, (_, n) => `many-${n}@example.com\n`).join('')}`)
  expect(await run(suppressFile)).toEqual([0, expect.stringContaining('2500 created\n')])
  expect(await run(suppressFile)).toEqual([0, '2500 unchanged\n'])
})

test('a file without such a column is refused, and so is what the gateway refuses', async () => {
  writeFileSync(file, 'name\nJane\n')
  await expect(run(suppressFile)).rejects.toThrow(/no column email, phone or whatsapp/)
  writeFileSync(file, 'phone\n+33612340020\n')
  const wrong = suppressFile({ file, url: gateway.url, ...said, reason: 'erasure' }, gateway.key(), new PassThrough())
  await expect(wrong).rejects.toThrow(/422/)
})

import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GatewayProcess, startProcess } from '../support/start-process.ts'
import { compiler, installTools, tool } from './install-tools.ts'

/**
 * What a team does that wants a typed client: generate types with openapi-typescript, call with openapi-fetch. Their
 * versions stand in the package.json beside this file; it is a package of its own, since the generator needs TypeScript 5.
 */
const run = promisify(execFile)
const here = import.meta.dirname
const document = join(here, '../../openapi/openapi.json')

/** The README's first call, typed: what the document says of its request and answer is what compiles. */
const program = (readmeBody: string) => `
import createClient from 'openapi-fetch'
import type { components, paths } from './api.ts'

const client = createClient<paths>({
  baseUrl: process.env['GATEWAY_URL'] ?? '',
  headers: { Authorization: \`Bearer \${process.env['CONTACT_GATEWAY_KEY']}\` },
})
const body: components['schemas']['Batch'] = ${readmeBody}
const added = await client.POST('/lists/{listId}/contacts', {
  params: { path: { listId: 'newsletter' }, header: { 'Idempotency-Key': 'signup-4711-0000001' } },
  body,
})
if (added.error !== undefined) throw new Error(added.error.detail)
const result = added.data
if (!('results' in result)) throw new Error('it became an import')
for (const { account, status, id } of result.results[0]?.outcomes ?? []) console.log(account, status, id?.split(':')[0] ?? '-')

const refused = await client.POST('/lists/{listId}/contacts', {
  params: { path: { listId: 'nowhere' } },
  body: { contacts: [{ email: 'jane@example.com' }] },
})
console.log(refused.error?.code, refused.response.status)
const lists = await client.GET('/lists')
console.log(lists.data?.items.map(({ id }) => id).join(' '))
`

/** A mistake that the types must find. */
const mistaken = `
import createClient from 'openapi-fetch'
import type { paths } from './api.ts'
await createClient<paths>().POST('/lists/{listId}/contacts', {
  params: { path: { listId: 'newsletter' } },
  body: { contacts: [{ phone: 919876543210 }] },
})
`

const compilerOptions = {
  target: 'es2023',
  lib: ['es2023', 'dom'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  skipLibCheck: false,
  types: ['node'],
  typeRoots: [join(here, '../../node_modules/@types')],
}

let folder: string
let sandbox: GatewayProcess
let told: readonly string[]
beforeAll(async () => {
  await installTools()
  folder = mkdtempSync(join(tmpdir(), 'generated-client-'))
  symlinkSync(join(here, 'node_modules'), join(folder, 'node_modules'))
  write('package.json', JSON.stringify({ type: 'module' }))
  await run(tool('openapi-typescript'), [document, '--output', join(folder, 'api.ts')])
  told = await compile()
  sandbox = await startProcess({})
}, 180_000)
afterAll(() => {
  sandbox?.child.kill('SIGTERM')
  if (folder !== undefined) rmSync(folder, { recursive: true })
})

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

/** What the compiler says of both programs, a line each: most of its time goes into the libraries that they share. */
async function compile(): Promise<readonly string[]> {
  const readme = readFileSync(join(here, '../../README.md'), 'utf8')
  write('first-call.ts', program(/-d '(\{"contacts".*\})'/.exec(readme)?.[1] as string))
  write('mistaken.ts', mistaken)
  write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['first-call.ts', 'mistaken.ts'] }))
  const { stdout } = await run(compiler, ['-p', 'tsconfig.json'], { cwd: folder }).catch(
    (failed: { stdout: string }) => failed,
  )
  // Lines that go on are indented.
  return stdout.split(/\n(?=\S)/).filter((line) => line.trim() !== '')
}

describe('a client that is generated from the document', () => {
  test('compiles, and makes the first call of the README', async () => {
    expect(told.filter((line) => !line.startsWith('mistaken.ts('))).toEqual([])

    const [, key] = await sandbox.printed(/Demo key +(\S+)/)
    const { stdout } = await run(process.execPath, ['first-call.ts'], {
      cwd: folder,
      env: { PATH: process.env.PATH, GATEWAY_URL: sandbox.url, CONTACT_GATEWAY_KEY: key },
    })
    expect(stdout.trim().split('\n')).toEqual([
      'oblic-main accepted -',
      'octopush-fr created octopush-fr',
      'vobiz-in created vobiz-in',
      'not-found 404',
      'newsletter sms whatsapp',
    ])
  }, 60_000)

  test('does not compile with a phone number that is no text', () => {
    const mistakes = told.filter((line) => line.startsWith('mistaken.ts('))
    expect(mistakes.join('\n')).toContain("Type 'number' is not assignable to type 'string'")
  })
})

import { execFile } from 'node:child_process'
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GatewayProcess, startProcess } from '../support/start-process.ts'
import { compiler, installTools, tool } from './install-tools.ts'
import { type Generator, generators } from './programs.ts'

/** The generators that teams use make clients of the committed documents, which work as they come. */
const run = promisify(execFile)
const here = import.meta.dirname
const documents = join(here, '../../openapi')

type Made = ReadonlyMap<Generator, PromiseSettledResult<string>>

let root: string
let sandbox: GatewayProcess
let key: string
/** Where each client is, or why it could not be made. */
let made: Made
/** What the compiler says. */
let complaints: readonly string[]
beforeAll(async () => {
  await installTools()
  root = mkdtempSync(join(tmpdir(), 'generators-'))
  const starting = startProcess({})
  made = await generateAll()
  complaints = await compile([...made.values()].flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
  sandbox = await starting
  key = (await sandbox.printed(/Demo key +(\S+)/))[1] as string
}, 300_000)
afterAll(() => {
  sandbox?.child.kill('SIGTERM')
  if (root !== undefined) rmSync(root, { recursive: true })
})

const compilerOptions = {
  target: 'es2023',
  lib: ['es2023', 'dom', 'dom.iterable'],
  module: 'esnext',
  moduleResolution: 'bundler',
  strict: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  // Of the libraries that generated code stands on; what is generated are no declaration files.
  skipLibCheck: true,
  types: ['node'],
  typeRoots: [join(here, '../../node_modules/@types')],
}

/** A folder with what the generator makes of the documents, and the program on top of it. */
async function generate({ name, commands, files = {}, program }: Generator): Promise<string> {
  const folder = mkdtempSync(join(root, `${name.replace(/\W+/g, '-')}-`))
  symlinkSync(join(here, 'node_modules'), join(folder, 'node_modules'))
  for (const document of readdirSync(documents)) copyFileSync(join(documents, document), join(folder, document))
  // Some write code for the version of zod that they find here.
  const { dependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
  const whole = { ...files, 'program.ts': program, 'package.json': JSON.stringify({ type: 'module', dependencies }) }
  for (const [file, text] of Object.entries(whole)) writeFileSync(join(folder, file), text)
  for (const [command, ...args] of commands)
    await run(tool(command), args, { cwd: folder, env: { ...process.env, CI: '1' } })
  return folder
}

/** Two at a time, for as many cores. */
async function generateAll(): Promise<Made> {
  const results = new Map<Generator, PromiseSettledResult<string>>()
  const work = generators.values()
  const lane = async () => {
    for (const generator of work) {
      const [result] = await Promise.allSettled([generate(generator)])
      results.set(generator, result)
    }
  }
  await Promise.all([lane(), lane()])
  return results
}

/** All at once: the libraries that they stand on are read, and checked, once. */
async function compile(folders: readonly string[]): Promise<readonly string[]> {
  const files = folders.map((folder) => join(folder, 'program.ts'))
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  const { stdout } = await run(compiler, ['-p', '.', '--pretty', 'false'], { cwd: root }).catch(
    (error: { stdout: string }) => error,
  )
  return stdout.split('\n').filter((line) => line !== '')
}

/** Those about one client, and those about none of them. */
function complaintsOf(folder: string): readonly string[] {
  const others = generators.flatMap((generator) => {
    const one = made.get(generator)
    return one?.status === 'fulfilled' && one.value !== folder ? [`${basename(one.value)}/`] : []
  })
  return complaints.filter((line) => !others.some((other) => line.startsWith(other)))
}

/** The lines of types that say nothing of what they type. */
function untypedLines(folder: string, { types, untyped = /^$/ }: Generator): string[] {
  const files = types.flatMap((path) => {
    const whole = join(folder, path)
    return statSync(whole).isDirectory() ? readdirSync(whole).map((name) => join(whole, name)) : [whole]
  })
  return files
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .filter((line) => /(?:[:<|=(,]|extends)\s*(?:any|unknown)\b(?!['"])/.test(line) && !/^\s*\*/.test(line))
    .filter((line) => !untyped.test(line))
}

describe.each(generators)('a client by $name', (generator) => {
  test('compiles strictly, is typed to the end, and adds, imports, cancels and deletes as it comes', async () => {
    const one = made.get(generator)
    if (one?.status !== 'fulfilled') throw one?.reason
    const folder = one.value
    expect(complaintsOf(folder)).toEqual([])
    expect(untypedLines(folder, generator)).toEqual([])
    const bundle = [
      'program.ts',
      '--bundle',
      '--platform=node',
      '--format=cjs',
      '--outfile=program.cjs',
      '--log-level=error',
    ]
    await run(tool('esbuild'), bundle, { cwd: folder })
    const env = { PATH: process.env.PATH, GATEWAY_URL: sandbox.url, CONTACT_GATEWAY_KEY: key }
    const { stdout } = await run(process.execPath, ['program.cjs'], { cwd: folder, env })
    const [added, ...rest] = stdout.trim().split('\n')
    expect(added).toMatch(/^(?:oblic-main accepted, octopush-fr (?:created|updated), )?vobiz-in (?:created|updated)$/)
    expect(rest).toEqual(['update', 'true', '204'])
  }, 120_000)
})

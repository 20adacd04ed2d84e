import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { operateProgram } from '../support/operate-program.ts'
import { fencedBlocks } from '../support/read-markdown.ts'

/** The unit in docs/operate/install.md. */

const root = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const unit = fencedBlocks(read('docs/operate/install.md')).find(({ language }) => language === 'ini')?.text as string

let folder: string
let analyze: (...args: string[]) => Promise<string>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-unit-'))
  const program = await operateProgram('systemd-analyze', 'systemd', 'systemd-networkd')
  analyze = async (...args) => {
    const { stdout, stderr } = await promisify(execFile)(program, args)
    return stdout + stderr
  }
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true }))

test('systemd takes every line of it, and finds it exposed by less than 3.0', async () => {
  const file = join(folder, 'contact-gateway.service')
  // What is installed elsewhere than here: its program, and its documents.
  const here = unit.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`).replace(/^Documentation=.*\n/m, '')
  writeFileSync(file, here)
  const security = await analyze('security', '--offline=true', '--no-pager', file)
  const [, exposure] = /Overall exposure level for \S+: ([\d.]+)/.exec(security) ?? []
  expect(Number(exposure)).toBeLessThan(3)
  const said = await analyze('verify', '--man=no', '--recursive-errors=no', file)
  expect(said.split('\n').filter((line) => line.includes('contact-gateway.service'))).toEqual([])
})

test("hands the service every secret that the README's configuration refers to", () => {
  const [, yaml = ''] = /```yaml\n(# yaml-language-server[\s\S]*?)```/.exec(read('README.md')) ?? []
  const names = [...yaml.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name)
  expect(names.length).toBeGreaterThan(2)
  for (const name of names) {
    const credential = name.toLowerCase()
    expect(unit).toContain(`\nLoadCredential=${credential}:/etc/contact-gateway/secrets/${credential}\n`)
    expect(unit).toContain(`\nEnvironment=${name}_FILE=%d/${credential}\n`)
  }
})

test('starts the bundle with the flags of npm start, and lets V8 compile', () => {
  const { scripts } = JSON.parse(read('package.json'))
  const [, started] = /^ExecStart=\S+(.*)$/m.exec(unit) ?? []
  expect(started).toBe(scripts.start.replace('exec node', '').replace('src/', 'dist/'))
  expect(unit).not.toMatch(/^MemoryDenyWriteExecute=yes/m)
})

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { parseStoreKeys } from '../../src/config/store-key.ts'
import { commandProgram } from '../support/programs.ts'
import { startProcess } from '../support/start-process.ts'

/** What the programs are given besides what a test is about. */
const { PATH, NODE_COMPILE_CACHE } = process.env

const root = join(import.meta.dirname, '../..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

async function command(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  return (
    await promisify(execFile)(process.execPath, [commandProgram, ...args], {
      env: { PATH, NODE_COMPILE_CACHE, ...env },
    })
  ).stdout
}

test('--version prints the version and the revision, and says so where nobody knows that', async () => {
  expect(await command(['--version'], { GATEWAY_REVISION: '98b7add' })).toBe(`${version} (revision 98b7add)\n`)
  expect(await command(['--version'])).toBe(`${version} (revision unknown)\n`)
})

test('the first line of the log and the health check say the version and the revision', async () => {
  const gateway = await startProcess({ GATEWAY_REVISION: '98b7add' })
  const [first = ''] = gateway.output().split('\n')
  expect(JSON.parse(first)).toMatchObject({ event: 'starting', version, revision: '98b7add', node: process.version })
  const health = await fetch(`${gateway.url}/healthz`)
  expect(await health.json()).toEqual({ status: 'ok', version, revision: '98b7add' })
  gateway.child.kill('SIGTERM')
  expect(await gateway.ended).toBe(0)
})

test('keys create-store-key prints a key for STORE_KEY, alone on its line', async () => {
  const printed = await command(['keys', 'create-store-key'])
  expect(printed).toMatch(/^\S+\n$/)
  expect(parseStoreKeys(printed)).toMatchObject({ keys: [expect.any(Buffer)] })
})

test('config schema prints the schema that is in the repository', async () => {
  expect(await command(['config', 'schema'])).toBe(readFileSync(join(root, 'docker/gateway.schema.json'), 'utf8'))
})

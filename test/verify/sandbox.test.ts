import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleOblicList } from '../../src/simulators/oblic.ts'
import { commandProgram } from '../support/programs.ts'
import { type GatewayProcess, startProcess } from '../support/start-process.ts'

let sandbox: GatewayProcess
let folder: string
let env: Record<string, string | undefined>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'verify-sandbox-'))
  sandbox = await startProcess({})
  const [, GATEWAY_CONFIG, DATA_DIR] = await sandbox.printed(/export GATEWAY_CONFIG=(\S+) DATA_DIR=(\S+)/)
  env = { PATH: process.env.PATH, GATEWAY_CONFIG, DATA_DIR }
})
afterAll(async () => {
  sandbox.child.kill('SIGTERM')
  await sandbox.ended
  rmSync(folder, { recursive: true })
})

const numbers = ['--phone', '+33612345678', '--phone', '+33612345679']

test.each([
  ['vobiz-in', numbers],
  ['octopush-fr', [...numbers, '--opted-out', '+33612340404', '--email', 'jane@example.com']],
  [
    'oblic-main',
    [...numbers, '--email', 'jane@example.com', '--list', sampleOblicList, '--cannot-clean-up', '--sizes'],
  ],
])('in the sandbox %s is verified with the configuration that its banner names', async (account, people) => {
  const args = [commandProgram, 'accounts', 'verify', account, ...people, '--yes-write', '--report', `${account}.md`]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, env })
  expect(stdout).toContain('; 0 open,')
  expect(stdout).not.toContain('contradicts')
  // The gateway of the sandbox has the store open, and nobody is on its list.
  expect(stdout).not.toContain('could not be asked')
})

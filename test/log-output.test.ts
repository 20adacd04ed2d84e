import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { limitFileSize } from './support/limit-file-size.ts'
import { gatewayProgram } from './support/programs.ts'

/** Whoever reads the log may be gone, or slow: the gateway serves on, and ends when it is told to. */

const root = new URL('..', import.meta.url).pathname

/** The gateway with its log in a file, once it listens. */
async function startWithLog() {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-log-'))
  const log = join(folder, 'log')
  const child = spawn('bash', ['-c', `exec "${process.execPath}" "${gatewayProgram}" > "${log}"`], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      LOG_LEVEL: 'debug',
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
    },
    stdio: 'ignore',
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  })
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)))
  await expect.poll(() => readFileSync(log, 'utf8'), { timeout: 10_000 }).toContain('Ctrl-C')
  const [, url] = /"event":"listening","url":"([^"]+)"/.exec(readFileSync(log, 'utf8')) ?? []
  return { child, ended, log, url }
}

test.for(['gone', 'not reading'])(
  'with a reader of the log that is %s it serves, and ends',
  { timeout: 60_000 },
  async (reader) => {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-log-'))
    const child = spawn(process.execPath, [gatewayProgram], {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: 'debug', PORT: '0', DATA_DIR: folder },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    onTestFinished(() => {
      child.kill('SIGKILL')
      rmSync(folder, { recursive: true })
    })
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)))
    const url = await new Promise<string>((resolve) => {
      let text = ''
      child.stdout.on('data', (piece) => {
        text += piece
        const [, found] = /"event":"listening","url":"([^"]+)"/.exec(text) ?? []
        if (found !== undefined && text.includes('Ctrl-C')) resolve(found)
      })
    })
    if (reader === 'gone') child.stdout.destroy()
    else child.stdout.pause()
    // More lines than a pipe holds.
    for (let request = 0; request < 600; request++) expect((await fetch(`${url}/healthz`)).status).toBe(200)
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  },
)

test('a process that ends has written all of its lines', async () => {
  const { child, ended, log, url } = await startWithLog()
  for (let request = 0; request < 50; request++) await fetch(`${url}/healthz`)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(readFileSync(log, 'utf8').match(/"event":"request"/g)).toHaveLength(50)
})

test('on a terminal the log is lines that people read, and elsewhere JSON', async () => {
  const command = `${process.execPath} ${gatewayProgram}`
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  let text = ''
  child.stdout.on('data', (piece) => {
    text += piece
    if (text.includes('Ctrl-C')) child.kill('SIGTERM')
  })
  await ended
  expect(text).toMatch(/\[\d\d:\d\d:\d\d\.\d{3}\].*INFO.*: .*starting/)
  expect(text).toMatch(/listening.*http:\/\/127\.0\.0\.1:\d+/)
  expect(text).not.toContain('"level"')
})

test('with a log that its disk does not take it serves, and ends', async () => {
  const { child, ended, log, url } = await startWithLog()
  const fits = statSync(log).size + 5_000
  limitFileSize(child.pid as number, fits)
  await expect
    .poll(async () => ((await fetch(`${url}/healthz`)).status === 200 ? statSync(log).size : 'not served'), {
      timeout: 10_000,
    })
    .toBe(fits)
  for (let request = 0; request < 200; request++) expect((await fetch(`${url}/healthz`)).status).toBe(200)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
})

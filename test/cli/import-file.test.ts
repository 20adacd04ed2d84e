import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { importFile } from '../../src/cli/import-file.ts'
import { type Fault, type WatchedFiles, watchFiles } from '../support/misbehaving-files.ts'
import { commandProgram } from '../support/programs.ts'
import { spread } from '../support/spread.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

/** What the command line writes is whole, or it says so and nothing looks whole; what it reads is sent as it is, or not. */

/** None can be sent, so that all of them come back. */
const csv = `name,email,phone\n${Array.from({ length: 4_000 }, (_, n) => `Row ${n},row-${n}@example.com,no number ${n}\n`).join('')}`

let gateway: TestGateway
let folder: string
beforeAll(async () => {
  gateway = await startGateway({ limits: { importsPerClient: 1_000 } })
})
afterAll(() => gateway.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-file-'))
  writeFileSync(join(folder, 'people.csv'), csv)
  onTestFinished(() => rmSync(folder, { recursive: true }))
})

const at = (name: string) => join(folder, name)
const silent = () => new PassThrough().resume() as unknown as NodeJS.WriteStream
const run = (errorsFile = at('errors.csv'), url = gateway.url, force = true) =>
  importFile(
    { file: at('people.csv'), list: 'newsletter', url, options: undefined, validateOnly: true, errorsFile, force },
    gateway.key(),
    silent(),
  )
const newest = async () => (await gateway.call('GET', '/imports?limit=1')).body.items[0]?.id
/** As the gateway gives it. */
const wanted = async () => (await gateway.call('GET', `/imports/${await newest()}/errors.csv`)).text
const listenToErrors = () => {
  let text = ''
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((piece) => {
    text += piece
    return true
  })
  onTestFinished(() => spy.mockRestore())
  return () => text
}

const half = /\/errors\.csv\..*\.part$/

describe('the file of rows that did not get in', () => {
  test('is whole, and all that is left', async () => {
    expect(await run()).toBe(1)
    const text = readFileSync(at('errors.csv'), 'utf8')
    expect(text).toBe(await wanted())
    expect(text.split('\n')).toHaveLength(4_002)
    expect(readdirSync(folder).toSorted()).toEqual(['errors.csv', 'people.csv'])
  })

  test('may be the file that was imported, or stand behind a link', async () => {
    symlinkSync('people.csv', at('errors.csv'))
    expect(await run()).toBe(1)
    expect(readFileSync(at('people.csv'), 'utf8')).toBe(await wanted())
    expect(readdirSync(folder).toSorted()).toEqual(['errors.csv', 'people.csv'])
  })

  test('is not overwritten unless that is said, and then nothing is uploaded', async () => {
    writeFileSync(at('errors.csv'), 'rows that somebody mends')
    const before = await newest()
    await expect(run(at('errors.csv'), gateway.url, false)).rejects.toThrow(
      /is there already.*nothing was uploaded.*--force/,
    )
    expect(readFileSync(at('errors.csv'), 'utf8')).toBe('rows that somebody mends')
    expect(await newest()).toBe(before)
  })

  test('may be no file at all', async () => {
    expect(await run('/dev/null', gateway.url, false)).toBe(1)
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
  })

  test.each<[what: string, fault: Omit<Fault, 'nth'>]>([
    ['takes half of what it is given', { call: 'write', how: 'half' }],
    ['is interrupted by a signal', { call: 'write', how: 'EINTR' }],
  ])('is whole where a write %s', { timeout: 120_000 }, async (_what, fault) => {
    for (const nth of surelyMade((await callsOf(half)).write)) {
      const watched = watchFiles(half, { ...fault, nth })
      expect(await run().finally(watched.restore)).toBe(1)
      expect(watched.counts.write).toBeGreaterThanOrEqual(nth)
      expect(readFileSync(at('errors.csv'), 'utf8')).toBe(await wanted())
    }
  })

  test.each<[what: string, fault: Omit<Fault, 'nth'>, code: string]>([
    ['the disk fills', { call: 'write', how: 'half', after: 'ENOSPC' }, 'ENOSPC'],
    ['a quota is reached', { call: 'write', how: 'EDQUOT', after: 'EDQUOT' }, 'EDQUOT'],
    ['nothing is taken', { call: 'write', how: 'nothing', after: 'nothing' }, 'ENOSPC'],
    ['the disk fails', { call: 'write', how: 'EIO' }, 'EIO'],
    ['it does not get to the disk', { call: 'sync', how: 'EIO' }, 'EIO'],
    ['it cannot be closed', { call: 'close', how: 'EIO' }, 'EIO'],
  ])('is as it was, and that is told, where %s', { timeout: 120_000 }, async (_what, fault, code) => {
    const told = listenToErrors()
    const calls = await callsOf(half)
    writeFileSync(at('errors.csv'), 'an earlier one')
    for (const nth of surelyMade(calls[fault.call])) {
      const watched = watchFiles(half, { ...fault, nth })
      expect(await run().finally(watched.restore)).toBe(1)
      expect(watched.counts[fault.call]).toBeGreaterThanOrEqual(nth)
      expect(told().split('\n').at(-2)).toMatch(new RegExp(`does not hold them: ${code}\\. .*/imports/.*/errors\\.csv`))
      expect(readFileSync(at('errors.csv'), 'utf8')).toBe('an earlier one')
      expect(readdirSync(folder).toSorted()).toEqual(['errors.csv', 'people.csv'])
    }
  })

  test('is not there when the gateway breaks off in the middle of it, and that is told', async () => {
    const told = listenToErrors()
    const state = { id: 'x', status: 'completed_with_errors', rows: 1, progress: {}, warnings: [], losses: {} }
    const server = createServer((request, response) => {
      request.resume()
      if (request.url?.endsWith('errors.csv') !== true) return void response.end(JSON.stringify(state))
      response.write('name,email\nA,a@example.com\n', () => response.destroy())
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    expect(await run(at('errors.csv'), `http://127.0.0.1:${port}`)).toBe(1)
    expect(told()).toContain('does not hold them')
    expect(readdirSync(folder)).toEqual(['people.csv'])
  })
})

describe('the file that is imported', () => {
  const source = /\/people\.csv$/

  test.each<[what: string, fault: Omit<Fault, 'nth'>]>([
    ['gives half of what is asked for', { call: 'read', how: 'half' }],
    ['is interrupted by a signal', { call: 'read', how: 'EINTR' }],
  ])('is sent as a whole where a read %s', { timeout: 120_000 }, async (_what, fault) => {
    for (const nth of spread((await callsOf(source)).read)) {
      const watched = watchFiles(source, { ...fault, nth })
      expect(await run().finally(watched.restore)).toBe(1)
      expect(watched.counts.read).toBeGreaterThanOrEqual(nth)
      expect(await wanted()).toContain('no number 3999')
    }
  })

  test('that cannot be read to its end is told, and nothing is imported', async () => {
    for (const nth of spread((await callsOf(source)).read)) {
      const before = await newest()
      const watched = watchFiles(source, { call: 'read', how: 'EIO', nth })
      await expect(run().finally(watched.restore)).rejects.toThrow('EIO')
      expect(await newest()).toBe(before)
    }
  })

  test.each<[what: string, change: (path: string) => void]>([
    ['grows', (path) => appendFileSync(path, 'One more,more@example.com,+919820000001\n')],
    ['shrinks', (path) => truncateSync(path, 100)],
    [
      'is written anew',
      (path) => {
        writeFileSync(path, csv.replaceAll('Row', 'Two'))
        utimesSync(path, 1, 1)
      },
    ],
  ])('and %s while it is sent is told, and nothing is imported', { timeout: 120_000 }, async (_what, change) => {
    for (const nth of spread((await callsOf(source)).read)) {
      writeFileSync(at('people.csv'), csv)
      const before = await newest()
      const watched = watchFiles(source, undefined, (call, now) => {
        if (call === 'read' && now === nth) change(at('people.csv'))
      })
      await expect(run().finally(watched.restore)).rejects.toThrow('people.csv was changed while it was being sent')
      expect(await newest()).toBe(before)
    }
  })

  test('that is not there is told', async () => {
    rmSync(at('people.csv'))
    await expect(run()).rejects.toThrow('ENOENT')
  })
})

type Calls = WatchedFiles['counts']
const known = new Map<RegExp, Calls>()

/** What a good run calls: the same each time. */
async function callsOf(path: RegExp): Promise<Calls> {
  const counted = known.get(path)
  if (counted !== undefined) return counted
  const watched = watchFiles(path)
  expect(await run().finally(watched.restore)).toBe(1)
  expect(Math.max(watched.counts.read, watched.counts.write)).toBeGreaterThan(2)
  known.set(path, watched.counts)
  return watched.counts
}

describe('as a process', () => {
  type Options = { readonly limit?: number; readonly output?: string }
  const start = (args: readonly string[], { limit, output }: Options = {}) => {
    const node = [process.execPath, commandProgram, ...args]
    const [file, ...rest] = limit === undefined ? node : ['prlimit', `--fsize=${limit}:`, ...node]
    const child = spawn(file as string, rest, {
      cwd: folder,
      env: { PATH: process.env.PATH, CONTACT_GATEWAY_KEY: gateway.key() },
      stdio: ['ignore', output === undefined ? 'pipe' : openSync(at(output), 'w'), 'pipe'],
    })
    let errors = ''
    child.stderr?.on('data', (piece) => {
      errors += piece
    })
    const ended = once(child, 'close').then(([exitCode]) => ({ exitCode, errors }))
    return { child, ended }
  }
  const importing = () => ['import', 'people.csv', '--list', 'newsletter', '--url', gateway.url, '--validate-only']

  test('its file is whole, or not there, wherever a limit of files is', { timeout: 600_000 }, async () => {
    expect(await run(at('size.csv'))).toBe(1)
    const { size } = statSync(at('size.csv'))
    for (const part of spread(16, 2)) {
      const limit = Math.floor((size * (part - 1)) / 15)
      const child = start(importing(), { limit })
      child.child.stdout?.resume()
      const { exitCode, errors } = await child.ended
      const isWhole = limit >= size
      expect([limit, exitCode]).toEqual([limit, 1])
      expect(errors.includes('does not hold them: EFBIG')).toBe(!isWhole)
      expect(readdirSync(folder).filter((name) => name.includes('errors'))).toEqual(isWhole ? ['errors.csv'] : [])
      if (isWhole) expect(readFileSync(at('errors.csv'), 'utf8')).toBe(await wanted())
    }
  })

  test('it goes on, and writes the file, when nobody reads its output', { timeout: 60_000 }, async () => {
    const { child, ended } = start(importing())
    child.stdout?.destroy()
    expect(await ended).toEqual({ exitCode: 1, errors: '' })
    expect(readFileSync(at('errors.csv'), 'utf8')).toBe(await wanted())
  })

  test.each([['openapi'], ['keys create crm']])(
    'what %s cannot print as a whole is told',
    { timeout: 60_000 },
    async (command) => {
      const cut = await start(command.split(' '), { limit: 50, output: 'out' }).ended
      expect(cut.exitCode).toBe(1)
      expect(cut.errors).toContain('EFBIG')
      const { child, ended } = start(command.split(' '))
      child.stdout?.destroy()
      const gone = await ended
      expect([gone.exitCode, gone.errors.includes('EPIPE')]).toEqual([1, true])
    },
  )
})

/** The report comes in pieces, of which there are now more and now fewer: calls that there are each time. */
function surelyMade(calls: number): readonly number[] {
  return spread(Math.ceil(calls * 0.6))
}

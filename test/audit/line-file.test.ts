import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { AuditTrail } from '../../src/audit/audit-trail.ts'
import { openLineFile } from '../../src/audit/line-file.ts'
import { type AuditEvent, readEvents } from './read-events.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-lines-'))
  path = join(folder, 'audit.log')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A trail into a file, and what was told of it. */
function openTrail(file = path) {
  const told = { lost: 0, works: [] as boolean[], log: [] as [string, object][] }
  const say = (level: string) => (fields: object, _message: string) => void told.log.push([level, fields])
  const trail = new AuditTrail({
    open: (watch) => openLineFile(file, watch),
    log: { error: say('error'), warn: say('warn'), info: say('info') },
    observer: {
      lost: (events) => {
        told.lost += events
      },
      works: (isWorking) => void told.works.push(isWorking),
    },
  })
  return { trail, told }
}

const numbersOf = (events: readonly AuditEvent[]) =>
  events.filter(({ action }) => action === 'contacts.add').map(({ number }) => number)
const numbersIn = (file: string) => numbersOf(readEvents(file))
const until = (count: number) => Array.from({ length: count }, (_, number) => number)

describe('a file', () => {
  test('is its owner’s alone, is appended to, and has all at the end', async () => {
    writeFileSync(path, '{"from":"before"}\n', { mode: 0o600 })
    const { trail } = openTrail()
    for (const number of until(1_000)) trail.record('contacts.add', { number })
    await trail.close()
    expect(readEvents(path)[0]).toEqual({ from: 'before' })
    expect(numbersIn(path)).toEqual(until(1_000))
    const fresh = openTrail(join(folder, 'fresh'))
    await fresh.trail.close()
    expect(statSync(join(folder, 'fresh')).mode & 0o777).toBe(0o600)
  })

  test('that was cut in the middle of a line by a process that died gets lines of its own', async () => {
    writeFileSync(path, '{"time":"20')
    const { trail } = openTrail()
    trail.record('contacts.add', { number: 0 })
    await trail.close()
    const [, line = ''] = readFileSync(path, 'utf8').split('\n')
    expect(JSON.parse(line)).toMatchObject({ number: 0 })
  })

  test('that is moved away, or cut to nothing, while lines come: each line is whole, once, in one of them', async () => {
    const { trail } = openTrail()
    const files = [path]
    for (let number = 0; number < 60; number++) {
      for (let more = 0; more < 20; more++) trail.record('contacts.add', { number: number * 20 + more })
      await new Promise((resolve) => setTimeout(resolve, 40))
      if (number % 25 !== 24) continue
      const away = join(folder, `audit.log.${number}`)
      renameSync(path, away)
      files.unshift(away)
      if (number === 49) trail.reopen()
    }
    await trail.close()
    expect(files.length).toBe(3)
    const numbers = files.flatMap(numbersIn)
    expect(numbers.toSorted((one, other) => one - other)).toEqual(until(1_200))
    for (const file of files) expect(numbersIn(file).length).toBeGreaterThan(0)
    truncateSync(path)
    const { trail: second } = openTrail()
    second.record('contacts.add', { number: 7 })
    await second.close()
    expect(numbersIn(path)).toEqual([7])
  })

  test.each([
    ['a folder', () => folder, 'EISDIR'],
    ['a file in a folder that is not there', () => join(folder, 'not', 'there'), 'ENOENT'],
    ['a pipe that nobody reads', () => pipe(), 'ENXIO'],
  ])('that is %s is refused at once', (_name, place, code) => {
    expect(() => openTrail(place())).toThrow(expect.objectContaining({ code }))
  })
})

function pipe(): string {
  const file = join(folder, 'pipe')
  execFileSync('mkfifo', [file])
  return file
}

/** Reads a pipe without waiting. */
function openReader(file: string) {
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  const piece = Buffer.alloc(1_048_576)
  const copy = join(folder, 'copy')
  return {
    /** Takes what is there into a file. */
    take() {
      try {
        for (let bytes = 1; bytes > 0; ) {
          bytes = readSync(fd, piece)
          appendFileSync(copy, piece.subarray(0, bytes))
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      }
    },
    /** All that came so far. */
    events() {
      this.take()
      return existsSync(copy) ? readEvents(copy) : []
    },
    close: () => closeSync(fd),
  }
}

describe('what cannot be written', () => {
  test('is told once, waits, and is written when there is room: a pipe whose reader has gone, and comes again', async () => {
    const file = pipe()
    const first = openReader(file)
    const { trail, told } = openTrail(file)
    trail.record('contacts.add', { number: 0 })
    await expect.poll(() => first.events().length).toBe(1)
    first.close()
    for (let number = 1; number < 4; number++) {
      trail.record('contacts.add', { number })
      await expect.poll(() => told.works).toEqual([false])
    }
    expect(told.log).toEqual([['error', { event: 'audit', code: 'EPIPE' }]])
    const second = openReader(file)
    onTestFinished(second.close)
    await expect.poll(() => numbersOf(second.events())).toEqual([0, 1, 2, 3])
    expect([told.works, told.lost, told.log.at(-1)?.[0]]).toEqual([[false, true], 0, 'info'])
    await trail.close()
  })

  test('is lost when there is no room to wait; how much is told in the log, by the metric, and by an event', async () => {
    const file = pipe()
    const reader = openReader(file)
    onTestFinished(reader.close)
    const { trail, told } = openTrail(file)
    let slowest = 0
    const filling = 'x'.repeat(2_000)
    for (const number of until(6_000)) {
      const startedAt = performance.now()
      trail.record('contacts.add', { number, filling })
      slowest = Math.max(slowest, performance.now() - startedAt)
    }
    expect(slowest).toBeLessThan(100)
    expect(told.lost).toBeGreaterThan(1_000)
    expect(told.log.filter(([level]) => level === 'error')).toEqual([['error', { event: 'audit' }]])
    const levels = () => {
      reader.take()
      return told.log.map(([level]) => level)
    }
    await expect.poll(levels).toContain('warn')
    trail.record('contacts.add', { number: 6_000 })
    await expect.poll(() => numbersOf(reader.events()).at(-1)).toBe(6_000)
    const events = reader.events()
    expect(told.log.map(([level]) => level)).toEqual(['error', 'error', 'warn'])
    expect(events.filter(({ action }) => action === 'audit.gap').map(({ lost }) => lost)).toEqual([told.lost])
    expect(events.length - 1 + told.lost).toBe(6_001)
    // The numbers of the lost ones are missing.
    expect(events.at(-1)?.id.split('-')[1]).toBe('6001')
    await trail.close()
  })

  test('on a disk that is full is told once with its code; what is not written in the end is told as lost', async () => {
    const { trail, told } = openTrail('/dev/full')
    for (const number of until(5)) trail.record('contacts.add', { number })
    await expect.poll(() => told.works).toEqual([false])
    for (const number of until(5)) trail.record('contacts.add', { number })
    await trail.close()
    expect(told.log).toEqual([
      ['error', { event: 'audit', code: 'ENOSPC' }],
      ['error', { event: 'audit', lost: 10 }],
    ])
  })
})

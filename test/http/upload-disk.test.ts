import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import files from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { afterEach, describe, expect, test } from 'vitest'
import { boundary, lastBoundary, part, untilDone } from '../support/import-calls.ts'
import { isLongRun } from '../support/long-run.ts'
import { type Fault, type FileCall, type WatchedFiles, watchFiles } from '../support/misbehaving-files.ts'
import { untilFree } from '../support/repeat.ts'
import { spread } from '../support/spread.ts'
import type { Answer } from '../support/start-gateway.ts'
import { withImportStores } from '../support/with-import-stores.ts'

/**
 * The disk that uploads wait on fills, reaches a quota, is interrupted or lies, at one of the writes and reads of an
 * upload, and at all that follow: every row gets in, or the answer is a named 5xx and there is nothing of the file.
 * `LONG_RUN=1`: at every single write and read.
 */
const rowsPerPiece = 10
const pieces = isLongRun ? 30 : 5
const rows = rowsPerPiece * pieces
/** In a column that goes nowhere: so that a file is read back in several pieces. */
const padding = 'x'.repeat(2_500)
const spooled = /\/uploads\/upload-/

let fileCount = 0
/** A file of people that nobody has sent yet, and the pieces that it is sent in. */
function newFile(): string[] {
  const file = fileCount++
  const row = (n: number) => {
    const person = String(file * 10_000 + n).padStart(8, '0')
    return `Row ${person},row-${person}@example.com,+9198${person},${padding}\n`
  }
  const piece = (first: number) => Array.from({ length: rowsPerPiece }, (_, n) => row(first + n)).join('')
  const all = Array.from({ length: pieces }, (_, n) => piece(n * rowsPerPiece))
  return [part(`name,email,phone,padding\n${all[0]}`), ...all.slice(1), lastBoundary]
}

withImportStores('with %s', { abovePort: true, changes: { limits: { importsPerClient: 1_000 } } }, (gateway, store) => {
  const send = async (file: readonly string[]): Promise<Answer> => {
    return untilFree(async () => {
      const bytes = file.map((piece) => new TextEncoder().encode(piece))
      const response = await fetch(`${gateway.url}/lists/newsletter/imports`, {
        method: 'POST',
        body: ReadableStream.from(bytes),
        headers: {
          authorization: `Bearer ${gateway.key()}`,
          'content-type': `multipart/form-data; boundary=${boundary}`,
        },
        duplex: 'half',
      } as RequestInit)
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, body: JSON.parse(text) }
    })
  }
  const held = () => {
    const { oblic, octopush, vobiz } = gateway.simulators
    return [oblic, octopush, vobiz].map((simulator) => simulator.counts().total)
  }
  const imports = async () => (await gateway.call('GET', '/imports?limit=1')).body.items[0]?.id
  const standing = async () => [await imports(), ...held()]

  const expectAllIn = async (file: readonly string[]) => {
    const before = held()
    const answer = await send(file)
    expect([answer.status, answer.text]).toEqual([202, expect.any(String)])
    const done = await untilDone(gateway, answer.body.id)
    expect([done.status, done.rows]).toEqual(['completed', rows])
    expect(held()).toEqual(before.map((count) => count + rows))
  }
  const expectRefused = async (answer: Answer, before: unknown) => {
    expect([answer.status, answer.body.code, answer.body.retriable]).toEqual([503, 'store-unavailable', true])
    expect(answer.body.detail).toContain('Nothing was created')
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await standing()).toEqual(before)
    expect(readdirSync(store.uploadFolder)).toEqual([])
  }
  const linesOf = (event: string) =>
    gateway
      .logged()
      .split('\n')
      .filter((line) => line.includes(`"event":"${event}"`))

  /** Those of an upload's calls that are to go wrong. */
  const chosen = async (call: FileCall) => {
    counts ??= await count()
    return spread(counts[call])
  }
  let counts: WatchedFiles['counts'] | undefined
  const count = async () => {
    const watched = watchFiles(spooled)
    await expectAllIn(newFile())
    watched.restore()
    expect(watched.counts.write).toBeGreaterThanOrEqual(pieces)
    expect(watched.counts.read).toBeGreaterThan(1)
    console.log(`an upload: ${watched.counts.write} writes, ${watched.counts.read} reads`)
    return watched.counts
  }
  const during = async <T>(fault: Fault, work: () => Promise<T>): Promise<{ result: T; isStruck: boolean }> => {
    const watched = watchFiles(spooled, fault)
    try {
      const result = await work()
      return { result, isStruck: watched.counts[fault.call] >= fault.nth }
    } finally {
      watched.restore()
    }
  }
  /** The network may put two pieces together, so that one upload in many has a write less than that which was counted. */
  const expectMostStruck = (struck: number, all: readonly number[]) =>
    expect(struck).toBeGreaterThanOrEqual(Math.max(1, Math.min(all.length - 2, pieces)))

  test.each<[what: string, fault: Omit<Fault, 'nth'>]>([
    ['a write takes half of what it is given', { call: 'write', how: 'half' }],
    ['a signal comes before a write has begun', { call: 'write', how: 'EINTR' }],
    ['a read gives half of what it is asked for', { call: 'read', how: 'half' }],
    ['a signal comes before a read has begun', { call: 'read', how: 'EINTR' }],
    ['the file cannot be closed', { call: 'close', how: 'EIO' }],
  ])('every row gets in, when %s', { timeout: 240_000 }, async (_what, fault) => {
    const all = await chosen(fault.call)
    let struck = 0
    for (const nth of all) struck += Number((await during({ ...fault, nth }, () => expectAllIn(newFile()))).isStruck)
    expectMostStruck(struck, all)
  })

  test.each<[what: string, fault: Omit<Fault, 'nth'>, code: string]>([
    ['the disk fills', { call: 'write', how: 'half', after: 'ENOSPC' }, 'ENOSPC'],
    ['the disk is full', { call: 'write', how: 'ENOSPC', after: 'ENOSPC' }, 'ENOSPC'],
    ['a quota is reached', { call: 'write', how: 'half', after: 'EDQUOT' }, 'EDQUOT'],
    ['the disk takes nothing and says nothing', { call: 'write', how: 'nothing', after: 'nothing' }, 'ENOSPC'],
    ['the disk fails', { call: 'write', how: 'EIO' }, 'EIO'],
    ['a write is lost in silence', { call: 'write', how: 'lie' }, 'EIO'],
    ['the file ends too soon', { call: 'read', how: 'nothing', after: 'nothing' }, 'EIO'],
    ['the file cannot be read', { call: 'read', how: 'EIO' }, 'EIO'],
    ['other bytes are read than were written', { call: 'read', how: 'lie' }, 'EIO'],
  ])('nothing is created, and the same upload gets in afterwards, when %s', { timeout: 240_000 }, async (...given) => {
    const [, fault, code] = given
    const all = await chosen(fault.call)
    let struck = 0
    for (const nth of all) {
      const file = newFile()
      const before = await standing()
      const told = linesOf('uploads').length
      const { result: answer, isStruck } = await during({ ...fault, nth }, () => send(file))
      if (!isStruck) {
        expect((await untilDone(gateway, answer.body.id)).rows).toBe(rows)
        continue
      }
      struck++
      await expectRefused(answer, before)
      expect(answer.body.detail).toContain(code)
      const lines = linesOf('uploads').slice(told)
      expect(lines.map((line) => [JSON.parse(line).level, JSON.parse(line).code])).toEqual([[50, code]])
      expect(lines.join('')).not.toContain('example.com')
      await expectAllIn(file)
    }
    expectMostStruck(struck, all)
  })

  test('a disk that stays full is told once, shows in readiness, and is over when there is room', async () => {
    const told = linesOf('uploads').length
    expect((await gateway.call('GET', '/readyz')).status).toBe(200)
    await during({ call: 'write', nth: 1, how: 'ENOSPC', after: 'ENOSPC' }, async () => {
      for (let time = 0; time < 3; time++) {
        expect((await send(newFile())).status).toBe(503)
        const ready = await gateway.call('GET', '/readyz')
        expect([ready.status, ready.body.code]).toEqual([503, 'store-unavailable'])
        expect(ready.body.detail).toContain('ENOSPC')
      }
    })
    expect((await gateway.call('GET', '/readyz')).status).toBe(200)
    expect(
      linesOf('uploads')
        .slice(told)
        .map((line) => JSON.parse(line).level),
    ).toEqual([50, 30])
  })

  describe('a folder of uploads', () => {
    afterEach(() => {
      rmSync(store.uploadFolder, { recursive: true, force: true })
    })

    test('that is gone is made again', async () => {
      rmSync(store.uploadFolder, { recursive: true })
      expect((await gateway.call('GET', '/readyz')).status).toBe(200)
      rmSync(store.uploadFolder, { recursive: true })
      await expectAllIn(newFile())
    })

    test('that is a file is told as our trouble before anything is uploaded', async () => {
      rmSync(store.uploadFolder, { recursive: true, force: true })
      writeFileSync(store.uploadFolder, 'in the way')
      expect((await gateway.call('GET', '/readyz')).body.code).toBe('store-unavailable')
      const refused = await send(newFile())
      expect([refused.status, refused.body.code]).toEqual([503, 'store-unavailable'])
      rmSync(store.uploadFolder)
      await expectAllIn(newFile())
      expect((await gateway.call('GET', '/readyz')).status).toBe(200)
    })

    test.each([
      ['open', 'EROFS', 'cannot be written'],
      ['open', 'EACCES', 'cannot be written'],
      ['open', 'ENOSPC', 'is full'],
      ['open', 'EMFILE', 'fails'],
      ['mkdir', 'ENOENT', 'cannot be written'],
      ['unlink', 'EIO', 'fails'],
    ] as const)('whose %s is refused with %s is told as our trouble', async (call, code, words) => {
      mkdirSync(store.uploadFolder, { recursive: true })
      const before = await standing()
      const original = files[call]
      Object.assign(files, {
        [call]: async (path: string, ...rest: never[]) => {
          if (String(path).startsWith(store.uploadFolder)) throw Object.assign(new Error(code), { code })
          return (original as (...parts: unknown[]) => Promise<unknown>)(path, ...rest)
        },
      })
      syncBuiltinESMExports()
      try {
        const refused = await send(newFile())
        expect([refused.status, refused.body.code]).toEqual([503, 'store-unavailable'])
        expect(refused.body.detail).toContain(words)
        expect(refused.text).not.toContain(store.uploadFolder)
        expect((await gateway.call('GET', '/readyz')).status).toBe(503)
      } finally {
        Object.assign(files, { [call]: original })
        syncBuiltinESMExports()
      }
      expect(await standing()).toEqual(before)
      expect((await gateway.call('GET', '/readyz')).status).toBe(200)
    })
  })
})

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { answerOf, claimOf } from '../conformance/store-under-test.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'contact-gateway-store-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const script = fileURLToPath(new URL('sqlite-gateway.ts', import.meta.url))

/** A gateway process that is ready; `lines` fills with the keys that it has stored. */
async function startGateway(...args: string[]) {
  const child: ChildProcess = spawn(process.execPath, [script, dataDir, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  const { promise: ready, resolve } = Promise.withResolvers<void>()
  const closed = once(child, 'close')
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    if (line === 'ready') resolve()
    else lines.push(line)
  })
  await ready
  return { child, lines, go: () => child.stdin?.write('go\n'), closed }
}

test('of several processes on one new file exactly one gets each key, and none is lost', async () => {
  const count = 200
  const gateways = await Promise.all(Array.from({ length: 3 }, () => startGateway('0', String(count))))
  for (const { go } of gateways) go()
  const exits = await Promise.all(gateways.map(({ closed }) => closed))
  expect(exits.map(([code]) => code)).toEqual([0, 0, 0])
  const keys = gateways.flatMap(({ lines }) => lines)
  expect(keys).toHaveLength(count)
  expect(new Set(keys).size).toBe(count)
})

test('a kill -9 in the middle of writing leaves the file sound, with all that was stored', async () => {
  for (let round = 0; round < 3; round += 1) {
    const gateway = await startGateway(String(round * 1_000_000), '0', 'forever')
    gateway.go()
    await expect.poll(() => gateway.lines.length).toBeGreaterThan(30)
    gateway.child.kill('SIGKILL')
    await gateway.closed
    const store = openSqliteStore({ dataDir })
    for (const key of gateway.lines) {
      const body = `answer ${key.slice('key-'.length)} `.repeat(1000)
      expect(await store.idempotency.claim(claimOf(key))).toEqual({ kind: 'done', answer: answerOf(body) })
    }
    await store.close()
    const database = new DatabaseSync(join(dataDir, 'gateway.db'))
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
    database.close()
  }
})

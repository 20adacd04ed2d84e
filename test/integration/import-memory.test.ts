import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { boundary, lastBoundary, part } from '../support/import-calls.ts'
import { isLongRun } from '../support/long-run.ts'
import { type Fleet, type Replica, startFleet } from '../support/start-fleet.ts'
import { startProcess } from '../support/start-process.ts'

const megabyte = 1024 * 1024
const head = 'name,email,note\n'
/** Sixteen kilobytes, so that the reading of the file is tried and not the checking of millions of contacts. */
const row = `A,a@example.com,${'x'.repeat(16_000)}\n`

/** The limit of a file, in MB: held in memory, four uploads of this size would take 400 MB (everyday 280). */
const limitMb = isLongRun ? 100 : 70
/** Garbage that is not collected yet makes 75 to 150 of it, the more the busier the machine. */
const mostMb = 200

const uploads: [what: string, csv: string, status: number][] = [
  ['over the limit', head + row.repeat(Math.floor(((limitMb + 1) * megabyte) / row.length)), 413],
  ['of one line', `${head}A,${'x'.repeat((limitMb - 1) * megabyte)}\n`, 413],
  [
    'with a quote that is left open at its end',
    `${head}${row.repeat(Math.floor(((limitMb - 1) * megabyte) / row.length))}"A,a@example.com\n`,
    422,
  ],
]

let fleet: Fleet
beforeAll(async () => {
  // The first start after a change compiles everything, and keeps the memory for it; it leaves its work to the others when it ends.
  const { child, ended } = await startProcess({ DATA_DIR: ':memory:', DRAIN_DELAY_MS: '0' })
  child.kill('SIGTERM')
  await ended
  fleet = await startFleet({ limits: { importRows: 10_000_000, importBytes: `${limitMb}MB` } })
  // What it takes to serve any upload at all.
  await send(fleet.nth(0), head + row.repeat(2_000), 202)
  return fleet.close
}, 60_000)

test.each(uploads)(
  `four uploads at once of some ${limitMb} MB, each %s, leave the memory of the process flat`,
  async (_what, csv, status) => {
    const gateway = fleet.nth(0)
    const raw = Buffer.from(part(csv) + lastBoundary)
    const before = measurePeak(gateway)
    await Promise.all(Array.from({ length: 4 }, () => send(gateway, raw, status)))
    expect(peak(gateway) - before).toBeLessThan(mostMb)
    expect((await gateway.call('GET', '/lists')).status).toBe(200)
  },
  60_000,
)

async function send(gateway: Replica, csv: string | Buffer, status: number): Promise<void> {
  const raw = typeof csv === 'string' ? part(csv) + lastBoundary : csv
  const answer = await gateway.call('POST', '/lists/newsletter/imports?validateOnly=true', {
    raw,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  })
  expect([answer.status, answer.text]).toEqual([status, expect.any(String)])
}

/** Lets the peak begin anew; returns what is resident now, in MB. */
function measurePeak({ pid }: Replica): number {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  return resident(pid, 'VmRSS')
}

function peak({ pid }: Replica): number {
  return resident(pid, 'VmHWM')
}

function resident(pid: number, what: string): number {
  return Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { FormData } from 'undici'
import { inspectedBytes } from '../src/imports/inspected-bytes.ts'
import { fixtureFiles } from '../test/support/fixture-files.ts'
import { type MeasuredGateway, startMeasured } from './bench-import/gateway.ts'
import { csvOf } from './bench-import/people.ts'
import type { Started } from './bench-import/simulators.ts'

/**
 * `npm run bench:inspect`: how long `POST /lists/{listId}/imports/inspect` takes, in a gateway that is a process of its own:
 * the first files after the start, every file under test/fixtures, and the beginning of a long one. Fails when any takes
 * more than 200 ms.
 */
const mostMs = 200
const rounds = 5

const simulators = fork(new URL('./bench-import/simulators.ts', import.meta.url), { stdio: 'inherit' })
process.once('exit', () => simulators.kill('SIGKILL'))
const [document] = (await once(simulators, 'message')) as [Started]
const gateway = await startMeasured(document, undefined)
let slowest = 0

try {
  // What is loaded behind the start's back is there by then.
  await wait(500)
  await show('the first file, ASCII', [Buffer.from('email,name\na@example.com,Ann\n')], 1)
  await show('the first file beyond ASCII', [Buffer.from('email,name\na@example.com,Zoé\n')], 1)
  await show('the first file in windows-1252', [Buffer.from('email,name\na@example.com,Zoé\n', 'latin1')], 1)
  const fixtures = fixtureFiles().map(([, bytes]) => bytes)
  await show(`${fixtures.length} files of test/fixtures`, fixtures, rounds)
  const long = Buffer.from([...csvOf(10_000)].join('')).subarray(0, inspectedBytes)
  await show(`the first ${inspectedBytes} bytes of a long one`, [long], 10 * rounds)
  console.log(`memory ${gateway.memory().now.toFixed(1)} MB`)
} finally {
  await gateway.stop()
  simulators.kill()
}
if (slowest > mostMs) {
  console.error(`FAILED one took ${slowest.toFixed(0)} ms, more than ${mostMs}`)
  process.exitCode = 1
}

async function show(what: string, files: readonly Uint8Array[], times: number): Promise<void> {
  const took: number[] = []
  for (let round = 0; round < times; round++) for (const file of files) took.push(await inspect(gateway, file))
  took.sort((one, other) => one - other)
  const [p50, max] = [took[took.length >> 1] as number, took.at(-1) as number]
  slowest = Math.max(slowest, max)
  console.log(`${what.padEnd(45)} p50 ${p50.toFixed(1)} ms, max ${max.toFixed(1)} ms (${took.length})`)
}

/** Milliseconds to the end of the answer. */
async function inspect({ pool, authorization }: MeasuredGateway, file: Uint8Array): Promise<number> {
  const form = new FormData()
  form.append('file', new Blob([file as Uint8Array<ArrayBuffer>]), 'people.csv')
  const began = performance.now()
  const { body, statusCode } = await pool.request({
    method: 'POST',
    path: '/lists/newsletter/imports/inspect',
    headers: { authorization },
    body: form,
  })
  await body.dump()
  if (statusCode >= 500 || statusCode === 429) throw new Error(`the gateway answers ${statusCode}`)
  return performance.now() - began
}

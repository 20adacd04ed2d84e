import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isLongRun } from '../support/long-run.ts'
import { quantile, sizeOf } from '../support/process-size.ts'
import { type Fleet, startFleet } from '../support/start-fleet.ts'

/** The times are for a machine that does nothing else: `LONG_RUN=1 npx vitest run test/integration/neighbours.test.ts`. */
const seconds = isLongRun ? 60 : 4
const perSecond = 20
/** What the container may have. */
const containerMb = 512

let fleet: Fleet
const agent = new Agent({ connections: 16 })
beforeAll(async () => {
  const usual = { rateLimit: { requests: 600, windowSeconds: 60 } }
  fleet = await startFleet({ limits: { overloadDelayMs: 250 }, clients: { attacker: usual, neighbour: {} } })
})
afterAll(async () => {
  await agent.destroy()
  await fleet.close()
})

/** So many adds in a second, whether or not those before were answered; resolves with how long each took, and how it went. */
async function addFor(ms: number) {
  const { url } = fleet.nth(0)
  const headers = { authorization: `Bearer ${fleet.keys.get('neighbour')}`, 'content-type': 'application/json' }
  const times: number[] = []
  const failed: string[] = []
  const add = async (number: number) => {
    const began = performance.now()
    const phone = `+919${String(100_000_000 + number).slice(-9)}`
    const body = JSON.stringify({ name: 'N', phone })
    const answer = await request(`${url}/contacts?account=vobiz-in`, {
      method: 'POST',
      headers,
      body,
      dispatcher: agent,
    })
    const text = await answer.body.text()
    times.push(performance.now() - began)
    if (![200, 201].includes(answer.statusCode)) failed.push(`${answer.statusCode} ${text}`)
  }
  const all: Promise<void>[] = []
  for (const end = performance.now() + ms; performance.now() < end; await wait(1_000 / perSecond)) all.push(add(sent++))
  await Promise.all(all)
  return { p99: quantile(times, 0.99), median: quantile(times, 0.5), failed, count: times.length }
}
let sent = 0

test(`while one client does for ${seconds} s the worst that its limits allow, another one hardly notices, and memory stays`, {
  timeout: 300_000,
}, async () => {
  const { url, pid } = fleet.nth(0)
  await addFor(3_000)
  const atRest = await addFor(seconds * 500)
  const attack = spawn(
    process.execPath,
    [join(import.meta.dirname, '../support/worst/attack.ts'), url, String(seconds)],
    {
      env: { ...process.env, KEY: fleet.keys.get('attacker') },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let printed = ''
  attack.stdout.on('data', (text) => {
    printed += text
  })
  const ended = once(attack, 'exit')
  let mostMb = 0
  const stopwatch = setInterval(() => {
    mostMb = Math.max(mostMb, sizeOf(pid).residentMb)
  }, 100)
  await wait(1_000)
  const besides = await addFor((seconds - 1) * 1_000)
  await ended
  clearInterval(stopwatch)
  console.log(JSON.stringify({ atRest, besides, mostMb: Math.round(mostMb) }), printed)
  expect(besides.failed).toEqual([])
  if (isLongRun) expect(besides.p99).toBeLessThan(3 * atRest.p99)
  expect(mostMb).toBeLessThan(containerMb)
})

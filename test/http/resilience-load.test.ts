import Fastify from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { answerProblems } from '../../src/http/hooks/answer-problems.ts'
import { limitLoad } from '../../src/http/hooks/limit-load.ts'
import { LoopDelay } from '../../src/http/hooks/loop-delay.ts'

const limits = { importDelayMs: 20, anyDelayMs: 600 }
const sampleMs = 200

async function start() {
  const app = Fastify()
  answerProblems(app, { publicUrl: () => 'http://gateway.example' })
  limitLoad(app, limits, new LoopDelay(sampleMs))
  app.get('/import', { config: { scope: 'imports' } }, async () => 'done')
  app.get('/contact', { config: { scope: 'contacts:write' } }, async () => 'done')
  app.get('/healthz', async () => 'done')
  await app.ready()
  const ask = (url: string) => app.inject({ url })
  return { app, ask }
}

let stop = () => {}
afterEach(() => stop())

/** From now on every turn of the event loop takes so long. */
function slowDown(ms: number): void {
  let stopped = false
  const turn = () => {
    if (stopped) return
    for (const end = performance.now() + ms; performance.now() < end; );
    setTimeout(turn, 0)
  }
  turn()
  stop = () => {
    stopped = true
  }
}

test('a slow event loop refuses imports first, then all that needs a client, never health; and recovers', {
  timeout: 70_000,
}, async () => {
  const { app, ask } = await start()
  const statuses = async () => {
    const answers = await Promise.all([ask('/import'), ask('/contact'), ask('/healthz')])
    return answers.map(({ statusCode }) => statusCode)
  }
  expect(await statuses()).toEqual([200, 200, 200])

  slowDown(60)
  await expect.poll(statuses, { timeout: 20_000 }).toEqual([503, 200, 200])
  stop()
  slowDown(1_000)
  await expect.poll(statuses, { timeout: 20_000 }).toEqual([503, 503, 200])
  const refused = await ask('/contact')
  expect(refused.headers['content-type']).toBe('application/problem+json')
  expect(refused.headers['retry-after']).toBe('5')
  expect(refused.json()).toMatchObject({ code: 'overloaded', status: 503, retriable: true, retryAfterSeconds: 5 })

  stop()
  await expect.poll(statuses, { timeout: 20_000 }).toEqual([200, 200, 200])
  await app.close()
})

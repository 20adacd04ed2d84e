import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isLongRun } from '../support/long-run.ts'
import { createRandom } from '../support/random.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'
import { watchTurns } from '../support/worst/longest-turn.ts'
import { someTexts, worstRequests } from '../support/worst/requests.ts'
import type { WorstRequest } from '../support/worst/worst-request.ts'

const seed = Number(process.env.WORST_SEED ?? Math.floor(Math.random() * 2 ** 31))
const random = createRandom(seed)
/** `LONG_RUN=1`: texts of every kind. */
const texts = isLongRun ? undefined : someTexts(random, 3)
/** `LONG_RUN=1`: all of them; otherwise every tenth one, by chance. */
const isSent = () => isLongRun || random.chance(1 / 10)

/**
 * No caller may keep the others waiting for longer than 100 ms. Everyday other tests share the cores, which then do half as
 * much in the same processor time; what is found is mostly some hundred milliseconds and more.
 */
const longestTurnMs = isLongRun ? 100 : 250
/** No answer to a request that is refused says its own words back at such length. */
const longestRefusal = 64 * 1024

let gateway: TestGateway
const connections = new Agent({ connections: 4, pipelining: 1 })
const turns = watchTurns()
beforeAll(async () => {
  gateway = await startGateway({ limits: { importsPerClient: 10_000 } })
})
afterAll(async () => {
  turns.stop()
  await connections.destroy()
  await gateway.close()
})

test(`whatever one caller sends, no turn of the event loop is longer than ${longestTurnMs} ms, and each refusal is a named 4xx (WORST_SEED=${seed})`, {
  timeout: 600_000,
}, async () => {
  const wrong: string[] = []
  for (const worst of worstRequests(texts)) {
    if (!isSent()) continue
    const { status, code, text } = await turnsOf(worst, () => send(worst), wrong)
    if (status >= 400 && code === undefined) wrong.push(`${worst.title}: ${status} without a name`)
    if (status === 0 || (status >= 500 && status !== 501)) wrong.push(`${worst.title}: ${status} ${code}`)
    if (status >= 400 && text.length > longestRefusal) wrong.push(`${worst.title}: ${text.length} characters`)
    if (status !== 202) continue
    const { id } = JSON.parse(text)
    // Few rows are sent at once; of many there is something to report soon.
    await wait(text.includes('"rows":1,') ? 0 : 500)
    for (const path of ['', '/errors?limit=1000', '/errors.csv'])
      await turnsOf({ ...worst, title: `${worst.title}, ${path}` }, () => look(`/imports/${id}${path}`), wrong)
  }
  expect(wrong).toEqual([])
})

/** Adds a line where a turn was too long. Whatever else the thread does in the meantime counts as well. */
async function turnsOf<T>({ title }: WorstRequest, work: () => Promise<T>, wrong: string[]): Promise<T> {
  // What the test did until now, making a body of ten megabytes for one, is no part of it.
  await nextTurn()
  turns.longest()
  const result = await work()
  const longest = turns.longest()
  if (longest > longestTurnMs) wrong.push(`${title}: ${Math.round(longest)} ms`)
  return result
}

async function send({ method, path, headers, body }: WorstRequest) {
  const answer = await request(gateway.url + path, {
    method: method as 'GET',
    headers: { authorization: `Bearer ${gateway.key()}`, ...headers },
    dispatcher: connections,
    ...(body !== undefined && { body }),
  })
  const text = await answer.body.text()
  const isProblem = String(answer.headers['content-type']).startsWith('application/problem+json')
  return { status: answer.statusCode, code: isProblem ? (JSON.parse(text).code as string) : undefined, text }
}

/** Reads an answer as it comes and keeps nothing: a large one must cost the reader no long turn. */
async function look(path: string): Promise<void> {
  const { body } = await request(gateway.url + path, {
    headers: { authorization: `Bearer ${gateway.key()}` },
    dispatcher: connections,
  })
  for await (const _ of body);
}

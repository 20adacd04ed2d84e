import { afterEach, describe, expect, test } from 'vitest'
import { type Changes, startGateway, type TestGateway } from '../support/start-gateway.ts'
import { startRawServer } from '../transport/raw-server.ts'

let gateway: TestGateway
afterEach(() => gateway?.close())

const contact = { name: 'Jane Smith', email: 'jane@example.com', phone: '+33612345678' }
const never = { failureRate: 1, minimumCalls: 100_000, windowMs: 10_000, openMs: 10_000 }
const add = (list: string, headers: Record<string, string> = {}) =>
  gateway.call('POST', `/lists/${list}/contacts`, { body: { contacts: [contact] }, headers })

type Outcome = { account: string; status: string; error?: { code: string } }
const outcomesOf = (body: { results: { outcomes: Outcome[] }[] }): Outcome[] =>
  body.results.flatMap(({ outcomes }) => outcomes)
const accountIn = (body: { results: { outcomes: Outcome[] }[] }, account: string) =>
  outcomesOf(body).find((outcome) => outcome.account === account)

/** When the provider received the writes, in milliseconds. */
const writesAt = (path: string): number[] =>
  gateway.simulators.octopush
    .requests()
    .filter((request) => request.path.includes(path))
    .map(({ at }) => Date.parse(at))

async function start(octopush: Record<string, unknown>, more: Changes = {}) {
  gateway = await startGateway({
    ...more,
    accounts: { 'octopush-fr': { breaker: never, ...octopush }, ...more.accounts },
  })
  // The list is made first, so that what follows is the write alone.
  await add('sms')
  return gateway.simulators.octopush
}

describe('retries', () => {
  test('one that mends itself is not noticed', async () => {
    const octopush = await start({})
    octopush.setBehaviour({ status: 503, times: 2, match: { path: '/contact/create' } })
    expect(outcomesOf((await add('sms')).body)[0]).toMatchObject({ status: 'updated' })
    const attempts = gateway.logged().match(/"attempt":\d/g)
    expect(attempts?.slice(-3)).toEqual(['"attempt":1', '"attempt":2', '"attempt":3'])
  })
})

describe('the breaker', () => {
  test('opens, lets one probe out, and closes by itself', async () => {
    const breaker = { failureRate: 0.5, minimumCalls: 5, windowMs: 10_000, openMs: 300 }
    const octopush = await start({ breaker, retries: 0 })
    octopush.setBehaviour({ status: 500, match: { path: '/contact/create' } })
    const codes: (string | undefined)[] = []
    for (let call = 0; call < 10; call++) codes.push(outcomesOf((await add('sms')).body)[0]?.error?.code)
    expect(codes.slice(-4)).toEqual(Array(4).fill('breaker_open'))
    const sent = writesAt('/contact/create').length

    octopush.setBehaviour({ latencyMs: 100 })
    await expect
      .poll(async () => {
        const all = await Promise.all(Array.from({ length: 10 }, () => add('sms')))
        return all.filter(({ body }) => outcomesOf(body)[0]?.status !== 'failed').length
      })
      .toBe(1)
    expect(writesAt('/contact/create').length).toBe(sent + 1)
    const all = await Promise.all(Array.from({ length: 10 }, () => add('sms')))
    expect(all.every(({ body }) => outcomesOf(body)[0]?.status !== 'failed')).toBe(true)
  })

  test('what it refuses says so: failed, certainly not applied, may be sent again', async () => {
    const octopush = await start({ breaker: { ...never, failureRate: 0.1, minimumCalls: 1 }, retries: 0 })
    octopush.setBehaviour({ status: 500, match: { path: '/contact/create' } })
    await add('sms')
    const refused = outcomesOf((await add('sms')).body)[0]
    expect(refused).toMatchObject({ status: 'failed', error: { code: 'breaker_open', retriable: true } })
  })
})

describe('one account that hangs', () => {
  test('does not touch the others, and comes back by itself', async () => {
    const hanging = {
      timeoutMs: 500,
      retries: 0,
      maxConcurrency: 4,
      breaker: { ...never, minimumCalls: 4, openMs: 400 },
    }
    gateway = await startGateway({ accounts: { 'oblic-main': hanging } })
    const { oblic } = gateway.simulators
    await add('newsletter')
    oblic.setBehaviour({ hang: 'before' })

    // The others are measured on a list of their own, while the hanging one is busy.
    const calm = await timesOf(20, () => add('sms'))
    const load = Promise.all(Array.from({ length: 12 }, () => add('newsletter')))
    const beside = await timesOf(20, () => add('sms'))
    expect(median(beside)).toBeLessThan(median(calm) + 100)
    for (const { body } of await load) {
      expect(['unknown', 'failed']).toContain(accountIn(body, 'oblic-main')?.status)
      expect(accountIn(body, 'octopush-fr')?.status).not.toBe('failed')
      expect(accountIn(body, 'vobiz-in')?.status).not.toBe('failed')
    }

    oblic.setBehaviour({})
    await expect.poll(async () => accountIn((await add('newsletter')).body, 'oblic-main')?.status).toBe('accepted')
  })

  test('keeps no connection open', async () => {
    const silent = await startRawServer({})
    const account = { baseUrl: `http://127.0.0.1:${silent.port}`, timeoutMs: 200, retries: 0, maxConcurrency: 4 }
    gateway = await startGateway({ accounts: { 'oblic-main': account } })
    await Promise.all(Array.from({ length: 12 }, () => add('newsletter')))
    expect(silent.connections().opened).toBeGreaterThanOrEqual(4)
    await silent.allClosed()
    await silent.close()
  })
})

async function timesOf(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let call = 0; call < count; call++) {
    const startedAt = performance.now()
    await work()
    times.push(performance.now() - startedAt)
  }
  return times
}

const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] as number

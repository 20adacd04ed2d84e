import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterEach, describe, expect, test } from 'vitest'
import { contactSource, type TestContact } from '../support/contact-source.ts'
import { isLongRun } from '../support/long-run.ts'
import type { TestGateway } from '../support/start-gateway.ts'
import { startTurnClock } from '../support/turn-clock.ts'
import { fullestWindow, mostTogether } from '../support/windows.ts'
import { startRawServer } from '../transport/raw-server.ts'
import { addTo, neverOpens, outcomesOf, startAccount } from './resilience-account.ts'

let gateway: TestGateway
afterEach(() => gateway?.close())

const contacts = contactSource(80_000)
const one = () => contacts(1)[0] as TestContact
const isWrite = { path: '/contact/create' }

/** When Octopush received the writes of each contact, in milliseconds, since the last time that it was asked. */
function writesByContact(): readonly (readonly number[])[] {
  const writes = gateway.simulators.octopush.requests().filter(({ path }) => path.includes(isWrite.path))
  const byContact = Map.groupBy(writes, ({ body }) => /\+\d+/.exec(JSON.stringify(body))?.[0])
  return [...byContact.values()].map((all) => all.map(({ at }) => Date.parse(at)))
}

const writes = () => writesByContact().flat().length

describe('callers that fail together', () => {
  /** Full jitter: the first retry comes anywhere in this interval after the failure, or after the `Retry-After`. */
  const intervalMs = 200
  const spanMs = 50
  const rounds = isLongRun ? 25 : 3

  test.each([
    { name: 'without a Retry-After', rateLimit: {}, afterMs: 0 },
    { name: 'with the same Retry-After', rateLimit: { retryAfter: 1 }, afterMs: 1_000 },
  ])('100 at once, $name, come back apart', { timeout: 120_000 }, async ({ rateLimit, afterMs }) => {
    gateway = await startAccount('octopush', { maxConcurrency: 100, retries: 1, breaker: neverOpens })
    const { octopush } = gateway.simulators
    const waits: number[] = []
    let longestDelayMs = 0
    for (let round = 0; round < rounds; round++) {
      octopush.reset()
      octopush.setBehaviour({ rateLimit, match: isWrite })
      const delay = monitorEventLoopDelay({ resolution: 1 })
      delay.enable()
      const answers = await Promise.all(contacts(100).map((contact) => addTo(gateway, 'octopush', contact)))
      delay.disable()
      const delayMs = delay.max / 1e6
      longestDelayMs = Math.max(longestDelayMs, delayMs)
      for (const { body } of answers) expect(outcomesOf(body)[0]).toMatchObject({ status: 'failed' })
      const times = writesByContact()
      expect(times).toHaveLength(100)
      const retried = times.filter(({ length }) => length > 1)
      // A fifth is what the account's budget pays for.
      expect(retried).toHaveLength(20)
      const retries = retried.map(([, again = 0]) => again)
      // What was due while the machine was busy comes at once. What is due when is held to the millisecond in virtual
      // time, where the waits are chosen.
      expect(fullestWindow(retries, spanMs)).toBeLessThanOrEqual(mostTogether(20, spanMs + delayMs, intervalMs))
      waits.push(...retried.map(([first = 0, again = 0]) => again - first))
    }
    const report = {
      retries: waits.length,
      fullest: fullestWindow(waits, spanMs),
      expected: (waits.length * spanMs) / intervalMs,
      least: Math.min(...waits),
      most: Math.max(...waits),
    }
    console.log(JSON.stringify(report))
    // By each caller's own wait: how long the machine took over a hundred calls does not spread these.
    const together = mostTogether(waits.length, spanMs + longestDelayMs, intervalMs)
    expect(report.fullest).toBeLessThanOrEqual(together)
    expect(report.most - report.least).toBeGreaterThan(0.8 * intervalMs)
    expect(report.least).toBeGreaterThanOrEqual(afterMs)
  })
})

describe('Retry-After', () => {
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000)
  const rfc850 = (date: Date) => {
    const [, day = '', month = '', year = '', time = ''] =
      /, (\d\d) (\w+) \d\d(\d\d) (\S+) GMT/.exec(date.toUTCString()) ?? []
    return `${date.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' })}, ${day}-${month}-${year} ${time} GMT`
  }
  /** As C prints it, in UTC. */
  const asctime = (date: Date) => {
    const [, weekday, day = '', month, year, time] = /(\w+), (\d\d) (\w+) (\d{4}) (\S+)/.exec(date.toUTCString()) ?? []
    return `${weekday} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`
  }

  const ask = async (retryAfter: () => string | number, waitSeconds = 2) => {
    gateway = await startAccount('octopush', { breaker: neverOpens })
    gateway.simulators.octopush.setBehaviour({ rateLimit: { retryAfter: retryAfter() }, match: isWrite })
    const before = writes()
    const clock = startTurnClock()
    const { body } = await addTo(gateway, 'octopush', one(), { prefer: `wait=${waitSeconds}` })
    const ms = clock.stop()
    expect(outcomesOf(body)[0]).toMatchObject({ status: 'failed', error: { code: 'provider_rate_limited' } })
    expect(ms).toBeLessThan(waitSeconds * 1_000 + 100)
    const times = writesByContact().at(-1) ?? []
    return { calls: writes() - before, ms, gaps: times.slice(1).map((time, index) => time - (times[index] ?? 0)) }
  }

  const tooLate: [name: string, value: () => string][] = [
    ['more seconds than a timer holds', () => '99999999999'],
    ['more digits than a number holds', () => '9'.repeat(400)],
    ['the last date there is', () => 'Fri, 31 Dec 9999 23:59:59 GMT'],
    ['a date in an hour', () => inSeconds(3_600).toUTCString()],
    ['a date in an hour, as in RFC 850', () => rfc850(inSeconds(3_600))],
    ['a date in an hour, as in C', () => asctime(inSeconds(3_600))],
  ]
  test.each(tooLate)('%s: past the deadline, so there is no second call, and nobody waits', async (_, value) => {
    const { calls, ms } = await ask(value)
    expect(calls).toBe(1)
    expect(ms).toBeLessThan(500)
  })

  const none = ['-1', '-99999999999', 'abc', '', '1e3', '0x10', '1.5', '1, 2', 'NaN', 'Infinity', '0']
  const past = ['Thu, 01 Jan 1970 00:00:00 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994']
  test.each([...none, ...past])('"%s" asks for no wait: it is sent again by the jitter alone, twice', async (value) => {
    const { calls, gaps } = await ask(() => value)
    expect(calls).toBe(3)
    // The longest jitters are 200 and 400 ms; the least that a number in it could be taken for is a second.
    for (const gap of gaps) expect(gap).toBeLessThan(1_000)
  })

  const soon: [name: string, value: () => string | number][] = [
    ['seconds', () => 2],
    ['a date', () => inSeconds(2.9).toUTCString()],
    ['a date as in RFC 850', () => rfc850(inSeconds(2.9))],
    ['a date as in C', () => asctime(inSeconds(2.9))],
  ]
  test.each(soon)('%s: it is waited for, and then the jitter', async (_, value) => {
    const { calls, gaps } = await ask(value, 4)
    // A date that is over asks for no wait any more.
    expect(calls).toBe(typeof value() === 'number' ? 2 : 3)
    expect(gaps[0]).toBeGreaterThan(1_500)
    expect(gaps[0]).toBeLessThan(3_300)
  })

  test('twice in one answer: neither counts, and nothing is hot', async () => {
    let calls = 0
    const head = 'HTTP/1.1 429 Too Many Requests\r\nretry-after: 99999999999\r\nretry-after: 0\r\n'
    const server = await startRawServer({
      request: (socket) => {
        calls++
        socket.write(`${head}content-length: 2\r\n\r\n{}`)
      },
    })
    gateway = await startAccount('octopush', { breaker: neverOpens, baseUrl: `http://127.0.0.1:${server.port}` })
    const before = calls
    const clock = startTurnClock()
    const { body } = await addTo(gateway, 'octopush', one(), { prefer: 'wait=2' })
    expect(outcomesOf(body)[0]).toMatchObject({ status: 'failed' })
    expect(clock.stop()).toBeLessThan(2_100)
    expect(calls - before).toBe(3)
    await server.close()
  })
})

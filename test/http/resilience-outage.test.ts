import { setTimeout as wait } from 'node:timers/promises'
import { describe, test } from 'vitest'
import type { Rule } from '../../src/simulators/behaviour.ts'
import { contactSource, type TestContact } from '../support/contact-source.ts'
import { isLongRun } from '../support/long-run.ts'
import { type Provider, providers } from '../support/start-fleet.ts'
import type { TestGateway } from '../support/start-gateway.ts'
import { addTo, neverOpens, outcomesOf, startAccount } from './resilience-account.ts'

/**
 * A provider fails for a minute (`LONG_RUN=1`; else 6 s) while callers go on at a steady rate: what it receives, of
 * whatever kind, against the calls that callers make.
 */
const outageMs = isLongRun ? 60_000 : 6_000
const perSecond = 30
const contacts = contactSource(90_000)

/** Calls by the clock, not when the last one came back. Resolves with what each heard. */
async function callSteadily(gateway: TestGateway, provider: Provider): Promise<string[]> {
  const calls: Promise<string>[] = []
  const startedAt = performance.now()
  for (let made = 0; made < (outageMs / 1_000) * perSecond; made++) {
    await wait(Math.max(1, startedAt + (made * 1_000) / perSecond - performance.now()))
    calls.push(
      addTo(gateway, provider, contacts(1)[0] as TestContact).then(({ status, body, text }) =>
        status === 207 ? (outcomesOf(body)[0]?.error?.code ?? 'done') : text,
      ),
    )
  }
  return Promise.all(calls)
}

/** Counts what the simulator receives of the calls that are made while it behaves so. */
async function callThroughOutage(
  gateway: Awaited<ReturnType<typeof startAccount>>,
  provider: Provider,
  behaviour: Rule,
): Promise<{ readonly heard: readonly string[]; readonly received: number }> {
  const simulator = gateway.simulators[provider]
  const before = simulator.requestTotal()
  simulator.setBehaviour(behaviour)
  const heard = await callSteadily(gateway, provider)
  const received = simulator.requestTotal() - before
  console.log(JSON.stringify({ provider, behaviour, callers: heard.length, received }))
  return { heard, received }
}

const outages: [name: string, behaviour: Rule, code: string][] = [
  ['answers 500', { status: 500 }, 'provider_unavailable'],
  ['hangs', { hang: 'before' }, 'provider_timeout'],
  ['resets connections before it has done anything', { reset: 'before' }, 'provider_timeout'],
  ['resets connections when it has done all', { reset: 'after' }, 'provider_timeout'],
  ['resets connections in the middle of its answers', { reset: 'mid-response' }, 'provider_timeout'],
]

describe(`a provider that for ${outageMs / 1_000} s`, () => {
  /** Whether nearly as many retries as the budget allows are of use: not where a call may not be sent twice. */
  const kinds = [
    ['octopush', 1.15, outages],
    ['oblic', 1, outages.slice(0, 3)],
    ['vobiz', 1, outages.slice(0, 3)],
  ] as const
  const withoutBreaker = kinds.flatMap(([provider, least, some]) =>
    some.map(([name, behaviour, code]) => [name, provider, behaviour, code, least] as const),
  )
  test.concurrent.for(withoutBreaker)(
    '%s receives at most 1.2 times the calls of its callers, also without a breaker (%s)',
    { timeout: outageMs + 30_000 },
    async ([, provider, behaviour, code, least], { expect, onTestFinished }) => {
      const gateway = await startAccount(provider, {
        timeoutMs: 500,
        maxConcurrency: 64,
        breaker: neverOpens,
      })
      onTestFinished(gateway.close)
      const { heard, received } = await callThroughOutage(gateway, provider, behaviour)
      expect(new Set(heard)).toEqual(new Set([code]))
      expect(received).toBeLessThanOrEqual(1.2 * heard.length)
      // Retries are made all the same: of each five failed calls one more.
      expect(received).toBeGreaterThanOrEqual(least * heard.length)
    },
  )

  const all = outages
    .slice(0, 3)
    .flatMap(([name, behaviour]) => providers.map((provider) => [name, provider, behaviour] as const))
  test.concurrent.for(all)(
    '%s: its breaker opens, lets one probe through at a time, and closes again (%s)',
    { timeout: outageMs + 60_000 },
    async ([, provider, behaviour], { expect, onTestFinished }) => {
      const openMs = isLongRun ? 10_000 : 1_000
      // A busy machine does not make as many calls as are needed in one second.
      const breaker = { failureRate: 0.5, minimumCalls: 20, windowMs: 10_000, openMs }
      const maxConcurrency = 8
      const gateway = await startAccount(provider, { timeoutMs: 250, maxConcurrency, breaker })
      onTestFinished(gateway.close)
      const { heard, received } = await callThroughOutage(gateway, provider, behaviour)
      const probes = Math.ceil(outageMs / openMs)
      expect(received).toBeGreaterThanOrEqual(breaker.minimumCalls + 1)
      // Those that were on their way when it opened are let finish.
      expect(received).toBeLessThanOrEqual(breaker.minimumCalls + maxConcurrency + probes)
      expect(heard.filter((code) => code === 'breaker_open').length).toBeGreaterThan(heard.length / 2)

      gateway.simulators[provider].setBehaviour({})
      const again = async () => outcomesOf((await addTo(gateway, provider, contacts(1)[0] as TestContact)).body)[0]
      await expect.poll(async () => (await again())?.error, { timeout: openMs + 5_000, interval: 100 }).toBeUndefined()
      expect((await again())?.error).toBeUndefined()
    },
  )
})

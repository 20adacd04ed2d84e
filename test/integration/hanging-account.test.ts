import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { contactSource } from '../support/contact-source.ts'
import { isLongRun } from '../support/long-run.ts'
import { median, quantile, sizeOf } from '../support/process-size.ts'
import { type Replica, startFleet } from '../support/start-fleet.ts'

/**
 * One account hangs while all three are used at a steady rate: the callers of the others do not notice, the process grows
 * neither in memory nor in sockets, and the breaker opens, and closes again, by itself. `LONG_RUN=1`: for 60 s.
 *
 * Calls go out by the clock, not when the last one came back, so that the machine has the same work in all phases; times
 * are compared by the median of the windows' p99, since a busy machine makes single windows slow in any phase.
 */
const [calmMs, hangingMs] = isLongRun ? [20_000, 60_000] : [4_000, 6_000]
const windowMs = isLongRun ? 2_000 : 1_000
const openMs = isLongRun ? 10_000 : 1_000
const everyMs = 20
const contacts = contactSource(70_000)

type Call = { readonly list: string; readonly at: number; readonly ms: number; readonly outcome: string }

test(`an account that hangs for ${hangingMs / 1_000} s under load is its own callers' matter alone`, {
  timeout: 240_000,
}, async () => {
  const fleet = await startFleet({
    accounts: { 'oblic-main': { timeoutMs: 500, retries: 0, breaker: { minimumCalls: 10, windowMs, openMs } } },
  })
  onTestFinished(fleet.close)
  const { oblic } = fleet.simulators
  const gateway = fleet.nth(0)
  const calls: Call[] = []
  const load = startLoad(gateway, calls)
  // Code that runs for the first time is slow.
  await wait(2_000)

  const calm = await phase(gateway, calmMs)
  oblic.setBehaviour({ hang: 'before' })
  const states: string[] = []
  const watching = watchBreaker(gateway, states)
  const hanging = await phase(gateway, hangingMs)
  oblic.setBehaviour({})
  const healedAt = performance.now()
  await expect
    .poll(() => calls.some(({ list, at, outcome }) => list === 'mail' && at > healedAt && outcome === 'accepted'), {
      timeout: openMs + 10_000,
    })
    .toBe(true)
  const after = await phase(gateway, windowMs * 3)
  await watching.stop()
  await load.stop()

  const during = ({ from, to }: Phase, list: string) =>
    calls.filter((call) => call.list === list && call.at >= from && call.at < to)
  const p99 = (span: Phase, list: string) => {
    const windows = Map.groupBy(during(span, list), ({ at }) => Math.floor((at - span.from) / windowMs))
    return median(
      [...windows.values()].map((window) =>
        quantile(
          window.map(({ ms }) => ms),
          0.99,
        ),
      ),
    )
  }
  const report = ['sms', 'whatsapp'].map((list) => ({
    list,
    calls: during(hanging, list).length,
    before: p99(calm, list),
    while: p99(hanging, list),
    after: p99(after, list),
  }))
  console.log(
    JSON.stringify({
      report,
      states,
      sizes: { calm: calm.sizes.at(-1), hanging: hanging.sizes.at(-1), after: after.sizes.at(-1) },
    }),
  )

  for (const { list, before, while: meanwhile } of report) {
    // Five milliseconds are the noise of a clock on a shared machine.
    expect(meanwhile, list).toBeLessThan(
      isLongRun ? Math.max(before * 1.2, before + 5) : Math.max(before * 2, before + 25),
    )
    expect(new Set(during(hanging, list).map(({ outcome }) => outcome)), list).toEqual(new Set(['created']))
  }
  // Who calls the hanging one hears the truth, and soon no longer waits for it.
  const hung = during(hanging, 'mail').map(({ outcome }) => outcome)
  expect(new Set(hung)).toEqual(new Set(['unknown', 'failed']))
  expect(hung.filter((outcome) => outcome === 'failed').length).toBeGreaterThan(hung.length / 2)
  expect(states.slice(0, 2)).toEqual(['closed', 'open'])
  expect(states.at(-1)).toBe('closed')

  const sizes = (span: Phase, of: 'handles' | 'residentMb') => span.sizes.map((size) => size[of])
  // Its eight places, and one for each caller who waits for it: never more than come within a timeout.
  expect(Math.max(...sizes(hanging, 'handles')) - median(sizes(calm, 'handles'))).toBeLessThan(80)
  await expect
    .poll(() => sizeOf(gateway.pid).handles, { timeout: 15_000 })
    .toBeLessThanOrEqual(median(sizes(calm, 'handles')) + 10)
  const grown = median(sizes(hanging, 'residentMb').slice(-5)) - median(sizes(calm, 'residentMb').slice(-5))
  expect(grown).toBeLessThan(40)
})

/** A call to each of the three lists, one after the other, every so many milliseconds, for as long as it is not stopped. */
function startLoad(gateway: Replica, calls: Call[]) {
  const lists = ['sms', 'whatsapp', 'mail']
  // Each has connections of its own: that callers of one account wait for theirs is no matter of the gateway.
  const pools = new Map(lists.map((list) => [list, new Pool(gateway.url, { connections: 200 })]))
  const running = new Set<Promise<void>>()
  let turn = 0
  const one = async (list: string) => {
    const at = performance.now()
    const answer = await (pools.get(list) as Pool).request({
      method: 'POST',
      path: `/lists/${list}/contacts`,
      headers: { authorization: gateway.authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ contacts: contacts(1) }),
    })
    const text = await answer.body.text()
    const status = answer.statusCode === 207 ? JSON.parse(text).results[0].outcomes[0].status : text
    calls.push({ list, at, ms: performance.now() - at, outcome: status === 'updated' ? 'created' : status })
  }
  const timer = setInterval(() => {
    const call = one(lists[turn++ % lists.length] as string).finally(() => running.delete(call))
    running.add(call)
  }, everyMs / 2)
  return {
    async stop() {
      clearInterval(timer)
      await Promise.all(running)
      await Promise.all([...pools.values()].map((pool) => pool.close()))
    },
  }
}

type Phase = { readonly from: number; readonly to: number; readonly sizes: readonly ReturnType<typeof sizeOf>[] }

/** Lets so much time pass under the load, and looks at the process on the way. */
async function phase(gateway: Replica, ms: number): Promise<Phase> {
  const from = performance.now()
  const sizes: ReturnType<typeof sizeOf>[] = []
  while (performance.now() < from + ms) {
    sizes.push(sizeOf(gateway.pid))
    await wait(250)
  }
  return { from, to: performance.now(), sizes }
}

/** Notes each state of the account's breaker that differs from the last. */
function watchBreaker(gateway: Replica, states: string[]) {
  let over = false
  const done = (async () => {
    while (!over) {
      const { body } = await gateway.call('GET', '/providers')
      const { breaker } = body.items.find(({ account }: { account: string }) => account === 'oblic-main')
      const state = typeof breaker === 'string' ? breaker : breaker.state
      if (state !== states.at(-1)) states.push(state)
      await wait(50)
    }
  })()
  return {
    stop: () => {
      over = true
      return done
    },
  }
}

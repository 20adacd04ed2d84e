import { execFileSync } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { type Comparison, compareTimes } from '../support/compare-times.ts'
import { contactSource } from '../support/contact-source.ts'
import { isLongRun } from '../support/long-run.ts'
import { median, quantile, sizeOf } from '../support/process-size.ts'
import { type Replica, startFleet } from '../support/start-fleet.ts'

/**
 * One account hangs while all three are used at a steady rate: the callers of the others do not notice, the process grows
 * neither in memory nor in sockets, and the breaker opens, and closes again, by itself. `LONG_RUN=1`: for 60 s, twice.
 *
 * Calls go out by the clock, not when the last one came back. Calm and hanging phases take turns, so that a machine that
 * becomes slower does so in both; all that looks at the process looks at it in both. What is compared is the p99 of each
 * window; the noise of that comparison is that of calm windows with each other (see `compareTimes`).
 */
const phaseMs = isLongRun ? 60_000 : 3_000
const windowMs = isLongRun ? 5_000 : 1_000
/** A probe in every window. */
const openMs = windowMs
const hangs = isLongRun ? 2 : 1
const everyMs = 20
const timeoutMs = 500
const contacts = contactSource(70_000)
const others = ['sms', 'whatsapp']

type Call = { readonly list: string; readonly at: number; readonly ms: number; readonly outcome: string }

test(`an account that hangs for ${phaseMs / 1_000} s under load is its own callers' matter alone`, {
  timeout: (2 * hangs + 1) * phaseMs + 120_000,
}, async () => {
  const fleet = await startFleet({
    accounts: { 'oblic-main': { timeoutMs, retries: 0, breaker: { minimumCalls: 10, windowMs: 2_000, openMs } } },
  })
  onTestFinished(fleet.close)
  const { oblic } = fleet.simulators
  const gateway = fleet.nth(0)
  if (isLongRun) takePrecedence([process.pid, gateway.pid])
  const calls: Call[] = []
  const load = startLoad(gateway, calls)
  const states: string[] = []
  const watching = watchBreaker(gateway, states)
  // Code that runs for the first time is slow, above all where it was never compiled and others begin too.
  await wait(isLongRun ? 20_000 : 3_000)
  const latest = () => calls.slice(-3 * (windowMs / everyMs))
  await expect.poll(() => latest().filter(isSlow).length, { timeout: 60_000, interval: 500 }).toBe(0)

  const calm = [await phase(gateway, phaseMs)]
  const hanging: Phase[] = []
  for (let hang = 0; hang < hangs; hang++) {
    oblic.setBehaviour({ hang: 'before' })
    hanging.push(await phase(gateway, phaseMs))
    oblic.setBehaviour({})
    const healedAt = performance.now()
    await expect
      .poll(() => calls.some(({ list, at, outcome }) => list === 'mail' && at > healedAt && outcome === 'accepted'), {
        timeout: openMs + 10_000,
      })
      .toBe(true)
    calm.push(await phase(gateway, phaseMs))
  }
  await watching.stop()
  await load.stop()

  const during = ({ from, to }: Phase, list: string) =>
    calls.filter((call) => call.list === list && call.at >= from && call.at < to)
  const p99s = (span: Phase, list: string) => {
    const windows = Map.groupBy(during(span, list), ({ at }) => Math.floor((at - span.from) / windowMs))
    return [...windows.values()].map((window) => {
      const times = window.map(({ ms }) => ms)
      return quantile(times, 0.99)
    })
  }
  const report = others.map((list) => ({
    list,
    calls: hanging.flatMap((span) => during(span, list)).length,
    windows: [calm, hanging].map((spans) =>
      spans.flatMap((span) => p99s(span, list)).map((ms) => Number(ms.toFixed(1))),
    ),
    phases: [...calm, ...hanging].map((span) => Number(median(p99s(span, list)).toFixed(2))),
    comparisons: [0.25, 0.5].map((share) =>
      compareTimes(
        calm.flatMap((span) => p99s(span, list)),
        hanging.flatMap((span) => p99s(span, list)),
        share,
      ),
    ),
    slow: [calm, hanging].map((spans) => spans.flatMap((span) => during(span, list)).filter(isSlow).length),
  }))
  const sizesOf = (spans: readonly Phase[], of: 'handles' | 'residentMb') =>
    spans.map(({ sizes }) => median(sizes.slice(-10).map((size) => size[of])))
  const sizes = Object.fromEntries(
    (['residentMb', 'handles'] as const).map((of) => [of, { calm: sizesOf(calm, of), hanging: sizesOf(hanging, of) }]),
  )
  console.log(JSON.stringify({ report, states, sizes }, null, 1))

  for (const { list, calls: made, comparisons, slow } of report) {
    // In the short run other tests share the cores, and what so few calm windows differ by does not tell how much windows
    // can: who waits for the hanging account waits for half a second, some fifty times as long as for nobody.
    const [quartiles, medians] = comparisons as [Comparison, Comparison]
    for (const { ratio, noise } of [quartiles, medians])
      expect(ratio, list).toBeLessThan(isLongRun ? 1.2 : Math.max(2 * noise, 5))
    // Nor does anybody wait for the hanging one in a moment that no window shows.
    const [calmly = 0, meanwhile = 0] = slow
    expect(meanwhile, list).toBeLessThanOrEqual(calmly + made / 100)
    const outcomes = hanging.flatMap((span) => during(span, list)).map(({ outcome }) => outcome)
    expect(new Set(outcomes), list).toEqual(new Set(['created']))
  }
  // Who calls the hanging one hears the truth, and soon no longer waits for it.
  const hung = hanging.flatMap((span) => during(span, 'mail')).map(({ outcome }) => outcome)
  expect(new Set(hung)).toEqual(new Set(['unknown', 'failed']))
  expect(hung.filter((outcome) => outcome === 'failed').length).toBeGreaterThan(hung.length / 2)
  // It opened and closed in each of the hangs, whatever was seen of its probes.
  const settled = states.filter((state, index) => state !== 'half-open' && state !== lastSettled(states, index))
  expect(settled).toEqual(['closed', ...Array.from({ length: hangs }, () => ['open', 'closed']).flat()])

  const handles = (span: Phase) => span.sizes.map((size) => size.handles)
  const atRest = median(handles(calm[0] as Phase))
  // Its eight places, and one for each caller who waits for it: never more than come within a timeout.
  expect(Math.max(...hanging.flatMap(handles)) - atRest).toBeLessThan(80)
  await expect.poll(() => sizeOf(gateway.pid).handles, { timeout: 15_000 }).toBeLessThanOrEqual(atRest + 10)
  const memory = sizes.residentMb as { calm: number[]; hanging: number[] }
  expect(Math.max(...memory.hanging) - (memory.calm[0] as number)).toBeLessThan(40)
})

/**
 * What else runs on the machine would be seen in the times tenfold: with `chrt` (util-linux, as root) the gateway and the
 * test do not wait for it.
 */
function takePrecedence(pids: readonly number[]): void {
  try {
    for (const pid of pids) execFileSync('chrt', ['--all-tasks', '--fifo', '--pid', '10', String(pid)])
  } catch {
    console.log('not allowed to take precedence: expect noise')
  }
}

/** The last state before this one that is no half-open. */
const lastSettled = (states: readonly string[], index: number) =>
  states.slice(0, index).findLast((state) => state !== 'half-open')

/** As slow as one that waits for a hanging call. */
const isSlow = ({ ms }: Call) => ms > timeoutMs / 2

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

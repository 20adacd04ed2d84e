import type { AccountConfig } from '../config/schema.ts'
import { isLoopback } from '../config/urls.ts'
import { tokenSource } from '../providers/token-source.ts'
import { openChannel } from '../transport/connect.ts'
import type { Surroundings } from '../verify/make-calls.ts'
import { openWays } from '../verify/open-account.ts'
import { print } from './print.ts'

/** Ctrl-C ends a run after the call that is out, and lets it tidy up; a second one ends the process at once. */
export async function withAccount<Result>(
  account: AccountConfig,
  run: (surroundings: Surroundings) => Promise<Result>,
): Promise<Result> {
  const { adapter, baseUrl, timeoutMs, egress } = account
  const credentials = Object.fromEntries(
    Object.entries(account.credentials).map(([name, secret]) => [name, secret.reveal()]),
  )
  const ways = openWays(adapter, credentials, timeoutMs, (authHeaders, usesToken) =>
    openChannel({
      baseUrl,
      authHeaders,
      secrets: Object.values(credentials),
      maxConcurrency: 1,
      egress: { ...egress, proxy: egress.proxy?.reveal() },
      token: usesToken ? tokenSource(adapter, credentials) : undefined,
    }),
  )
  const stopping = new AbortController()
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const stop = () => stopping.abort()
  for (const signal of signals) process.once(signal, stop)
  try {
    return await run({
      send: ways.send,
      clock: { now: Date.now, sleep },
      paceMs: paceMsOf(account),
      // Where nobody reads any more the run still tidies up.
      tell: ({ does }, request) => print(`  ${request.method.padEnd(6)} ${does}\n`).catch(() => {}),
      signal: stopping.signal,
    })
  } finally {
    for (const signal of signals) process.removeListener(signal, stop)
    await ways.close()
  }
}

/** One call a second, or the account's own pace where that is slower; what runs on this machine need not be spared. */
function paceMsOf({ baseUrl, requestsPerSecond = 1 }: AccountConfig): number {
  return isLoopback(new URL(baseUrl)) ? 0 : 1_000 / Math.min(1, requestsPerSecond)
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}

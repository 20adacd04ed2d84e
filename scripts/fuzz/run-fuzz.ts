import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { isLongRun } from '../../test/support/long-run.ts'
import { median, sizeOf } from '../../test/support/process-size.ts'
import { createRandom, type Random } from '../../test/support/random.ts'
import { type Fleet, providers, startFleet } from '../../test/support/start-fleet.ts'
import { someTexts, worstRequests } from '../../test/support/worst/requests.ts'
import { worstTexts } from '../../test/support/worst/texts.ts'
import { fuzzedRequest } from './fuzzed-request.ts'
import { rawGarbage, sendRaw } from './raw-garbage.ts'
import { unvalidated } from './sent-request.ts'

export type FuzzOptions = {
  readonly requests: number
  readonly seed: number
  /** Each of the worst requests is sent as well; they take as long as a thousand others. */
  readonly worst?: boolean
}

export type FuzzReport = {
  readonly seed: number
  readonly requests: number
  readonly raw: number
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>
  /** What the providers received in all. */
  readonly sent: number
  /** Each with what it takes to repeat it. Empty: all is well. */
  readonly defects: readonly string[]
  readonly residentMb: { readonly before: number; readonly after: number }
  readonly handles: { readonly before: number; readonly after: number }
}

const callers = 12
const raws = 6
/** One in so many requests goes over a raw socket. */
const rawShare = 0.15

/**
 * Sends requests to a gateway process in front of well-behaved simulators: schema-driven ones and raw garbage. The same
 * seed makes the same requests, whatever their order.
 */
export async function runFuzz({ requests, seed, worst = true }: FuzzOptions): Promise<FuzzReport> {
  const fleet = await startFleet()
  try {
    return await fuzz(fleet, { requests, seed, worst })
  } finally {
    await fleet.close()
  }
}

async function fuzz(fleet: Fleet, { requests, seed, worst }: Required<FuzzOptions>): Promise<FuzzReport> {
  const gateway = fleet.nth(0)
  const pool = new Pool(gateway.url, { connections: callers, headersTimeout: 30_000, bodyTimeout: 30_000 })
  const defects: string[] = []
  const statuses: Record<string, number> = {}
  const count = (status: string) => {
    statuses[status] = (statuses[status] ?? 0) + 1
  }
  const residents: number[] = []
  let sent = 0
  let before = sizeOf(gateway.pid)
  let residentAfter = 0
  let next = 0
  const rawCount = Math.floor(requests * rawShare)

  const look = () => {
    for (const provider of providers) {
      const simulator = fleet.simulators[provider]
      sent += simulator.requestTotal()
      for (const request of simulator.requests()) {
        const wrong = unvalidated(provider, request)
        if (wrong !== undefined) defects.push(`${provider} received ${wrong}`)
      }
      // Contacts stay no longer than this, so that the simulators' memory does not weigh on the machine.
      simulator.reset()
    }
  }
  const call = async (number: number) => {
    const request = fuzzedRequest(randomOf(seed, number))
    try {
      const answer = await pool.request({
        method: request.method as 'GET',
        path: request.path,
        headers: { authorization: gateway.authorization, ...request.headers },
        ...(request.body !== undefined && !['GET', 'HEAD'].includes(request.method) && { body: request.body }),
      })
      const text = await answer.body.text()
      count(String(answer.statusCode))
      if (isDefect(answer.statusCode, request.method === 'HEAD' ? undefined : text))
        defects.push(`#${number} ${describe(request)}: ${answer.statusCode} ${text.slice(0, 300)}`)
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException
      count(code)
      // The gateway closes a connection after it has refused a body that is still being sent.
      if (!closedAfterRefusal.has(code)) defects.push(`#${number} ${describe(request)}: ${code} ${message}`)
    }
  }
  const callRaw = async (number: number) => {
    const received = await sendRaw(gateway.url, rawGarbage(randomOf(seed, -1 - number), gateway.authorization))
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(received)?.[1] ?? 0)
    count(status === 0 ? 'raw without an answer' : `raw ${status}`)
    if (isDefect(status, received)) defects.push(`raw #${number}: ${received.slice(0, 300)}`)
  }
  /** Each of the worst requests once: they are few, and large. */
  const callWorst = async () => {
    const texts = isLongRun ? worstTexts : someTexts(createRandom(seed), 1)
    for (const worst of worstRequests(texts)) {
      const headers = { authorization: gateway.authorization, ...worst.headers }
      const answer = await pool.request({ ...worst, method: worst.method as 'GET', headers })
      const text = await answer.body.text()
      count(`worst ${answer.statusCode}`)
      if (isDefect(answer.statusCode, text)) defects.push(`${worst.title}: ${answer.statusCode} ${text.slice(0, 300)}`)
    }
    look()
  }
  const share = async (total: number, width: number, work: (number: number) => Promise<void>) => {
    let at = 0
    await Promise.all(
      Array.from({ length: width }, async () => {
        while (at < total && defects.length < 20) await work(at++)
      }),
    )
  }

  let raw = 0
  const stopwatch = setInterval(() => residents.push(sizeOf(gateway.pid).residentMb), 250)
  try {
    const chunk = 400
    while (next < requests && defects.length < 20) {
      const size = Math.min(chunk, requests - next)
      const rawSize = Math.min(Math.ceil(size * rawShare), rawCount - raw)
      const [from, rawFrom] = [next, raw]
      await Promise.all([
        share(size, callers, (number) => call(from + number)),
        share(Math.max(0, rawSize), raws, (number) => callRaw(rawFrom + number)),
      ])
      next += size
      raw += Math.max(0, rawSize)
      look()
      // What is loaded once, and the connections of a full load, are there after the first quarter.
      if (from < requests / 4) before = { ...sizeOf(gateway.pid), residentMb: median(residents.slice(-8)) }
    }
    residentAfter = median(residents.slice(-8))
    if (worst) await callWorst()
    const alive = await pool.request({ method: 'GET', path: '/healthz' })
    if (alive.statusCode !== 200) defects.push(`/healthz ${alive.statusCode}`)
    await alive.body.dump()
  } catch (error) {
    defects.push(`the process is gone: ${(error as Error).message}\n${gateway.output().slice(-2_000)}`)
  } finally {
    clearInterval(stopwatch)
    await pool.destroy()
  }
  const crashes = gateway.output().match(/.*"level":(?:60|50).*"err".*|.*Unhandled.*|.*MaxListeners.*/g) ?? []
  defects.push(...crashes.slice(0, 5))
  const after = { residentMb: residentAfter, handles: await handlesAtRest(gateway.pid, before.handles) }
  return {
    seed,
    requests: next,
    raw,
    statuses,
    sent,
    defects,
    residentMb: { before: before.residentMb, after: after.residentMb },
    handles: { before: before.handles, after: after.handles },
  }
}

/** Each request has choices of its own, so that one can be made again without the others. */
function randomOf(seed: number, number: number): Random {
  return createRandom(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 0x7f4a7c15, 0xc2b2ae35))
}

const closedAfterRefusal: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/** Not offered, too busy and the caller's own short deadline are told with a 5xx; any other is a defect. */
function isDefect(status: number, text: string | undefined): boolean {
  if (status < 500 || status === 501) return false
  // An answer to HEAD does not say which it is.
  if (text === undefined) return status === 500
  return !/"code":"(?:overloaded|deadline-exceeded|outcome-unknown)"/.test(text)
}

/** Sockets end a little after their requests. */
async function handlesAtRest(pid: number, expected: number): Promise<number> {
  for (const deadline = performance.now() + 30_000; performance.now() < deadline; await wait(100))
    if (sizeOf(pid).handles <= expected) break
  return sizeOf(pid).handles
}

function describe({ method, path, headers, body }: ReturnType<typeof fuzzedRequest>): string {
  return `${method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 300)} ${body?.toString('latin1').slice(0, 500) ?? ''}`
}

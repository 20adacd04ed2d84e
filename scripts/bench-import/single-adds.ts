import { setTimeout as wait } from 'node:timers/promises'
import type { MeasuredGateway } from './gateway.ts'

/** Milliseconds. */
export type Latency = { readonly count: number; readonly p50: number; readonly p99: number; readonly max: number }

/**
 * `newsletter` is the list of the import. The accounts of `apart` are others, whose simulators have nothing else to do.
 * `provider` is no list: Vobiz' simulator of the import is asked for a contact, without the gateway.
 */
export type Single = 'newsletter' | 'apart' | 'provider'

const pauseMs = 20
let serial = 0

/** Makes one single call after the other, with a pause between, until `ended`; returns what each took. */
export async function callSingly(
  gateway: MeasuredGateway,
  single: Single,
  ended: (count: number) => boolean,
): Promise<number[]> {
  const took: number[] = []
  while (!ended(took.length)) {
    const startedAt = performance.now()
    await (single === 'provider' ? gateway.askProvider() : addOne(gateway, single))
    took.push(performance.now() - startedAt)
    await wait(pauseMs)
  }
  return took
}

async function addOne({ pool, authorization }: MeasuredGateway, list: Single): Promise<void> {
  // The simulators have a use of their own for numbers that end in 0404.
  if (serial % 10_000 === 404) serial++
  const digits = String(serial++).padStart(7, '0')
  const contact = { name: `Single ${digits}`, email: `single-${digits}@example.com`, phone: `+91983${digits}` }
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: `/lists/${list}/contacts`,
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ contacts: [contact] }),
  })
  const text = await body.text()
  if (statusCode !== 207 || /"status":"(failed|unknown)"/.test(text)) throw new Error(`${statusCode} ${text}`)
}

export function latencyOf(took: readonly number[]): Latency {
  const sorted = took.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { count: took.length, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 }
}

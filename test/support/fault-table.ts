import type { OutcomeErrorCode } from '../../src/domain/outcome.ts'
import type { Rule } from '../../src/simulators/behaviour.ts'
import type { ProxyFault } from './fault-proxy.ts'
import type { Provider } from './start-fleet.ts'

/**
 * What the caller hears of each contact; writes that are tried from one call, and from an import of two rows; questions
 * that the provider is asked, in the same way.
 */
export type Expected = readonly [
  state: 'created' | 'unknown' | 'failed',
  writes: number,
  importWrites: number,
  asks?: number,
  importAsks?: number,
]

export type Fault = {
  readonly name: string
  /** On the way, or by the provider itself. */
  readonly how: { readonly proxy: ProxyFault } | { readonly simulator: Rule }
  /** The provider holds the contacts although its answer did not come. */
  readonly applied: boolean
  readonly code: OutcomeErrorCode
  readonly expected: Readonly<Record<Provider, Expected>>
}

/** An import tries six times, a call of it up to three times as long as the account's budget for retries lasts (five). */
const [tries, retries] = [6, 5]
/** Certainly not applied: sent again everywhere. The two rows go to Vobiz in a call each. */
const throttled: Fault['expected'] = {
  oblic: ['failed', 3, tries + retries],
  octopush: ['failed', 3, tries + retries],
  vobiz: ['failed', 3, 2 * tries + retries],
}
/** Oblic can be neither asked nor told twice; Octopush is told again; Vobiz is asked, and has it. */
const applied: Fault['expected'] = {
  oblic: ['unknown', 1, 1],
  octopush: ['unknown', 3, tries + retries],
  vobiz: ['created', 1, 2, 1, 2],
}
/**
 * As above, but Vobiz has it not and is told once more, as far as the budget lasts. Before that it is asked for the digits
 * of the number as well. Each try of an import after the first begins by asking; of five answers one more retry is paid,
 * which is enough for all.
 */
const importAsks = 2 * (2 * (tries - 1) + 2 * tries)
const lost: Fault['expected'] = {
  oblic: ['unknown', 1, 1],
  octopush: ['unknown', 3, tries + retries],
  vobiz: ['unknown', 2, Math.min(2 * tries + retries + Math.floor(importAsks / 5), 2 * 2 * tries), 2, importAsks],
}
/** An answer that cannot be read will not be better a moment later. */
const unreadable: Fault['expected'] = { ...lost, octopush: ['unknown', 1, tries] }

export const faults: readonly Fault[] = [
  {
    name: 'refuse',
    how: { proxy: { way: 'refuse' } },
    applied: false,
    code: 'provider_unreachable',
    expected: throttled,
  },
  {
    name: 'reset before headers',
    how: { proxy: { way: 'reset-before' } },
    applied: false,
    code: 'provider_timeout',
    expected: lost,
  },
  {
    name: 'reset after headers',
    how: { proxy: { way: 'cut', after: 'head' } },
    applied: true,
    code: 'provider_timeout',
    expected: applied,
  },
  {
    name: 'timeout with the write applied',
    how: { proxy: { way: 'stall-after' } },
    applied: true,
    code: 'provider_timeout',
    expected: applied,
  },
  {
    name: 'timeout without the write applied',
    how: { proxy: { way: 'stall-before' } },
    applied: false,
    code: 'provider_timeout',
    expected: lost,
  },
  {
    name: '429 with Retry-After',
    how: { simulator: { rateLimit: { retryAfter: 1 } } },
    applied: false,
    code: 'provider_rate_limited',
    expected: throttled,
  },
  {
    name: '429 without Retry-After',
    how: { simulator: { rateLimit: {} } },
    applied: false,
    code: 'provider_rate_limited',
    expected: throttled,
  },
  {
    name: '500 with the write applied',
    how: { simulator: { statusAfterApplying: 500 } },
    applied: true,
    code: 'provider_unavailable',
    expected: applied,
  },
  { name: '503', how: { simulator: { status: 503 } }, applied: false, code: 'provider_unavailable', expected: lost },
  {
    name: 'garbage with 200',
    how: { simulator: { garbage: {} } },
    applied: false,
    code: 'provider_unreadable',
    expected: unreadable,
  },
  {
    name: 'slow drip',
    how: { proxy: { way: 'drip', bytes: 16, everyMs: 150 } },
    applied: true,
    code: 'provider_timeout',
    expected: applied,
  },
]

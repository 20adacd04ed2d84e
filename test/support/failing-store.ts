import { setTimeout as wait } from 'node:timers/promises'
import { type IdempotencyStore, type Store, StoreUnavailable } from '../../src/services/store-port.ts'
import type { FaultProxy } from './fault-proxy.ts'

/** What a failing call does before it fails: nothing, or what it was asked. `late`: it fails after a time of silence. */
export type CallFault = { readonly does: 'nothing' | 'all'; readonly late?: boolean }

/** Makes one call fail in its way, or holds it up. */
export type FailCall = (call: () => Promise<unknown>, fault: CallFault) => Promise<unknown>

/** Which calls fail. */
export type Strike = CallFault & {
  /** Counted from 1, after `strike`. */
  readonly first: number
  /** All from then on, renewals too, until `heal`; otherwise this one alone. */
  readonly on: boolean
}

/** The idempotency records of a store, whose calls can be told to fail. Renewals come when they come, and are not counted. */
export class FailingStore {
  readonly #fail: FailCall
  #strike: Strike | undefined
  #calls: string[] = []

  constructor(fail: FailCall) {
    this.#fail = fail
  }

  /** The calls since the last `strike` or `heal`. */
  get calls(): readonly string[] {
    return this.#calls
  }

  strike(strike: Strike): void {
    this.#calls = []
    this.#strike = strike
  }

  heal(): void {
    this.#calls = []
    this.#strike = undefined
  }

  /** The same store with these failures. */
  wrap(store: Store): Store {
    const idempotency = Object.fromEntries(
      Object.entries(store.idempotency).map(([name, call]) => [
        name,
        (...parts: readonly unknown[]) => this.#answer(name, () => (call as AnyCall)(...parts)),
      ]),
    )
    return { ...store, idempotency: idempotency as IdempotencyStore }
  }

  #answer(name: string, call: () => Promise<unknown>): Promise<unknown> {
    if (name !== 'renew') this.#calls.push(name)
    const strike = this.#strike
    if (strike === undefined) return call()
    const isStruck = strike.on
      ? this.#calls.length >= strike.first
      : name !== 'renew' && this.#calls.length === strike.first
    return isStruck ? this.#fail(call, strike) : call()
  }
}

type AnyCall = (...parts: readonly unknown[]) => Promise<unknown>

/** So long a call is silent that fails late: shorter than a real one would be, and long enough for others to come between. */
const silenceMs = 150

/** For a store within the process. */
export const failHere: FailCall = async (call, { does, late }) => {
  if (does === 'all') await call()
  if (late === true) await wait(silenceMs)
  throw new StoreUnavailable('The test has struck this call.')
}

/** For a store behind a way: the call is made, and what happens to it happens on the way. */
export function failOnTheWay(way: () => FaultProxy): FailCall {
  let struck = 0
  return async (call, { does, late }) => {
    struck++
    const [before, after] =
      late === true ? (['stall-before', 'stall-after'] as const) : (['reset-before', 'reset-after'] as const)
    await way().set({ way: does === 'all' ? after : before })
    // A call that comes right behind another one would go the way of that.
    await way().settled()
    try {
      await call()
    } finally {
      if (--struck === 0) await way().set()
    }
    throw new Error('The call was to fail on its way, and did not.')
  }
}

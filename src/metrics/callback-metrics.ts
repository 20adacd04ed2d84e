import type { Registry } from 'prom-client'
import { type CallbackResult, callbackResults } from '../domain/callback-door.ts'
import { byPair, CountFamily } from './families.ts'

export type CallbackMetrics = {
  /** A call with a token of the account came in. */
  received(account: string, result: CallbackResult): void
  /** Makes the series of accounts that take such calls: the first one is an increase then. */
  expect(accounts: Iterable<string>): void
}

/** Calls of providers, which tell of opt-outs. Those without a right token count among the authentication failures. */
export function callbackMetrics(registry: Registry): CallbackMetrics {
  const calls = new CountFamily(registry, {
    name: 'contact_gateway_callbacks_total',
    help: 'Calls of providers with a token of the account, and what became of the opt-outs that they told of.',
    labels: ['account', 'result'],
  })
  const series = byPair((account: string, result: CallbackResult) => calls.with({ account, result }))
  return {
    received: (account, result) => series(account, result).add(),
    expect: (accounts) => {
      for (const account of accounts) for (const result of callbackResults) series(account, result)
    },
  }
}

/** What the breaker of an account does with calls: `closed` lets all pass, `open` none, `half-open` one that tries. */
export const breakerStates = ['closed', 'open', 'half-open'] as const
export type BreakerState = (typeof breakerStates)[number]

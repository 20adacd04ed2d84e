/** What a breaker of an account says of calls: they pass, nothing is sent for a while, or one call tries. */
export const breakerStates = ['closed', 'open', 'half-open'] as const
export type BreakerState = (typeof breakerStates)[number]

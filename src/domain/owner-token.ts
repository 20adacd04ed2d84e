/** The token of a claim that names the request which works under it. `token`: without blanks. */
export function ownerToken(token: string, requestId: string | undefined): string {
  return requestId === undefined ? token : `${token} ${requestId}`
}

/** The request that works under a token; `undefined`: it does not say. */
export function requestOf(owner: string): string | undefined {
  const blank = owner.indexOf(' ')
  return blank === -1 ? undefined : owner.slice(blank + 1)
}

/** Makes tokens of claims that name the request which works under them. `name`: unlike that of any other, without blanks. */
export function ownerTokens(name: string): (requestId: string | undefined) => string {
  let count = 0
  return (requestId) => {
    const token = `${name}.${(++count).toString(36)}`
    return requestId === undefined ? token : `${token} ${requestId}`
  }
}

/** The request that works under a token; `undefined`: it does not say. */
export function requestOf(owner: string): string | undefined {
  const blank = owner.indexOf(' ')
  return blank === -1 ? undefined : owner.slice(blank + 1)
}

let last: Promise<void> = Promise.resolve()

/**
 * Waits for the turn of a piece of import work. Each pass of the event loop has room for one, of all imports of the
 * process: between two of them everybody else is served.
 */
export function ownTurn(): Promise<void> {
  last = last.then(nextPass)
  return last
}

function nextPass(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

export type Repeating = {
  /** There is something to do. */
  wake(): void
  close(): void
}

/** Does something every `everyMs` for as long as it is needed. A process that has nothing to do is not woken by it. */
export function repeatWhile(isNeeded: () => boolean, everyMs: number, again: () => void): Repeating {
  let timer: NodeJS.Timeout | undefined
  const close = () => {
    clearInterval(timer)
    timer = undefined
  }
  const look = () => (isNeeded() ? again() : close())
  return {
    wake() {
      timer ??= setInterval(look, everyMs).unref()
    },
    close,
  }
}

import { setImmediate } from 'node:timers'
import type { Redis } from 'ioredis'

/** The end of a turn of the event loop, at which what was asked of a server in it goes out. */
export type EndOfTurn = {
  /** What is written from now on goes out then, as one packet: a system call costs more than a command. For a living connection. */
  gather(): void
  /** Does something right before; it may ask the server. */
  before(work: () => void): void
}

export function endOfTurn(client: Redis): EndOfTurn {
  let corked: Redis['stream'] | undefined
  let works: (() => void)[] = []
  let isSet = false
  const set = () => {
    if (isSet) return
    isSet = true
    setImmediate(end)
  }
  const end = () => {
    for (const work of works) work()
    works = []
    isSet = false
    corked?.uncork()
    corked = undefined
  }
  return {
    gather() {
      set()
      if (corked !== undefined) return
      corked = client.stream
      corked.cork()
    },
    before(work) {
      set()
      works.push(work)
    },
  }
}

import type { KeptExplanation } from '../explanation-store-port.ts'

/** What waits to be written, by client. */
export type WriteBehind = {
  add(client: string, explanation: KeptExplanation): void
  /** The newest of an id that is not written yet, and how many there are. */
  find(client: string, id: string): { readonly newest: KeptExplanation | undefined; readonly count: number }
  /** Resolves once none with this id is on its way to the store: it is written, or waits again. */
  settled(client: string, id: string): Promise<void>
  /** Tries to write what waits, or the first of it where that is much. */
  flush(): Promise<void>
  /** Tries to write all, for the last time. */
  close(): Promise<void>
}

export type Write = (client: string, explanations: readonly KeptExplanation[]) => Promise<void>

/** Of all clients. */
const mostWaiting = 1_000
/** What goes to the store in one step. */
const [mostAtOnce, mostBytesAtOnce] = [100, 256 * 1_024]
const [pauseMs, pauseWhileAwayMs] = [100, 500]

/**
 * Writes in the background, a few at a time. What cannot be written waits until it can be. Where too many wait, the oldest
 * of the client that has most of them is lost: nobody's flood takes away what others ask about.
 */
export function createWriter(write: Write, onLost: ((count: number) => void) | undefined): WriteBehind {
  const waiting = new Map<string, KeptExplanation[]>()
  const underWay = new Map<string, { readonly ids: ReadonlySet<string>; readonly done: Promise<void> }>()
  let count = 0
  let timer: NodeJS.Timeout | undefined
  let flushing: Promise<void> | undefined

  const takeOut = (client: string, gone: ReadonlySet<KeptExplanation>) => {
    const held = waiting.get(client) ?? []
    const left = held.filter((one) => !gone.has(one))
    count -= held.length - left.length
    if (left.length === 0) waiting.delete(client)
    else waiting.set(client, left)
  }

  const loseOne = () => {
    const [client, held] = [...waiting].reduce((most, one) => (one[1].length > most[1].length ? one : most))
    takeOut(client, new Set(held.slice(0, 1)))
    onLost?.(1)
  }

  /** False: the store did not take it. */
  const writeSome = async (client: string): Promise<boolean> => {
    const some = firstOf(waiting.get(client) ?? [])
    const writing = write(client, some).then(
      () => {
        takeOut(client, new Set(some))
        return true
      },
      () => false,
    )
    underWay.set(client, { ids: new Set(some.map(({ id }) => id)), done: writing.then(() => {}) })
    const isDone = await writing
    underWay.delete(client)
    return isDone
  }

  /** Some of each client: whoever has few does not wait for whoever has many. False: the store takes nothing. */
  const writeRound = async (): Promise<boolean> => {
    for (const client of [...waiting.keys()]) if (!(await writeSome(client))) return false
    return true
  }

  const writeAndGoOn = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const isTaken = await writeRound()
    if (waiting.size > 0) wake(isTaken ? 0 : pauseWhileAwayMs)
  }

  const flush = (): Promise<void> => {
    flushing ??= writeAndGoOn().finally(() => {
      flushing = undefined
    })
    return flushing
  }

  const wake = (ms: number): void => {
    timer ??= setTimeout(() => void flush(), ms).unref()
  }

  return {
    add(client, explanation) {
      const held = waiting.get(client)
      if (held === undefined) waiting.set(client, [explanation])
      else held.push(explanation)
      count++
      if (count > mostWaiting) loseOne()
      if (flushing === undefined) wake(pauseMs)
    },
    find(client, id) {
      const same = (waiting.get(client) ?? []).filter((one) => one.id === id)
      return { newest: same.at(-1), count: same.length }
    },
    async settled(client, id) {
      const writing = underWay.get(client)
      if (writing?.ids.has(id)) await writing.done
    },
    flush,
    async close() {
      await flushing
      clearTimeout(timer)
      while (waiting.size > 0 && (await writeRound()));
    },
  }
}

/** As many as go in one step, the oldest first; one at least. */
function firstOf(held: readonly KeptExplanation[]): readonly KeptExplanation[] {
  let bytes = 0
  const tooMany = held.findIndex(({ head, accounts }, place) => {
    bytes += head.length + accounts.length
    return place === mostAtOnce || (place > 0 && bytes > mostBytesAtOnce)
  })
  return tooMany === -1 ? held.slice() : held.slice(0, tooMany)
}

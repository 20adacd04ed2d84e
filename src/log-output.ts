import { setTimeout as sleep } from 'node:timers/promises'
import { type DestinationStream, destination } from 'pino'
import { GatheredLines } from './gathered-lines.ts'

/** How late a line may be written. */
const latestMs = 200
/** Of the lines that wait for a slow reader. */
const mostBytes = 16_777_216
/** How long the process waits for its last log lines to be written. */
const lastLinesMs = 1_000

/** Where log lines go: to standard output. */
export type LogOutput = {
  readonly stream: DestinationStream
  /**
   * Takes lines that are none of the log among its own, as they are. The same as `LineOutlet` and `OutletWatch` in audit/;
   * when the reader of standard output has gone, it has for good.
   */
  lines(watch: { fails(error: NodeJS.ErrnoException): void; works(): void }): {
    write(line: string): boolean
    reopen(): void
    close(): Promise<number>
  }
  /** Waits for the log to be written, as far as it can be. */
  flush(): Promise<void>
  /** The same, for the last time. What cannot be written is dropped: at the exit of the process pino would try for ever. */
  end(): Promise<void>
  /** Drops what is not written yet. */
  destroy(): void
}

/**
 * `isRead`: a person at a terminal reads them. Log lines are written some kilobytes at a time, at most 200 ms late, and at
 * the end of the process. Where nobody takes them, or their disk is full, those that do not fit are dropped, and the gateway
 * goes on serving. While there is nothing to write nothing is done: pino's own `periodicFlush` wakes an idle process fifteen
 * times a second. They are gathered here, since pino's destination copies all that it has gathered at each line.
 */
export async function openLogOutput({ isRead }: { readonly isRead: boolean }): Promise<LogOutput> {
  const format = isRead ? await readableLines() : asItIs
  // It flushes what is longer than `minLength` at once; with 0 it would not wait for it at a flush.
  const output = destination({ sync: false, minLength: 1, contentMode: 'buffer' })
  output.on('error', () => {})
  /** What was handed to the destination, in its order. */
  const waiting: Buffer[] = []
  let waitingBytes = 0
  /** Of the first one. */
  let writtenBytes = 0
  output.on('write', (bytes: number) => {
    waitingBytes -= bytes
    writtenBytes += bytes
    for (let [first] = waiting; first !== undefined && writtenBytes >= first.length; [first] = waiting) {
      writtenBytes -= first.length
      gathered.giveBack(waiting.shift() as Buffer)
    }
  })
  /** Nothing is written any more: pino would throw. */
  let isOver = false
  const gathered = new GatheredLines((piece) => {
    if (isOver) return
    waiting.push(piece)
    waitingBytes += piece.length
    output.write(piece as unknown as string)
  }, latestMs)
  process.prependListener('exit', () => gathered.flush())
  const write = (line: string): boolean => {
    const fits = waitingBytes + gathered.bytes + line.length <= mostBytes
    if (fits) gathered.add(line)
    return fits
  }

  /**
   * A flush ends with what was being written when it was asked for; the next one writes what has come meanwhile, and the
   * last one the rest of that where it fills more than one piece.
   */
  const flush = async (): Promise<void> => {
    gathered.flush()
    const flushed = (async () => {
      for (let round = 0; round < 3; round++) await new Promise((resolve) => output.flush(resolve))
    })()
    await Promise.race([flushed, sleep(lastLinesMs, undefined, { ref: false })])
  }
  const destroy = (): void => {
    isOver = true
    output.destroy()
  }
  return {
    stream: { write: (line) => void write(format(line)) },
    lines: (watch) => {
      const state = watchOutput(output, watch)
      return {
        write(line) {
          const isTaken = write(line)
          if (!isTaken) state.isBad = true
          return isTaken && !state.isGone
        },
        reopen: () => {},
        async close() {
          await flush()
          return 0
        },
      }
    },
    flush,
    async end() {
      await flush()
      destroy()
    },
    destroy,
  }
}

/** Whether lines do not get through now, and whether the reader has gone: pino writes nothing any more then. */
function watchOutput(output: ReturnType<typeof destination>, watch: Parameters<LogOutput['lines']>[0]) {
  const state = { isBad: false, isGone: false }
  output.on('error', (error: NodeJS.ErrnoException) => {
    state.isGone ||= error.code === 'EPIPE'
    if (!state.isBad) watch.fails(error)
    state.isBad = true
  })
  output.on('write', () => {
    if (state.isBad && !state.isGone) watch.works()
    state.isBad = state.isGone
  })
  return state
}

const asItIs = (line: string): string => line

/** What a person can read, instead of JSON; what makes it so is loaded only then. */
async function readableLines(): Promise<(line: string) => string> {
  const { prettyFactory } = await import('pino-pretty')
  return prettyFactory({
    colorize: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname,event',
    singleLine: true,
  })
}

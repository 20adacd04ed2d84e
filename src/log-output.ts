import { setTimeout as sleep } from 'node:timers/promises'
import { type DestinationStream, destination } from 'pino'

/** How late a line may be written. */
const latestMs = 200
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
 * `isRead`: a person at a terminal reads them. Log lines are written a few kilobytes at a time, at most 200 ms late, and at the end of the process. Where nobody takes
 * them, or their disk is full, those that do not fit are dropped, and the gateway goes on serving. While there is nothing to
 * write nothing is done: pino's own `periodicFlush` wakes an idle process fifteen times a second.
 */
export async function openLogOutput({ isRead }: { readonly isRead: boolean }): Promise<LogOutput> {
  const format = isRead ? await readableLines() : asItIs
  const output = destination({ sync: false, minLength: 16_000, maxLength: 16_777_216 })
  output.on('error', () => {})
  let isDue = false
  const writeOut = () => {
    isDue = false
    output.flush()
  }
  const write = (line: string): void => {
    output.write(line)
    if (isDue) return
    isDue = true
    setTimeout(writeOut, latestMs).unref()
  }

  /**
   * A flush ends with what was being written when it was asked for; the next one writes what has come meanwhile, and the
   * last one the rest of that where it fills more than one piece.
   */
  const flush = async (): Promise<void> => {
    const flushed = (async () => {
      for (let round = 0; round < 3; round++) await new Promise((resolve) => output.flush(resolve))
    })()
    await Promise.race([flushed, sleep(lastLinesMs, undefined, { ref: false })])
  }
  return {
    stream: { write: (line) => write(format(line)) },
    lines: (watch) => {
      const state = watchOutput(output, watch)
      return {
        write(line) {
          state.isDropped = false
          write(line)
          return !state.isDropped && !state.isGone
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
      output.destroy()
    },
    destroy: () => output.destroy(),
  }
}

/** Whether the last line was dropped, and whether the reader has gone: pino writes nothing any more then. */
function watchOutput(output: ReturnType<typeof destination>, watch: Parameters<LogOutput['lines']>[0]) {
  const state = { isDropped: false, isGone: false }
  let isBad = false
  output.on('drop', () => {
    state.isDropped = true
    isBad = true
  })
  output.on('error', (error: NodeJS.ErrnoException) => {
    state.isGone ||= error.code === 'EPIPE'
    if (!isBad) watch.fails(error)
    isBad = true
  })
  output.on('write', () => {
    if (isBad && !state.isGone) watch.works()
    isBad = state.isGone
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

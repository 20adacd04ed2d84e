import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { GatheredLines } from '../gathered-lines.ts'
import type { LineOutlet, OutletWatch } from './line-outlet.ts'

/** After so long the reader of a pipe may have made room. */
const slowReaderMs = 10
/** How often what fails is tried again, and how often it is looked whether the file is still the one with its name. */
const lookEveryMs = 1_000
/** Of the lines that wait, about 20,000; when there were more, there is room again at half of it. */
const mostBytes = 8_388_608
/** Lines that come within this time are written together: what a process loses that is killed at once. */
const gatherMs = 50
/** How long lines are waited for at the end. */
const lastLinesMs = 1_000

/** Never waits: not for the reader of a pipe, at opening (`ENXIO`) and at writing (`EAGAIN`). */
const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK
const ownerOnly = 0o600

/**
 * Appends lines to a file, in the background and one piece after the other. When the file is moved away, as logrotate does,
 * it is made anew within a second, and no line is cut. What cannot be written waits and is tried again; what there is no
 * room for is not taken.
 * @throws NodeJS.ErrnoException when it cannot be opened
 */
export function openLineFile(path: string, watch: OutletWatch): LineOutlet {
  closeSync(openSync(path, flags, ownerOnly))
  return new LineFile(path, watch)
}

class LineFile implements LineOutlet {
  readonly #path: string
  readonly #watch: OutletWatch
  readonly #waiting: Buffer[] = []
  /** Of what waits and is being written. */
  #bytes = 0
  readonly #gathered = new GatheredLines((piece) => this.#take(piece), gatherMs)
  #isFull = false
  #isFailing = false
  /** What is being written, or the rest of it. */
  #piece: Buffer | undefined
  #file: FileHandle | undefined
  #lookAt = 0
  #running: Promise<void> | undefined
  #isClosing = false
  #wake: () => void = () => {}

  constructor(path: string, watch: OutletWatch) {
    this.#path = path
    this.#watch = watch
  }

  write(line: string): boolean {
    if (this.#isFull || this.#isClosing || this.#bytes + this.#gathered.bytes + line.length > mostBytes) {
      this.#isFull = true
      return false
    }
    this.#gathered.add(line)
    return true
  }

  reopen(): void {
    this.#lookAt = 0
  }

  async close(): Promise<number> {
    this.#gathered.flush()
    this.#isClosing = true
    this.#wake()
    await Promise.race([this.#running, sleep(lastLinesMs, undefined, { ref: false })])
    await this.#file?.close().catch(() => {})
    const unwritten = this.#piece === undefined ? this.#waiting : [this.#piece, ...this.#waiting]
    return unwritten.reduce((lines, piece) => lines + linesIn(piece), 0)
  }

  #take(piece: Buffer): void {
    this.#waiting.push(piece)
    this.#bytes += piece.length
    this.#running ??= this.#run()
  }

  async #run(): Promise<void> {
    while (this.#bytes > 0) {
      try {
        await this.#writePiece()
        this.#works()
      } catch (error) {
        const isSlow = (error as NodeJS.ErrnoException).code === 'EAGAIN'
        // Only when there is no room any more is a slow reader of a pipe a failure.
        if (!isSlow || this.#isFull) this.#fails(error as NodeJS.ErrnoException)
        if (this.#isClosing) break
        await this.#pause(isSlow ? slowReaderMs : lookEveryMs)
      }
    }
    this.#running = undefined
  }

  async #writePiece(): Promise<void> {
    // The rest of a piece goes where its beginning went.
    if (this.#piece === undefined) await this.#follow()
    this.#piece ??= this.#waiting.shift() as Buffer
    const { bytesWritten } = await (this.#file as FileHandle).write(this.#piece)
    this.#bytes -= bytesWritten
    const rest = this.#piece.subarray(bytesWritten)
    if (rest.length === 0) this.#gathered.giveBack(this.#piece)
    this.#piece = rest.length === 0 ? undefined : rest
  }

  /** Opens the file, or the one that has its name now. */
  async #follow(): Promise<void> {
    const now = performance.now()
    if (this.#file !== undefined && now < this.#lookAt) return
    if (this.#file !== undefined && (await isSame(this.#file, this.#path))) {
      this.#lookAt = now + lookEveryMs
      return
    }
    const file = await open(this.#path, flags, ownerOnly)
    await this.#file?.close().catch(() => {})
    this.#file = file
    this.#lookAt = now + lookEveryMs
    if (endsWithinLine(this.#path, file.fd)) await file.write('\n')
  }

  #works(): void {
    if (!this.#isFailing && !this.#isFull) return
    if (this.#isFull && this.#bytes > mostBytes / 2) return
    this.#isFailing = false
    this.#isFull = false
    this.#watch.works()
  }

  #fails(error: NodeJS.ErrnoException): void {
    if (this.#isFailing) return
    this.#isFailing = true
    this.#watch.fails(error)
  }

  #pause(ms: number): Promise<void> {
    if (this.#isClosing) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms).unref()
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

async function isSame(file: FileHandle, path: string): Promise<boolean> {
  const named = await stat(path).catch(() => undefined)
  const { dev, ino } = await file.stat()
  return named?.ino === ino && named.dev === dev
}

/** True when a process died in the middle of a line. */
function endsWithinLine(path: string, fd: number): boolean {
  const { size } = fstatSync(fd)
  if (size === 0) return false
  const last = Buffer.alloc(1)
  const reader = openSync(path, 'r')
  readSync(reader, last, 0, 1, size - 1)
  closeSync(reader)
  return last.toString() !== '\n'
}

function linesIn(piece: Buffer): number {
  return piece.toString().split('\n').length - 1
}

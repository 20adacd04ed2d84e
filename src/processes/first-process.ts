import { type ChildProcess, fork } from 'node:child_process'
import { getHeapStatistics } from 'node:v8'
import { pino } from 'pino'
import { gatherMetrics } from './gather-metrics.ts'
import type { FromServing, Ports } from './messages.ts'
import { passLinesOn } from './pass-lines-on.ts'

/**
 * The first of several processes (`WORKERS`): it begins those that serve, all of which listen at the same address, begins
 * another where one has ended, and ends when they have. It serves nobody itself.
 */

const megabyte = 1024 * 1024
/** V8 manages with less, and collects garbage all the time then. */
const leastHeapMb = 256
/** Of the memory; the rest is for what is no heap. */
const heapPart = 0.6
/** Before another one is begun for one that has ended: at once for one that served. */
const againMs = { served: 0, neverServed: 5_000 }

const count = Number(process.env.WORKERS)
const logger = pino({ level: process.env.LOG_LEVEL || 'info' }, process.stdout)
/** By their number, from 1, which is handed on to whoever comes after them. */
const serving = new Map<number, ChildProcess>()
/** Where the first one listens, and so all others. */
let ports: Ports | undefined
let isEnding = false
let worstExit = 0

// Where nobody reads what is printed the others serve on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, end)
process.on('SIGHUP', () => tellAll('SIGHUP'))

const metrics = gatherMetrics(serving)
const execArgv = [...process.execArgv, ...heapOfEach()]
// Alone: a mistake in the configuration is told once.
begin(1)

/** Node makes the heap of a process as large as the container's memory allows one: each has its share of that. */
function heapOfEach(): readonly string[] {
  const allowed = process.constrainedMemory()
  const shareMb = Math.max(leastHeapMb, Math.floor((allowed * heapPart) / megabyte / count))
  const ownMb = getHeapStatistics().heap_size_limit / megabyte
  return allowed > 0 && shareMb < ownMb ? [`--max-old-space-size=${shareMb}`] : []
}

function begin(number: number): void {
  const child = fork(process.argv[1] as string, {
    execArgv,
    env: { ...process.env, ...ports, GATEWAY_PROCESS: String(number) },
    silent: true,
  })
  serving.set(number, child)
  passLinesOn(child.stdout, process.stdout)
  passLinesOn(child.stderr, process.stderr)
  let hasServed = false
  child.on('message', (message: FromServing) => {
    if (!('listening' in message)) return metrics.take(child, message)
    hasServed = true
    if (ports !== undefined) return
    ports = message.listening
    for (let next = 2; next <= count; next++) begin(next)
  })
  child.once('exit', (code, signal) => {
    serving.delete(number)
    if (isEnding) return ended(code ?? 1)
    if (ports === undefined) process.exit(code ?? 1)
    logger.error({ event: 'process_ended', process: number, code, signal }, 'A process has ended, and another begins.')
    setTimeout(() => isEnding || begin(number), hasServed ? againMs.served : againMs.neverServed)
  })
}

function end(): void {
  isEnding = true
  if (serving.size === 0) process.exit(worstExit)
  tellAll('SIGTERM')
}

function tellAll(signal: NodeJS.Signals): void {
  for (const child of serving.values()) child.kill(signal)
}

function ended(code: number): void {
  worstExit = Math.max(worstExit, code)
  if (serving.size === 0) process.exit(worstExit)
}

import cluster, { type Worker } from 'node:cluster'
import { getHeapStatistics } from 'node:v8'
import { pino } from 'pino'
import { gatherMetrics } from './gather-metrics.ts'
import { passLinesOn } from './pass-lines-on.ts'

/**
 * The first of several processes (`WORKERS`): it begins those that serve, which share its address, hands them connections in
 * turn, begins another where one has ended, and ends when they have. It serves nobody itself.
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
const serving = new Map<number, Worker>()
let isEnding = false
let worstExit = 0

// Where nobody reads what is printed the others serve on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

cluster.setupPrimary({
  exec: new URL('../start.js', import.meta.url).pathname,
  execArgv: [...process.execArgv, ...heapOfEach()],
  silent: true,
})
cluster.schedulingPolicy = cluster.SCHED_RR
gatherMetrics(serving)

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, end)
process.on('SIGHUP', () => tellAll('SIGHUP'))

// A mistake in the configuration is told by the first one, once.
begin(1, () => {
  for (let number = 2; number <= count; number++) begin(number)
})

/** Node makes the heap of a process as large as the container's memory allows one: each has its share of that. */
function heapOfEach(): readonly string[] {
  const allowed = process.constrainedMemory()
  const shareMb = Math.max(leastHeapMb, Math.floor((allowed * heapPart) / megabyte / count))
  const ownMb = getHeapStatistics().heap_size_limit / megabyte
  return allowed > 0 && shareMb < ownMb ? [`--max-old-space-size=${shareMb}`] : []
}

function begin(number: number, onListening: () => void = () => {}): void {
  const worker = cluster.fork()
  serving.set(number, worker)
  passLinesOn(worker.process.stdout, process.stdout)
  passLinesOn(worker.process.stderr, process.stderr)
  let hasServed = false
  worker.once('listening', () => {
    hasServed = true
    onListening()
  })
  worker.once('exit', (code, signal) => {
    serving.delete(number)
    if (isEnding) return ended(code ?? 1)
    if (!hasServed && serving.size === 0) return process.exit(code ?? 1)
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
  for (const worker of serving.values()) worker.process.kill(signal)
}

function ended(code: number): void {
  worstExit = Math.max(worstExit, code)
  if (serving.size === 0) process.exit(worstExit)
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

/** Load generator, upstream and Redis share a core; the system under test has the other for itself. */
export const loadCore = 0
export const testedCore = 1

/** What the figures were measured on. */
export function describeMachine() {
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).stdout.trim()
  const changed = spawnSync('git', ['status', '--short', 'src'], { cwd: root, encoding: 'utf8' }).stdout.trim() !== ''
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    node: process.version,
    commit: changed ? `${commit} with changes in src` : commit,
    loadBefore: loadavg()[0] ?? 0,
  }
}

/** Figures of a process, from the kernel's own accounting. */
export type Usage = {
  /** Processor time of all its threads, in microseconds (the kernel counts in steps of 10 ms). */
  readonly cpuMicros: number
  /** Resident memory now, and at its peak since it started, in MB. */
  readonly residentMb: number
  readonly peakMb: number
}

export type Started = { readonly child: ChildProcess; readonly pid: number; stop(): Promise<void> }

/** The number of one core, or of several. */
export type Cores = number | readonly number[]

export type StartOptions = {
  readonly core: Cores
  /** It comes before the others of its core, where the system allows that: where not, `nice` says so and it is like them. */
  readonly isPunctual?: boolean
  readonly env?: Readonly<Record<string, string>>
  /** `ipc`: a channel for messages. Standard output is dropped unless a file descriptor is given. */
  readonly ipc?: boolean
  readonly stdout?: number
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a program that may run on one core alone. It does not outlive this process. */
export function startPinned(command: readonly string[], options: StartOptions): Started {
  const { core, isPunctual = false, env = {}, ipc, stdout } = options
  // Not a real-time class: V8's threads wait for each other in loops, which would never end there.
  const before = isPunctual ? ['nice', '-n', '-15'] : []
  const child = spawn('taskset', ['-c', [core].flat().join(), ...before, ...command], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', stdout ?? 'ignore', 'inherit', ...(ipc === true ? (['ipc'] as const) : [])],
  })
  running.add(child)
  const ended = once(child, 'exit').then(() => running.delete(child))
  return {
    child,
    // taskset and nice become the program, so that it is the same process.
    pid: child.pid as number,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await ended
      clearTimeout(late)
    },
  }
}

/** Starts a TypeScript file of this folder and waits for its first message, which it sends when it is ready. */
export async function startScript<Ready>(
  file: string,
  core: Cores,
  args: readonly string[] = [],
  isPunctual = false,
): Promise<{ readonly started: Started; readonly ready: Ready }> {
  const started = startPinned([process.execPath, join(import.meta.dirname, file), ...args], {
    core,
    isPunctual,
    ipc: true,
  })
  const early = once(started.child, 'exit').then(([code]) => {
    throw new Error(`${file} ended with ${code}`)
  })
  early.catch(() => {})
  const [ready] = await Promise.race([once(started.child, 'message'), early])
  return { started, ready: ready as Ready }
}

/** What a process has used so far, with the processes that it started itself. */
export function usageOf(pid: number): Usage {
  const usages = [pid, ...childrenOf(pid)].map(usageOfOne)
  return {
    cpuMicros: usages.reduce((sum, { cpuMicros }) => sum + cpuMicros, 0),
    residentMb: usages.reduce((sum, { residentMb }) => sum + residentMb, 0),
    peakMb: usages.reduce((sum, { peakMb }) => sum + peakMb, 0),
  }
}

/** The same for the process alone. */
export function usageOfOne(pid: number): Usage {
  // The name in the second field may hold anything; the others follow its closing parenthesis.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1024
  return {
    cpuMicros: (Number(fields[11]) + Number(fields[12])) * 10_000,
    residentMb: megabytes('VmRSS'),
    peakMb: megabytes('VmHWM'),
  }
}

/** How often the threads of a process have woken up so far, of themselves: switches of context that they asked for. */
export function wakeUpsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8'))
    .reduce((sum, status) => sum + Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0), 0)
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

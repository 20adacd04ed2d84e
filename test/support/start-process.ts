import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { startArguments } from '../../scripts/start-arguments.ts'
import { gatewayProgram } from './programs.ts'

const root = join(import.meta.dirname, '../..')

export type GatewayProcess = {
  /** Resolves when the output matches; rejects, with the output, when the process ends before that, or after `withinMs` (15 s). */
  readonly printed: (pattern: RegExp, withinMs?: number) => Promise<RegExpExecArray>
  readonly child: ChildProcess
  /** Everything that came on standard output and standard error so far. */
  readonly output: () => string
  /** The address of the log line `{"event":"listening","url":…}`. */
  readonly url: string
  /** Resolves with the exit code, or the signal's name. */
  readonly ended: Promise<number | string>
}

type Environment = Readonly<Record<string, string | undefined>>

/** Starts the gateway as the image does, with the flags of `npm start`; nothing of this process' own environment but PATH and HOME gets in. */
export function spawnGateway(env: Environment): Omit<GatewayProcess, 'url'> {
  const { flags } = startArguments(root)
  const child = spawn(process.execPath, [...flags, gatewayProgram], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // A test run that ends without stopping it must not leave it behind.
  const killAtExit = () => child.kill('SIGKILL')
  process.once('exit', killAtExit)
  child.once('exit', () => process.removeListener('exit', killAtExit))
  let text = ''
  const ended = new Promise<number | string>((resolve) =>
    child.on('exit', (code, signal) => resolve(code ?? signal ?? -1)),
  )
  const waiting = new Set<() => void>()
  const read = (chunk: Buffer) => {
    text += chunk
    for (const look of waiting) look()
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  const printed = (pattern: RegExp, withinMs = 15_000) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const settle = () => {
        waiting.delete(look)
        clearTimeout(timer)
      }
      const look = () => {
        const match = pattern.exec(text)
        if (match === null) return
        settle()
        resolve(match)
      }
      const timer = setTimeout(() => {
        settle()
        reject(new Error(`did not print ${pattern} within ${withinMs} ms:\n${text}`))
      }, withinMs)
      waiting.add(look)
      look()
      ended.then((how) => {
        settle()
        reject(new Error(`ended with ${how} before it printed ${pattern}:\n${text}`))
      })
    })
  return { child, output: () => text, printed, ended }
}

/** On a machine that is busy with many starts at once. */
const longestStartMs = 55_000

/** Starts a gateway process and waits until it listens. */
export async function startProcess(env: Environment): Promise<GatewayProcess> {
  const started = spawnGateway({ PORT: '0', ...env })
  const [, url] = await started.printed(/"event":"listening","url":"([^"]+)"/, longestStartMs).catch((error) => {
    started.child.kill('SIGKILL')
    throw error
  })
  return { ...started, url: url as string }
}

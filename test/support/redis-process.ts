import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ownPort } from './own-port.ts'
import { type RedisStart, type RunningRedis, redisArguments, untilAnswering } from './redis-server.ts'

/** Runs the `redis-server` at `path` on a free port, its data in a temporary directory. */
export async function startProcess(path: string, options: RedisStart): Promise<RunningRedis> {
  const directory = mkdtempSync(join(tmpdir(), 'contact-gateway-redis-'))
  const port = await ownPort()
  const launch = () => launchProcess(path, port, directory, options)
  let child = await launch()
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  // A test that fails may stop the server while it is being restarted: one thing after the other.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = (action: () => Promise<void>) => {
    const done = last.then(action)
    last = done.catch(() => {})
    return done
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill: () => inTurn(kill),
    restart: () =>
      inTurn(async () => {
        await kill()
        child = await launch()
      }),
    pause: () => inTurn(async () => void child.kill('SIGSTOP')),
    resume: () => inTurn(async () => void child.kill('SIGCONT')),
    stop: () =>
      inTurn(async () => {
        await kill()
        rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
      }),
  }
}

async function launchProcess(
  path: string,
  port: number,
  directory: string,
  options: RedisStart,
): Promise<ChildProcess> {
  const child = spawn(
    path,
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, ...redisArguments(options)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  // A test run that ends without stopping it must not leave it behind.
  const killAtExit = () => child.kill('SIGKILL')
  process.once('exit', killAtExit)
  child.once('exit', () => process.removeListener('exit', killAtExit))
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4000)
  })
  await untilAnswering(port, () => {
    if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}:\n${output}`)
  })
  return child
}

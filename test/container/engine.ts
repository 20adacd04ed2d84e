import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

export const root = join(import.meta.dirname, '../..')
export const image = 'contact-gateway:local'
const runFile = promisify(execFile)

/** Runs a program; its standard output, or an error that holds all that it said. */
export async function run(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const options = { cwd: root, env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 }
  const { stdout } = await runFile(file, args, options).catch((error: Error & { stdout?: string; stderr?: string }) => {
    throw new Error(`${file} ${args.join(' ')}\n${error.stdout ?? ''}\n${error.stderr ?? error.message}`)
  })
  return stdout.trim()
}

export const docker = (...args: string[]) => run('docker', args)

export async function buildImage(): Promise<void> {
  await docker('version', '--format', '{{.Server.Version}}')
  await docker('build', '--quiet', '--tag', image, '--build-arg', 'REVISION=c0ffee', '.')
}

/** Asks until the answer is there; what is still missing at the end is the error. */
export async function until<Value>(
  what: string,
  seconds: number,
  ask: () => Promise<Value | undefined>,
): Promise<Value> {
  let last: unknown
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await wait(250)) {
    const value = await ask().catch((error: unknown) => {
      last = error
      return undefined
    })
    if (value !== undefined) return value
  }
  throw new Error(`not within ${seconds} s: ${what}`, { cause: last })
}

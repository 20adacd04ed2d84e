import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { isLongRun } from '../support/long-run.ts'

const here = import.meta.dirname
const lock = join(here, '.installing')
const longestMs = 240_000
/** What was installed last: a lock file that has changed since asks for another installation. */
const installed = join(here, 'node_modules/.installed-from')
const wanted = readFileSync(join(here, 'package-lock.json'), 'utf8')

/** The program of a generator, once `installTools` has ended. */
export function tool(name: string): string {
  return join(here, 'node_modules/.bin', name)
}

/**
 * The compiler of teams: the project's own, which takes half the time that TypeScript 5 takes. `LONG_RUN=1`: TypeScript 5, which
 * most teams have.
 */
export const compiler = isLongRun ? tool('tsc') : join(here, '../../node_modules/.bin/tsc')

/** Installs the generators of this folder, unless they are there; test files that need them may do so at the same time. */
export async function installTools(): Promise<void> {
  for (const startedAt = performance.now(); performance.now() - startedAt < longestMs; await wait(250)) {
    if (isDone()) return
    if (!take()) continue
    try {
      if (!isDone()) await install()
      return
    } finally {
      rmdirSync(lock)
    }
  }
  throw new Error(`The generators were not installed within ${longestMs} ms. Is ${lock} left over? Then remove it.`)
}

async function install(): Promise<void> {
  await promisify(execFile)('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here })
  writeFileSync(installed, wanted)
}

function isDone(): boolean {
  return existsSync(installed) && readFileSync(installed, 'utf8') === wanted
}

/** False: another has the lock. */
function take(): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

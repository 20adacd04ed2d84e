import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { Mutant } from './find-mutants.ts'
import type { Sources } from './nearest-tests.ts'

export type Fate = 'killed' | 'timed out' | 'survived'

/** Vitest's own, as far as it is looked at here. */
type Report = { readonly testResults: readonly { readonly name: string; readonly status: string }[] }

/** A copy of a checkout with its libraries, to be spoilt. */
export type Copy = {
  readonly sources: Sources
  /** Whether this command succeeds as the files are, however long it takes. */
  succeeds(command: readonly string[]): Promise<boolean>
  /** Those of these test files that fail as the files are. */
  failing(tests: readonly string[]): Promise<readonly string[]>
  /** What this command makes of a mutant in its file, which is as it was afterwards. */
  runWith(mutant: Mutant, command: readonly string[]): Promise<Fate>
  remove(): void
}

/** Copies what git knows of the checkout, and what is new in it. A mutant may take `timeoutMs`. */
export function copyCheckout(checkout: string, timeoutMs: number): Copy {
  const root = mkdtempSync(join(tmpdir(), 'gateway-mutants-'))
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: checkout,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const files = listed.split('\0').filter((file) => file !== '')
  for (const file of files) {
    mkdirSync(join(root, dirname(file)), { recursive: true })
    cpSync(join(checkout, file), join(root, file), { force: true })
  }
  symlinkSync(join(checkout, 'node_modules'), join(root, 'node_modules'))
  const sources = new Map(
    files
      .filter((file) => /^(src|test)\/.*\.ts$/.test(file))
      .map((file) => [file, readFileSync(join(root, file), 'utf8')]),
  )
  return {
    sources,
    succeeds: async (command) => (await runCommand(root, command)) === 'survived',
    async failing(tests) {
      const report = join(root, 'report.json')
      await runCommand(root, ['npx', 'vitest', 'run', '--reporter=json', `--outputFile=${report}`, ...tests])
      const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report
      return testResults
        .filter(({ status }) => status !== 'passed')
        .map(({ name }) => relative(realpathSync(root), name))
    },
    async runWith({ file, start, end, becomes }, command) {
      const path = join(root, 'src', file)
      const text = sources.get(`src/${file}`) as string
      writeFileSync(path, text.slice(0, start) + becomes + text.slice(end))
      try {
        return await runCommand(root, command, timeoutMs)
      } finally {
        writeFileSync(path, text)
      }
    },
    remove: () => rmSync(root, { recursive: true, maxRetries: 5 }),
  }
}

/** In a process group of its own, so that a run that hangs leaves nothing behind. */
function runCommand(cwd: string, [program = '', ...args]: readonly string[], timeoutMs?: number): Promise<Fate> {
  const child = spawn(program, args, { cwd, stdio: 'ignore', detached: true })
  const killAll = () => process.kill(-(child.pid as number), 'SIGKILL')
  const { promise, resolve, reject } = Promise.withResolvers<Fate>()
  const giveUp = () => {
    killAll()
    resolve('timed out')
  }
  const timer = timeoutMs === undefined ? undefined : setTimeout(giveUp, timeoutMs)
  child.on('error', reject)
  child.on('exit', (code) => {
    clearTimeout(timer)
    resolve(code === 0 ? 'survived' : 'killed')
  })
  return promise
}

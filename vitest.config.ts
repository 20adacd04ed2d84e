import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

/** It starts a small program of its own. */
const withProcess = 'test/providers/execute-retry-after.test.ts'
/** What `npm run test:quick` runs: no process, no Redis (there is none to be had in that project). */
const quick = globSync(
  [
    'test/{config,domain,imports,metrics,providers,services,transport}/**/*.test.ts',
    'test/store/sealing/**/*.test.ts',
    'test/{architecture,openapi}.test.ts',
  ],
  { cwd: import.meta.dirname },
).filter((file) => file !== withProcess)
/** What puts another module in the place of one would do so for the files that come after it in the same worker. */
const apart = globSync('test/**/*.test.ts', { cwd: import.meta.dirname, exclude: ['**/node_modules/**'] }).filter(
  (file) => readFileSync(join(import.meta.dirname, file), 'utf8').includes('vi.mock('),
)
/** What compares times, or counts what is done again where an answer is late, is run when the machine has less to do. */
const measuring = [
  'test/audit/{line-file,process}.test.ts',
  'test/expressions.test.ts',
  'test/http/{answer-matrix,fault-matrix,inspect,loop-delay,provider-faults,resilience-outage,suppressed-waits}.test.ts',
  'test/integration/{hanging-account,neighbours,rolling-restart,suppressions-unseen}.test.ts',
  'test/made-up/pigeon-faults.test.ts',
]
/** What programs of others are needed for. */
export const interop = ['test/client/**/*.test.ts', 'test/operate/alerts.test.ts']
// They need a browser, a Docker engine, or what is installed on the way, and have configurations of their own.
const elsewhere = [...configDefaults.exclude, 'test/browser/**', 'test/container/**', ...interop]

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'quick', include: quick, exclude: elsewhere },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: [...elsewhere, ...quick, ...apart, ...measuring],
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'apart',
          include: apart,
          exclude: elsewhere,
          globalSetup: ['test/support/global-setup.ts'],
          isolate: true,
        },
      },
      {
        extends: true,
        test: {
          name: 'measuring',
          include: measuring,
          exclude: elsewhere,
          globalSetup: ['test/support/global-setup.ts'],
          // After all the others.
          sequence: { groupOrder: 1 },
          maxWorkers: 3,
        },
      },
    ],
    // A thread that does not end holds up the whole run, and nobody can kill it: Node 26 sometimes waits for ever for a
    // handle that is closed already. Processes are as fast where each goes on from file to file.
    pool: 'forks',
    // A worker goes on from file to file: a fresh one loads and warms up the whole gateway anew, a third of all time.
    isolate: false,
    // More than CI has cores: most of the time a file waits.
    maxWorkers: 6,
    // Tests of a file that run together wait for timeouts and second tries, and need little of the machine.
    maxConcurrency: 16,
    // Programs that tests start need not compile anew what the one before has compiled.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/contact-gateway') },
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000,
    // What is waited for comes when the machine has time for it; who waits is told at once.
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 60_000,
    // A test that leaves a timer or a socket behind must not hold up the run for long.
    teardownTimeout: 5_000,
    restoreMocks: true,
  },
})

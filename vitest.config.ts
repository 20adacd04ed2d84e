import { globSync } from 'node:fs'
import { configDefaults, defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

/** It starts a small program of its own. */
const withProcess = 'test/providers/execute-retry-after.test.ts'
/** What `npm run test:quick` runs: no process, no Redis (there is none to be had in that project). */
const quick = globSync(
  [
    'test/{config,domain,imports,metrics,providers,services,transport}/**/*.test.ts',
    'test/{architecture,openapi}.test.ts',
  ],
  { cwd: import.meta.dirname },
).filter((file) => file !== withProcess)
// They need a browser, or a Docker engine, and have configurations of their own.
const elsewhere = [...configDefaults.exclude, 'test/browser/**', 'test/container/**']

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        // In workers that go on from file to file: a fresh one for each takes as long as its tests.
        test: { name: 'quick', include: quick, exclude: elsewhere, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: [...elsewhere, ...quick],
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
    ],
    // Worker threads start several times faster than processes, and no test needs a process of its own: what must be
    // killed is started as a child.
    pool: 'threads',
    // As many as CI has cores: a file that waits leaves its core to another one. Vitest itself would take one.
    maxWorkers: 2,
    // CI shares two noisy cores with whatever else runs there; what was tried again is marked in the output.
    retry: process.env.CI === undefined ? 0 : 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // A test that leaves a timer or a socket behind must not hold up the run for long.
    teardownTimeout: 5_000,
    restoreMocks: true,
  },
})

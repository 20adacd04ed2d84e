import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need a browser, or a Docker engine, and have configurations of their own.
    exclude: [...configDefaults.exclude, 'test/browser/**', 'test/container/**'],
    globalSetup: ['test/support/global-setup.ts'],
    // Worker threads start several times faster than processes, and no test needs a process of its own: what must be
    // killed is started as a child.
    pool: 'threads',
    // CI shares two noisy cores with whatever else runs there; what was tried again is marked in the output.
    retry: process.env.CI === undefined ? 0 : 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // A test that leaves a timer or a socket behind must not hold up the run for long.
    teardownTimeout: 5_000,
    restoreMocks: true,
  },
})

import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

/** They measure time, and have the machine for themselves. */
const timed = ['test/browser/console-large-file.test.ts', 'test/browser/console-paint.test.ts']

/** `npm run test:browser`: the console and Swagger UI in a real browser. Needs a Chromium (CHROMIUM_PATH, or /usr/bin/chromium). */
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        // As many as CI has cores: a page that is looked at needs one of its own.
        test: {
          name: 'pages',
          include: ['test/browser/**/*.test.ts'],
          exclude: timed,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'timed', include: timed, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
    // What tests start as processes.
    globalSetup: ['test/support/build-programs.ts'],
    pool: 'forks',
    isolate: false,
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/contact-gateway') },
    sequence: { sequencer: LongestFirst },
    // A browser on a busy machine.
    testTimeout: 90_000,
    hookTimeout: 60_000,
    // What is waited for comes when the machine has time for it; who waits is told at once.
    expect: { poll: { timeout: 15_000 } },
  },
})

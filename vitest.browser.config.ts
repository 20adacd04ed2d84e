import { defineConfig } from 'vitest/config'

/** `npm run test:browser`: Swagger UI in a real browser. Needs a Chromium (CHROMIUM_PATH, or /usr/bin/chromium). */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    // A browser on a busy machine.
    testTimeout: 90_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
})

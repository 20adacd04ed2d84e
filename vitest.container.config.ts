import { defineConfig } from 'vitest/config'

/** `npm run test:container`: the image and docker-compose.yml. Needs a Docker engine, and fails without one. */
export default defineConfig({
  test: {
    include: ['test/container/**/*.test.ts'],
    testTimeout: 120_000,
    // `docker build` installs the dependencies.
    hookTimeout: 420_000,
    fileParallelism: false,
    bail: 1,
  },
})

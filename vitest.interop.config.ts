import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { interop } from './vitest.config.ts'

/**
 * `npm run test:interop`: programs of others against what the gateway promises them: generators and a checking proxy against
 * the OpenAPI document, Prometheus against the metrics and the alert rules. They are installed on the way.
 */
export default defineConfig({
  test: {
    include: interop,
    globalSetup: ['test/support/build-programs.ts'],
    pool: 'forks',
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/contact-gateway') },
    testTimeout: 20_000,
    // What is waited for comes when the machine has time for it; who waits is told at once.
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 300_000,
  },
})

import { statSync } from 'node:fs'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** How long a file of these folders takes about, where no run on this machine has told. */
const usualMs: Readonly<Record<string, number>> = { integration: 30_000, client: 30_000, cli: 20_000, http: 10_000 }

/**
 * Starts the test files that take longest first, of whatever project, so that a run does not end with one file that all
 * wait for. How long they take is known from the last run, if there was one.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const expectedMs = new Map(files.map((file) => [file, this.#expectedMs(file)]))
    return files.toSorted((one, other) => (expectedMs.get(other) ?? 0) - (expectedMs.get(one) ?? 0))
  }

  #expectedMs(file: TestSpecification): number {
    const measured = this.ctx.cache.getTestSpecificationResult(file)?.duration
    if (measured !== undefined && measured > 0) return measured
    const folder = /\/test\/([^/]+)\//.exec(file.moduleId)?.[1] ?? ''
    // A long file has many tests: one more millisecond for each of its bytes.
    return (usualMs[folder] ?? 0) + statSync(file.moduleId).size
  }
}
